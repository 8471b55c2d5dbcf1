// A change of the configuration, handed to those whose settings it is, while everything runs.
import { buildMount, buildPlaylist, type Shared } from "./build-mount.ts";
import type { Config } from "./config/config.ts";
import { defaultPasswordWarnings } from "./config/default-passwords.ts";
import { diffConfig, type MountChange, sameSetting } from "./config/diff.ts";
import type { Clock } from "./lib/clock.ts";
import type { Pump } from "./output/pump.ts";
import type { ListenerLimit } from "./output/audience/listener-limit.ts";
import type { MountParts, Mounts } from "./mounts.ts";

interface Running {
  readonly mounts: Mounts;
  readonly pump: Pump;
  readonly shared: Shared;
  readonly clock: Clock;
}

/** Throws, having changed nothing, when a new mount's memory is not to be had. */
export function applyConfig(before: Config, next: Config, running: Running): void {
  const diff = diffConfig(before, next);
  const added = diff.added.map((mount) => buildMount(mount, running.shared));
  running.pump.reconfigure(next.broadcaster);
  for (const change of diff.changed) changeMount(change, running);
  for (const parts of added) openMount(parts, running);
  for (const { path } of diff.removed) removeMount(path, running);
  running.mounts.arrange(next.mounts.map(({ path }) => path));
}

function changeMount({ before, after }: MountChange, { mounts, shared, clock }: Running): void {
  const parts = mounts.find(after.path);
  if (parts === undefined) return;
  const { mount } = parts;
  mount.reconfigure(after);
  if (sameSetting(before.playlist, after.playlist)) return;
  const old = mount.inputs.filter(({ player }) => player !== undefined);
  const playlist = buildPlaylist(mount, shared);
  mount.attach(playlist);
  for (const input of old) {
    mount.detach(input, clock.nowMs());
    void input.close?.("its settings have changed");
  }
  void playlist.prepare?.();
}

function openMount(parts: MountParts, { mounts, pump }: Running): void {
  mounts.add(parts);
  pump.serve(parts.audience);
  for (const input of parts.mount.inputs) void input.prepare?.();
}

const REMOVED = "the mount was removed";

/** Its listeners are ended, and its source. */
function removeMount(path: string, { mounts, clock }: Running): void {
  const parts = mounts.remove(path);
  if (parts === undefined) return;
  const { mount, audience } = parts;
  mount.endLive(REMOVED, clock.nowMs());
  audience.close(REMOVED);
  const closed = mount.inputs.map((input) => input.close?.(REMOVED));
  void Promise.allSettled(closed).then(() => mount.close());
}

/** What is unwise about a configuration, or does not fit this system's limits. */
export function warningsOf(config: Config, limit: ListenerLimit): string[] {
  const wanted = config.mounts.map(({ maxListeners }) => maxListeners);
  return [...config.warnings, ...defaultPasswordWarnings(config), ...limit.warnings(wanted)];
}

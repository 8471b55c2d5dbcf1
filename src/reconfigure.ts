// A change of the configuration, handed to those whose settings it is, while everything runs.
import { buildMount, type Shared } from "./build-mount.ts";
import { checkCrossfade } from "./config/check-crossfade.ts";
import type { Config } from "./config/config.ts";
import { defaultPasswordWarnings } from "./config/default-passwords.ts";
import { proxyWarnings } from "./config/proxy-warnings.ts";
import { diffConfig } from "./config/diff.ts";
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
  for (const { after } of diff.changed) running.mounts.find(after.path)?.mount.reconfigure(after);
  for (const parts of added) openMount(parts, running);
  for (const { path } of diff.removed) removeMount(path, running);
  running.mounts.arrange(next.mounts.map(({ path }) => path));
}

function openMount(parts: MountParts, { mounts, pump }: Running): void {
  mounts.add(parts);
  pump.serve(parts.audience);
  for (const input of parts.mount.inputs) void input.prepare?.();
}

const REMOVED = "the mount was removed";

/** Its source is ended, and its listeners if they cannot move to its fallback. */
function removeMount(path: string, { mounts, clock, shared }: Running): void {
  const parts = mounts.remove(path);
  if (parts === undefined) return;
  const { mount, audience } = parts;
  shared.fallbacks.remove(audience);
  mount.endLive(REMOVED, clock.nowMs());
  audience.close(REMOVED);
  const closed = mount.inputs.map((input) => input.close?.(REMOVED));
  void Promise.allSettled(closed).then(() => mount.close());
}

/** What is unwise about a configuration, or does not fit this system's limits. */
export function warningsOf(config: Config, limit: ListenerLimit): string[] {
  const wanted = config.mounts.map(({ maxListeners }) => maxListeners);
  const plain = [...defaultPasswordWarnings(config), ...proxyWarnings(config)];
  const unwise = [...plain, ...checkCrossfade(config)];
  return [...config.warnings, ...unwise, ...limit.warnings(wanted)];
}

// A change of the configuration, handed to those whose settings it is, while everything runs.
import { endLive } from "../mount/end-live.ts";
import { buildMount, reconfigureMount, type Shared } from "../assembly/build-mount.ts";
import { brandingWarnings } from "../config/branding-warnings.ts";
import { checkCrossfade } from "../config/check-crossfade.ts";
import type { Config, MountConfig } from "../config/config.ts";
import { defaultPasswordWarnings } from "../config/default-passwords.ts";
import { proxyWarnings } from "../config/proxy-warnings.ts";
import { hlsWarnings } from "../config/hls-warnings.ts";
import { recordingWarnings } from "../config/recording-warnings.ts";
import { relayWarnings } from "../config/relay-warnings.ts";
import { diffConfig } from "../config/diff.ts";
import type { Clock } from "../lib/clock.ts";
import type { Pump } from "../output/pump.ts";
import type { ListenerLimit } from "../output/audience/listener-limit.ts";
import type { MountParts, Mounts } from "../assembly/mounts.ts";

export interface Running {
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
  for (const { before: was, after } of diff.changed) {
    const parts = running.mounts.find(after.path);
    if (parts !== undefined) reconfigureMount(parts, after, running.shared);
    parts?.pushes.follow();
    parts?.hls.follow();
    if (was.fallback !== after.fallback)
      running.shared.fallbacks.setPath(after.path, after.fallback);
  }
  // One of another server may have been mirrored under its path.
  removeMounts(diff.added, running);
  for (const parts of added) openMount(parts, running);
  removeMounts(diff.removed, running);
  running.mounts.arrange(next.mounts.map(({ path }) => path));
  for (const { audience } of running.mounts.all) running.shared.fallbacks.follow(audience);
}

export function openMount(parts: MountParts, { mounts, pump }: Running): void {
  mounts.add(parts);
  pump.serve(parts.audience);
  for (const input of parts.mount.inputs) void input.prepare?.();
}

const REMOVED = "the mount was removed";

/** Their listeners move to fallbacks that stay. */
export function removeMounts(
  removed: readonly Pick<MountConfig, "path">[],
  running: Running,
): void {
  const { mounts, shared } = running;
  const all = removed.flatMap(({ path }) => mounts.remove(path) ?? []);
  for (const { audience } of all) shared.fallbacks.leave(audience);
  for (const parts of all) closeMount(parts, running);
}

/** Its source is ended, and the listeners that could not move, once they have heard the outro. */
function closeMount(parts: MountParts, { clock, shared }: Running): void {
  const { mount, audience, pushes } = parts;
  shared.fallbacks.forget(audience);
  const played = audience.count === 0 ? null : parts.outro();
  pushes.close();
  endLive(mount, REMOVED, clock.nowMs());
  if (played === null) endMount(parts);
  else void played.finally(() => endMount(parts));
}

function endMount({ mount, audience }: MountParts): void {
  audience.close(REMOVED);
  const closed = mount.inputs.map((input) => input.close?.(REMOVED));
  void Promise.allSettled(closed).then(() => mount.close());
}

/** What is unwise about a configuration, or does not fit this system's limits. */
export function warningsOf(config: Config, limit: ListenerLimit): string[] {
  const wanted = config.mounts.map(({ maxListeners }) => maxListeners);
  const plain = [
    ...defaultPasswordWarnings(config),
    ...proxyWarnings(config),
    ...brandingWarnings(config),
  ];
  const rest = [...recordingWarnings(config), ...relayWarnings(config), ...hlsWarnings(config)];
  const unwise = [...plain, ...checkCrossfade(config), ...rest];
  return [...config.warnings, ...unwise, ...limit.warnings(wanted)];
}

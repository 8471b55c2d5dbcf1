// A change of the configuration, handed to those whose settings it is, while everything runs.
import { buildFeeder, buildMount, type Shared } from "./build-mount.ts";
import type { Config } from "./config/config.ts";
import type { ConfigDiff, MountChange } from "./config/diff.ts";
import type { Clock } from "./lib/clock.ts";
import type { Pump } from "./listener/pump.ts";
import type { MountParts, Mounts } from "./mounts.ts";

interface Running {
  readonly mounts: Mounts;
  readonly pump: Pump;
  readonly shared: Shared;
  readonly clock: Clock;
}

/** Throws, having changed nothing, when a new mount's memory is not to be had. */
export function applyDiff(diff: ConfigDiff, next: Config, running: Running): void {
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
  const { mount, feeder } = parts;
  mount.reconfigure(after);
  if (JSON.stringify(before.playlist) === JSON.stringify(after.playlist)) return;
  parts.feeder = buildFeeder(mount, shared.disks);
  mount.attach(parts.feeder);
  mount.detach(feeder, clock.nowMs());
  void feeder.close();
  void parts.feeder.fill();
}

function openMount(parts: MountParts, { mounts, pump }: Running): void {
  mounts.add(parts);
  pump.serve(parts.audience);
  void parts.feeder.fill();
}

/** Its listeners are ended, and its source. */
function removeMount(path: string, { mounts, clock }: Running): void {
  const parts = mounts.remove(path);
  if (parts === undefined) return;
  const { mount, audience, feeder } = parts;
  mount.endLive("the mount was removed", clock.nowMs());
  audience.close("the mount was removed");
  void feeder.close().finally(() => mount.close());
}

// What a mount's HLS gets from the station.
import type { Clock } from "../lib/clock.ts";
import type { Mount } from "../mount/mount.ts";
import type { Airing } from "../mount/timeline.ts";
import type { GroupTimeline } from "./group-timeline.ts";
import type { KeptWindow } from "./kept-window.ts";
import type { Numbering } from "./numbering.ts";

export interface HlsRunContext {
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  /** Time of day at which the media timelines of all mounts are 0. */
  readonly epochMs: number;
  readonly numbering: Numbering;
  artworkIdOf(airing: Airing): string | null;
  /** The mount whose programme is heard by listeners of this one: itself, or a fallback that fits. */
  programmeOf(mount: Mount, fits: (fallback: Mount) => boolean): Mount;
  /** What an earlier run has left of a mount's playlist, once; null if nothing that players can go on with. */
  earlierOf(path: string): KeptWindow | null;
  /** A name that no other run has. */
  runName(): string;
  /** The timeline that the mounts of one group share; null for "". */
  groupNamed(name: string): GroupTimeline | null;
}

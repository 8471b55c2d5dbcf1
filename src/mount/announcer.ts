// Keeps a mount's timeline, and announces titles: when they are written, and when the burst position has reached them.
// Announces the bitrate too.
import type { Emitter } from "../lib/emitter.ts";
import type { MountEvents } from "./events.ts";
import type { Metadata } from "./metadata.ts";
import type { Input } from "./roles.ts";
import { type Airing, Timeline } from "./timeline.ts";

/** Smallest change of the average bitrate that is announced, in kbit/s. */
const BITRATE_STEP = 16;

export class Announcer {
  readonly timeline = new Timeline();
  /** Written, but not yet reached by the burst position. */
  #pending: readonly Airing[] = [];

  #knownBitrate = 0;

  constructor(private readonly events: Emitter<MountEvents>) {}

  /** An input has this metadata from here on. */
  note(onAir: Input | null, metadata: Metadata, fromSeconds: number): void {
    const { kind = "silence", showName = "", file = null, trackSeconds } = onAir ?? {};
    const { playedSeconds = 0 } = onAir ?? {};
    const airing = { fromSeconds, kind, showName, metadata, file, seconds: trackSeconds ?? null };
    const added = this.timeline.add(playedSeconds === 0 ? airing : { ...airing, playedSeconds });
    if (added === null) return;
    this.#pending = [...this.#pending, added];
    this.events.emit("titleWritten", added);
  }

  /** `joinSeconds`: where a new listener begins; read only while a title is pending. */
  heard(joinSeconds: () => number): void {
    while (this.#pending.length > 0) {
      const [next, ...later] = this.#pending;
      if (next === undefined || next.fromSeconds > joinSeconds()) return;
      this.#pending = later;
      this.events.emit("titleHeard", next);
    }
  }

  bitrate(kbps: number): void {
    if (Math.abs(kbps - this.#knownBitrate) < BITRATE_STEP) return;
    this.#knownBitrate = kbps;
    this.events.emit("bitrate", { kbps });
  }
}

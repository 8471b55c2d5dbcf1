// What a mount has played, by the station's calendar clock: the newest titles, and since when its live source is on air.
import type { Clock } from "../lib/clock.ts";
import { type Emitter, together } from "../lib/emitter.ts";
import type { MountEvents } from "./events.ts";
import type { Airing } from "./timeline.ts";

/** Plays in memory; the oldest go first. */
const MAX_KEPT = 200;

export interface Play {
  /** Grows from play to play, and from one start of the station to the next. */
  readonly id: number;
  readonly airing: Airing;
  /** When a listener who joined then began to hear it, in milliseconds since 1970; no two plays of the station have the same. */
  readonly startedMs: number;
  /** null while it is heard. */
  readonly endedMs: number | null;
}

export type EarlierPlay = Omit<Play, "id">;

function isTrack({ airing: { kind, metadata } }: Play): boolean {
  return kind !== "silence" && (metadata.title !== "" || metadata.artist !== "");
}

export class Plays {
  /** Of earlier runs. */
  #earlier: readonly Play[] = [];
  #plays: readonly Play[] = [];
  #liveSinceMs: number | null = null;

  /** `wall`: milliseconds since 1970, and never the same twice. */
  constructor(private readonly wall: Clock) {}

  /** Notes what this mount plays, until the returned subscription is disposed of. */
  follow(events: Emitter<MountEvents>): Disposable {
    return together([
      events.on("titleHeard", (airing) => this.add(airing)),
      events.on("onAir", ({ input }) => {
        this.#liveSinceMs = input?.isLive === true ? this.wall.nowMs() : null;
      }),
    ]);
  }

  /** When the live source went on air, in milliseconds since 1970; null while none is. */
  get liveSinceMs(): number | null {
    return this.#liveSinceMs;
  }

  /** What is heard now, silence included; null before the first audio. */
  get current(): Play | null {
    return this.#plays.at(-1) ?? null;
  }

  /** At most `count` titles, the newest first; `beforeMs`: only those that began earlier. */
  recent(count: number, beforeMs = Number.POSITIVE_INFINITY): Play[] {
    const all = [...this.#earlier, ...this.#plays].slice(-MAX_KEPT);
    const earlier = all.filter((play) => play.startedMs < beforeMs && isTrack(play));
    return earlier.slice(-count).reverse();
  }

  /** What was played in earlier runs, the newest first. */
  restore(earlier: readonly EarlierPlay[]): void {
    let { id, startedMs } = this.#plays[0] ?? { id: Infinity, startedMs: Infinity };
    const restored = earlier.slice(0, MAX_KEPT).flatMap((play): Play[] => {
      if (play.startedMs >= startedMs) return [];
      startedMs = play.startedMs;
      id = Math.min(Math.floor(startedMs / 1000), id - 1);
      return [{ ...play, id }];
    });
    this.#earlier = restored.reverse();
  }

  add(airing: Airing): void {
    const last = this.current;
    // No audio was written since the last one began: it was never heard.
    const isUnheard = last?.airing.fromSeconds === airing.fromSeconds;
    const startedMs = this.wall.nowMs();
    const id = Math.max(Math.floor(startedMs / 1000), (last?.id ?? 0) + 1);
    const before = isUnheard ? this.#plays.slice(0, -1) : this.#ended(startedMs);
    this.#plays = [...before, { id, airing, startedMs, endedMs: null }].slice(-MAX_KEPT);
  }

  #ended(endedMs: number): readonly Play[] {
    const last = this.current;
    return last === null ? [] : [...this.#plays.slice(0, -1), { ...last, endedMs }];
  }
}

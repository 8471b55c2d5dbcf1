// What the playlists of a station's mounts are from one run to the next: kept at the end, taken over at the start.
import type { Log } from "../lib/log.ts";
import { within } from "../lib/within.ts";
import type { Clock } from "../lib/clock.ts";
import type { HlsStream } from "./hls-stream.ts";
import { type Keepable, type KeptWindow, planShares, windowOf } from "./kept-window.ts";
import type { Numbering } from "./numbering.ts";
import { MAX_WINDOW_BYTES, type WindowFiles } from "./window-files.ts";

/** Players have given up by then, and who begins would hear what is long over. */
const USABLE_MS = 60_000;

/** Of a mount that nobody has asked for since, no player needs the playlist: they ask twice as often at least. */
const ASKED_MS = 60_000;

/** The end of the station waits this long for the disk. */
const KEEP_MS = 300;

/** A mount whose playlist gets no more segments in this run. */
export interface CompletedStream {
  readonly stream: Pick<HlsStream, "askedMs" | "bytes" | "mount">;
  readonly keepable: Keepable;
}

export class KeptWindows {
  /** By the mount's path. */
  readonly #earlier = new Map<string, KeptWindow>();
  #written: Promise<void> = Promise.resolve();

  constructor(
    private readonly files: WindowFiles,
    private readonly numbering: Numbering,
    private readonly wall: Clock,
    private readonly log: Log,
  ) {}

  /** Reads what the run before has left; behind its numbers. Never rejects. */
  async restore(): Promise<void> {
    for (const window of await this.files.take()) this.#earlier.set(window.path, window);
  }

  /** Once; null if there is none, or none that players can go on with. */
  take(path: string): KeptWindow | null {
    const window = this.#earlier.get(path);
    this.#earlier.delete(path);
    return window !== undefined && this.#isUsable(window) ? window : null;
  }

  /** Forgets those that nobody has taken: their mounts are gone, or have no HLS any more. */
  trim(): void {
    for (const [path, window] of this.#earlier)
      if (!this.#isUsable(window)) this.#earlier.delete(path);
  }

  get count(): number {
    return this.#earlier.size;
  }

  /** The clock may have been set meanwhile, and a run between may have crashed. */
  #isUsable({ path, stoppedMs, newest }: KeptWindow): boolean {
    const passedMs = this.wall.nowMs() - stoppedMs;
    const isYoung = passedMs >= 0 && passedMs < USABLE_MS;
    return isYoung && this.numbering.nextOf(path) === newest.number + 1;
  }

  /** Begins to write the playlists that have listeners; those that were asked for last go first. */
  keep(completed: readonly CompletedStream[]): void {
    const nowMs = this.wall.nowMs();
    const heard = completed.filter(({ stream }) => nowMs - stream.askedMs < ASKED_MS);
    heard.sort((a, b) => b.stream.askedMs - a.stream.askedMs);
    const counts = planShares(
      heard.map(({ keepable }) => keepable),
      MAX_WINDOW_BYTES,
    );
    const windows = heard.flatMap(({ stream, keepable }, i) => {
      const facts = { path: stream.mount.path, stoppedMs: nowMs };
      return windowOf(facts, keepable, counts[i] ?? 0, (file) => stream.bytes(file)) ?? [];
    });
    if (windows.length < heard.length)
      this.log.warn(`${heard.length - windows.length} HLS playlists are too large to be kept`);
    this.#written = this.files.put(windows);
  }

  /** When all is written, or the time for it is over. */
  async settled(): Promise<void> {
    await within(KEEP_MS, this.#written);
  }
}

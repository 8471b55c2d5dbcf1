// The newest segments of a mount, removed ones included that players may still ask for.
import { type Init, type MediaSegment, secondsOf } from "./media-segment.ts";

export class KeptSegments {
  #kept: readonly MediaSegment[] = [];

  /** `window` and `segmentSeconds` as configured. */
  add(segment: MediaSegment, window: number, segmentSeconds: number): void {
    this.#kept = latestOf([...this.#kept, segment], window, segmentSeconds);
  }

  /** Number of the oldest one; 0 if there is none. */
  get first(): number {
    return this.#kept[0]?.number ?? 0;
  }

  segment(number: number): MediaSegment | null {
    return this.#kept.find((one) => one.number === number) ?? null;
  }

  /** Oldest first. */
  get all(): readonly MediaSegment[] {
    return this.#kept;
  }

  /** One of them, or its file, has this name. */
  hasFile(name: string): boolean {
    return this.#kept.some(({ run }) => name.startsWith(`${run}-`));
  }

  init(run: string, index: number): Init | null {
    const isNamed = ({ init }: MediaSegment) => init?.run === run && init.index === index;
    return this.#kept.find(isNamed)?.init ?? null;
  }
}

/** What players may still ask for: as many seconds as two windows have, in shorter segments too. */
function latestOf(all: readonly MediaSegment[], window: number, segmentSeconds: number) {
  const needed = (2 * window + 1.5) * segmentSeconds;
  let [seconds, count] = [0, 0];
  for (const segment of all.toReversed()) {
    if (seconds >= needed) break;
    seconds += secondsOf(segment);
    count++;
  }
  return all.slice(-Math.min(count, 2 * (2 * window + 2)));
}

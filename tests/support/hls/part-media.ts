// What must hold for the bytes of the parts of a segment.
import { mp4Fragments } from "../mp4-boxes.ts";
import type { Part, Segment } from "./playlist-text.ts";
import type { Report } from "./problem.ts";
import { readTag } from "./segments.ts";

export class PartMedia {
  /** By the numbers of segments: their parts by index. */
  readonly #parts = new Map<number, Map<number, Uint8Array>>();

  constructor(private readonly report: Report) {}

  add({ number, index, url, map }: Part, bytes: Uint8Array): void {
    const media = mediaOf(map, bytes);
    if (media === null) return this.report("part-media", `${url} cannot be read`);
    const own = this.#parts.get(number) ?? new Map<number, Uint8Array>();
    this.#parts.set(number, own.set(index, media));
  }

  /** A segment whose parts were added before it, in a playlist that lists so many of them. */
  compare({ number, url, map }: Segment, count: number, bytes: Uint8Array): void {
    const own = this.#parts.get(number);
    this.#parts.delete(number);
    if (own === undefined || own.size !== count) return;
    const parts = [...own].toSorted(([one], [other]) => one - other).map(([, media]) => media);
    if (!Buffer.concat(parts).equals(mediaOf(map, bytes) ?? new Uint8Array(0)))
      this.report("part-media", `${url} is not its parts`);
  }
}

/** Frames or samples back to back; null if there is something else. */
function mediaOf(map: string | null, bytes: Uint8Array): Uint8Array | null {
  if (map === null) return readTag(bytes)?.audio ?? null;
  try {
    const samples = mp4Fragments(bytes).flatMap((fragment) => fragment.samples);
    return Buffer.concat(samples.map((sample) => sample.bytes));
  } catch {
    return null;
  }
}

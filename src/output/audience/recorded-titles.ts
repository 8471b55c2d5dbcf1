// Pure: the inline titles of a listener who hears recordings. A title is in the first block behind the frame with which it begins.
import { inlineTitle } from "../../mount/icy.ts";
import { NO_METADATA } from "../../mount/metadata.ts";
import type { TakenFrames, TitledPlace } from "./past-frames.ts";
import { withBlocks } from "./opening.ts";

/** A block is a multiple of these, and ends with a NUL. */
const UNIT_BYTES = 16;

export class RecordedTitles {
  /** Begun, and in no block yet. */
  #due: TitledPlace | null = null;

  constructor(private readonly metaint: number) {}

  /** What comes next, with its blocks. `before`: audio bytes that came before. */
  interleave({ bytes, titles }: TakenFrames, before: number): Uint8Array<ArrayBuffer> {
    const rest = [...titles];
    const block = (at: number) => {
      for (; rest[0] !== undefined && rest[0].at <= at; rest.shift()) this.#due = rest[0];
      const due = this.#due;
      this.#due = null;
      return due === null ? Uint8Array.of(0) : blockOf(due);
    };
    const interleaved = withBlocks(bytes, this.metaint, before, block);
    this.#due = rest.at(-1) ?? this.#due;
    return interleaved;
  }
}

function blockOf({ title: { artist, title } }: TitledPlace): Uint8Array {
  const text = inlineTitle({ ...NO_METADATA, artist, title });
  const units = Math.floor(text.length / UNIT_BYTES) + 1;
  const block = new Uint8Array(1 + units * UNIT_BYTES);
  block[0] = units;
  block.set(text, 1);
  return block;
}

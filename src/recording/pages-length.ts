// Counts the whole pages of an Ogg file whose end is missing.
import { NO_FRAMES, type StreamFormat } from "../format/frame.ts";
import { OggEnd } from "../format/ogg/ogg-end.ts";
import { oggPageLength, parseOggPage } from "../format/ogg/ogg-page.ts";
import { concatBytes } from "../format/parts/bytes.ts";

export class PagesLength {
  bytes = 0;
  frames = 0;
  /** Not known without the codec. */
  readonly samples = 0;
  readonly format: StreamFormat | null = null;
  readonly #end = new OggEnd();
  #rest: Uint8Array = new Uint8Array(0);
  #isBroken = false;

  push(chunk: Uint8Array): void {
    if (this.#isBroken) return;
    const bytes = concatBytes([this.#rest, chunk]);
    let at = 0;
    for (let length = lengthAt(bytes, at); length > 0; length = lengthAt(bytes, at)) {
      if (!this.#pass(bytes.subarray(at, at + length))) return;
      at += length;
    }
    this.#rest = bytes.slice(at);
  }

  end(): Uint8Array {
    return this.#end.page() ?? new Uint8Array(0);
  }

  #pass(page: Uint8Array): boolean {
    this.#isBroken = parseOggPage(page) === null;
    if (this.#isBroken) return false;
    this.bytes += page.length;
    this.frames++;
    const table = Uint32Array.of(page.length, 0, 0);
    const samples = new Uint32Array(1);
    this.#end.pass({ ...NO_FRAMES, bytes: page, table, samples, count: 1 });
    return true;
  }
}

/** Length of the whole page there; 0 if there is none. */
function lengthAt(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) return 0;
  const length = oggPageLength(bytes, at) ?? 0;
  return at + length <= bytes.length ? length : 0;
}

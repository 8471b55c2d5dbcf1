// The end of an Ogg stream that is cut off: an empty last page, if its own last page has not passed.
import type { Codec, Frames } from "../frame.ts";
import { splitFrames } from "../frame-slice.ts";
import { emptyLastPage, NO_GRANULE, OGG_EOS, oggFieldsOf } from "./ogg-page.ts";

const OGG: ReadonlySet<Codec> = new Set<Codec>(["vorbis", "opus", "flac", "speex"]);

/** null for codecs that are not in Ogg. */
export function oggEndOf(codec: Codec): OggEnd | null {
  return OGG.has(codec) ? new OggEnd() : null;
}

export class OggEnd {
  #last: { readonly serial: number; readonly sequence: number; readonly isOver: boolean } | null =
    null;
  #granule = 0;

  /** Takes the next pages, each a frame. */
  pass(frames: Frames): void {
    for (const { bytes } of splitFrames(frames)) {
      const { flags, granule, serial, sequence } = oggFieldsOf(bytes);
      if (serial !== this.#last?.serial) this.#granule = 0;
      if (granule !== NO_GRANULE) this.#granule = granule;
      this.#last = { serial, sequence, isOver: (flags & OGG_EOS) !== 0 };
    }
  }

  /** null if the stream has ended by itself, or never began. */
  page(): Uint8Array | null {
    if (this.#last === null || this.#last.isOver) return null;
    const { serial, sequence } = this.#last;
    return emptyLastPage(serial, (sequence + 1) >>> 0, this.#granule);
  }
}

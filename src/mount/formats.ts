// Pure: the format of a mount's audio, as its inputs change it.
import { sameFormat, type StreamFormat } from "../format/frame.ts";
import type { Input } from "./roles.ts";

export class Formats {
  #own: StreamFormat | null = null;
  #sounding: StreamFormat | null = null;

  /** The format of the latest audio other than silence. */
  get own(): StreamFormat | null {
    return this.#own;
  }

  /** The format being written, silence included. */
  get sounding(): StreamFormat | null {
    return this.#sounding;
  }

  /** The input is about to write. Whether players can not go on from what sounded before. */
  change({ format, isFiller }: Input): boolean {
    if (format === null) return false;
    const isOther = this.#sounding !== null && !sameFormat(format, this.#sounding);
    this.#sounding = format;
    if (isFiller !== true) this.#own = format;
    return isOther;
  }
}

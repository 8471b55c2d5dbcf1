// Pure: takes ICY metadata blocks out of a source's body; a relay announces them by icy-metaint.

/** An interval beyond this is no announcement but a mistake. */
const MAX_METAINT = 1 << 20;
const UNIT = 16;

/** What an announced interval means; null: none, or one that cannot be. */
export function announcedMetaint(header: string | undefined): number | null {
  const metaint = Number(header ?? 0);
  return Number.isInteger(metaint) && metaint > 0 && metaint <= MAX_METAINT ? metaint : null;
}

/** A stretch of audio, and the StreamTitle of the block before it when there was one. */
export interface Stretch {
  readonly audio: Uint8Array;
  readonly title: Uint8Array | null;
}

export class InlineTitles {
  /** Audio bytes until the next length byte. */
  #audioLeft: number;
  /** Bytes of the block being read; null outside of one. */
  #block: number[] | null = null;
  #blockLeft = 0;

  constructor(private readonly metaint: number) {
    this.#audioLeft = metaint;
  }

  /** Audio is a view of what was pushed. */
  *push(bytes: Uint8Array): Iterable<Stretch> {
    let title: Uint8Array | null = null;
    for (let at = 0; at < bytes.length;) {
      if (this.#audioLeft > 0) {
        const audio = bytes.subarray(at, at + this.#audioLeft);
        this.#audioLeft -= audio.length;
        at += audio.length;
        yield { audio, title };
        title = null;
      } else {
        title = this.#take(bytes[at] ?? 0) ?? title;
        at++;
      }
    }
    if (title !== null) yield { audio: new Uint8Array(0), title };
  }

  /** One byte of a block, its length first. Returns the title with the last. */
  #take(byte: number): Uint8Array | null {
    if (this.#block === null) {
      this.#blockLeft = byte * UNIT;
      this.#block = [];
    } else {
      this.#block.push(byte);
      this.#blockLeft--;
    }
    if (this.#blockLeft > 0) return null;
    const title = streamTitle(Uint8Array.from(this.#block));
    this.#block = null;
    this.#audioLeft = this.metaint;
    return title;
  }
}

/** The bytes between StreamTitle=' and '; in whatever charset they are. */
function streamTitle(block: Uint8Array): Uint8Array | null {
  const text = Buffer.from(block).toString("latin1");
  const title = /StreamTitle='([^\0]*?)';/.exec(text)?.[1];
  return title === undefined ? null : Buffer.from(title, "latin1");
}

// What a player does with inline titles, by the book: takes them out of the audio and refuses whatever is not as it must be.

export interface InlineTitle {
  /** Audio bytes before it. */
  readonly at: number;
  readonly title: string;
}

const UNIT = 16;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class IcyReader {
  /** Every block that said something. */
  readonly told: InlineTitle[] = [];
  /** Blocks that said nothing: a single zero byte. */
  emptyBlocks = 0;
  readonly #audio: Uint8Array[] = [];
  #audioLength = 0;
  #untilBlock: number;
  #block: Uint8Array | null = null;
  #filled = 0;

  constructor(private readonly metaint: number) {
    this.#untilBlock = metaint;
  }

  get titles(): string[] {
    return this.told.map(({ title }) => title);
  }

  /** All audio so far, without the blocks. */
  get audio(): Buffer {
    return Buffer.concat(this.#audio);
  }

  get audioLength(): number {
    return this.#audioLength;
  }

  /** The next bytes of the stream, cut anywhere. Throws when a block is malformed. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += this.#take(bytes.subarray(at));
  }

  /** Returns how many bytes it took, at least one. */
  #take(bytes: Uint8Array): number {
    if (this.#block !== null) return this.#takeBlock(this.#block, bytes);
    if (this.#untilBlock === 0) return this.#takeLength(bytes[0] ?? 0);
    const part = bytes.slice(0, this.#untilBlock);
    this.#audio.push(part);
    this.#audioLength += part.length;
    this.#untilBlock -= part.length;
    return part.length;
  }

  #takeLength(units: number): number {
    this.#untilBlock = this.metaint;
    if (units === 0) this.emptyBlocks++;
    else this.#block = new Uint8Array(units * UNIT);
    this.#filled = 0;
    return 1;
  }

  #takeBlock(block: Uint8Array, bytes: Uint8Array): number {
    const part = bytes.subarray(0, block.length - this.#filled);
    block.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled === block.length) {
      this.#block = null;
      this.told.push({ at: this.#audioLength, title: titleOf(block) });
    }
    return part.length;
  }
}

/** Players end the text at the first NUL and the title at the first `';`. */
function titleOf(block: Uint8Array): string {
  const end = block.indexOf(0);
  if (end < 0) throw malformed("no NUL ends it", block);
  if (block.length - end > UNIT) throw malformed("a unit of it holds nothing", block);
  if (block.subarray(end).some((byte) => byte !== 0)) throw malformed("text after a NUL", block);
  const title = /^StreamTitle='(.*)';$/s.exec(utf8.decode(block.subarray(0, end)))?.[1];
  if (title === undefined || title.includes("';")) throw malformed("it is no StreamTitle", block);
  return title;
}

function malformed(why: string, block: Uint8Array): Error {
  return new Error(`a malformed metadata block (${why}): ${Buffer.from(block).toString("latin1")}`);
}

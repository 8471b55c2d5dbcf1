// Live WebM and Matroska with audio only: clusters are passed on block by block, without waiting for their end.
import type { Chain } from "../parts/chain-output.ts";
import { ChainParser, type ChainReader, type ChainWork } from "../parts/chain-parser.ts";
import { type EbmlElement, ebmlNumber, forgetEbmlSize, readEbml } from "./ebml.ts";
import { FRAME_SYNC, type FrameParser } from "../frame.ts";
import { Intake } from "../parts/intake.ts";
import { BLOCK_GROUP, BlockTime, SIMPLE_BLOCK } from "./webm-block.ts";
import { CLUSTER, EBML, WebmHeaderReader } from "./webm-header.ts";

const TIMESTAMP = 0xe7;

// Longer elements are damage: waiting for their end would take much memory, or mute the source.
const LONGEST_ELEMENT = 1 << 20;
const LONGEST_UNUSED = 16 << 20;

// After the first cluster these serve seeking only, or come too late: Cues, Tags, SeekHead, Info, Tracks, Chapters,
// Attachments; Void, CRC-32 (wrong without the others), Position, PrevSize.
const UNUSED = new Set([
  0x1c53bb6b, 0x1254c367, 0x114d9b74, 0x1549a966, 0x1654ae6b, 0x1043a770, 0x1941a469, 0xec, 0xbf,
  0xa7, 0xab,
]);

const MAGICS = [EBML, CLUSTER].map((id) => Uint8Array.of(id >> 24, id >> 16, id >> 8, id));
const MAGIC_BYTES = 4;

/**
 * A parser for one live input. The preamble is everything before the first cluster; a decoder may start at each
 * cluster. Segment and clusters are given unknown sizes, because their seek tables and voids are dropped as garbage,
 * and because a source may end in the middle of one. Bytes between damage and the next cluster are garbage too.
 */
export function createWebmParser(): FrameParser {
  return new ChainParser<Chain>((work) => new WebmReader(work));
}

class WebmReader implements ChainReader {
  readonly #time = new BlockTime();
  /** The start of a cluster, with its timestamp; written together with its first block. */
  readonly #piece = new Intake();
  /** The incomplete header at the start of the intake. */
  #header: WebmHeaderReader | null = null;
  /** The latest header belongs to the current chain; if not, its clusters are garbage. */
  #isPlaying = false;
  #isInCluster = false;
  /** Bytes of an unused element that have not arrived yet. */
  #skip = 0;

  constructor(private readonly work: ChainWork<Chain>) {}

  end(): void {
    this.work.drop(this.work.intake.length);
    this.#leaveCluster();
  }

  step(): boolean {
    if (this.work.intake.length === 0) return false;
    if (this.#header !== null) return this.#begin();
    const skipped = Math.min(this.#skip, this.work.intake.length);
    this.#skip -= skipped;
    this.work.drop(skipped);
    if (skipped > 0) return true;
    const element = readEbml(this.work.intake.bytes, 0);
    if (element === "short") return false;
    return element === "invalid" ? this.#resync() : this.#read(element);
  }

  #read({ id, headBytes, size }: EbmlElement): boolean {
    if (id === EBML) return this.#begin();
    if (id === CLUSTER && this.#isPlaying) return this.#beginCluster(headBytes);
    if (!this.#isInCluster || size === null) return this.#resync();
    if (UNUSED.has(id) && size <= LONGEST_UNUSED) {
      this.#skip = headBytes + size;
      return true;
    }
    const isBlock = id === SIMPLE_BLOCK || id === BLOCK_GROUP;
    if ((!isBlock && id !== TIMESTAMP) || size > LONGEST_ELEMENT) return this.#resync();
    const length = headBytes + size;
    if (this.work.intake.length < length) return false;
    const contents = this.work.intake.bytes.subarray(headBytes, length);
    if (isBlock) this.#emit(length, this.#time.pass(id, contents));
    else this.#readTimestamp(length, contents);
    return true;
  }

  #begin(): boolean {
    const reader = (this.#header ??= new WebmHeaderReader());
    const header = reader.read(this.work.intake.bytes);
    if (header === null) return false;
    this.#header = null;
    this.#leaveCluster();
    this.#isPlaying = header !== "refused" && this.work.output.accept(header.format);
    if (header === "refused" || !this.#isPlaying) return this.#refuse(reader.position);
    const { format, metadata, preamble } = header;
    this.#time.begin(header);
    this.work.output.begin({ format, metadata, preamble, headers: [preamble] });
    this.work.intake.skip(preamble.length);
    return true;
  }

  /** Elements of a refused header are not searched for another one: that could be repeated for each byte. */
  #refuse(position: number): boolean {
    if (position === 0) return this.#resync();
    this.work.drop(position);
    return true;
  }

  #beginCluster(headBytes: number): true {
    this.#leaveCluster();
    this.#isInCluster = true;
    forgetEbmlSize(this.work.intake.bytes, 0);
    this.#keep(headBytes);
    return true;
  }

  #readTimestamp(length: number, contents: Uint8Array): void {
    this.#time.cluster = ebmlNumber(contents);
    if (this.#piece.length > 0) this.#keep(length);
    else this.work.drop(length);
  }

  #emit(length: number, samples: number): void {
    const isStart = this.#piece.length > 0;
    this.#keep(length);
    this.work.output.emit(this.#piece.bytes, samples, isStart ? FRAME_SYNC : 0);
    this.#piece.skip(this.#piece.length);
  }

  #keep(length: number): void {
    this.#piece.push(this.work.intake.bytes.subarray(0, length));
    this.work.intake.skip(length);
  }

  /** Continues where a header or cluster may begin; the bytes before it are damage. */
  #resync(): boolean {
    this.#leaveCluster();
    const { bytes } = this.work.intake;
    const at = indexOfMagic(bytes);
    const isFound = at + MAGIC_BYTES <= bytes.length;
    this.work.drop(at);
    return isFound;
  }

  /** Drops a cluster without blocks. */
  #leaveCluster(): void {
    this.work.garbageBytes += this.#piece.length;
    this.#piece.skip(this.#piece.length);
    this.#isInCluster = false;
  }
}

/** The next position after the first byte with a magic, or with the start of one at the end; else the end. */
function indexOfMagic(bytes: Uint8Array): number {
  return Math.min(...MAGICS.map((magic) => indexOf(bytes, magic)));
}

function indexOf(bytes: Uint8Array, magic: Uint8Array): number {
  const [first = 0] = magic;
  for (let at = bytes.indexOf(first, 1); at >= 0; at = bytes.indexOf(first, at + 1)) {
    const visible = Math.min(MAGIC_BYTES, bytes.length - at);
    let same = 1;
    while (same < visible && bytes[at + same] === magic[same]) same++;
    if (same === visible) return at;
  }
  return bytes.length;
}

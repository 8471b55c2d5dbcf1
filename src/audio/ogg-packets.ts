// Takes the packets of the first logical stream out of Ogg; damaged pages are passed over.
import { NO_GRANULE, OGG_BOS, OGG_EOS, type OggPage } from "../format/ogg/ogg-page.ts";
import { oggPageLength, parseOggPage, piecesOf } from "../format/ogg/ogg-page.ts";
import { concatBytes } from "../format/parts/bytes.ts";
import { Intake } from "../format/parts/intake.ts";

/** Longer packets are damage. */
const MAX_PACKET_BYTES = 1 << 20;

const FIRST_BYTE = 0x4f; // the O of OggS

export interface OggPacket {
  readonly bytes: Uint8Array;
  /** The page's granule position, if this is the last packet that ends there; null otherwise. */
  readonly granule: number | null;
  /** It ends on the stream's last page. */
  readonly isLast: boolean;
}

/** A stream that follows the first (a chain) is left out. */
export function* oggPackets(chunks: Iterable<Uint8Array>): Generator<OggPacket> {
  let serial: number | null = null;
  let held: Uint8Array[] = [];
  for (const page of pagesOf(chunks)) {
    if (serial === null && (page.flags & OGG_BOS) === 0) continue;
    serial ??= page.serial;
    if (page.serial !== serial) continue;
    held = yield* packetsOf(page, held);
    if ((page.flags & OGG_EOS) !== 0) return;
  }
}

/** Returns the pieces of a packet that goes on with the next page. */
function* packetsOf(page: OggPage, before: Uint8Array[]): Generator<OggPacket, Uint8Array[]> {
  let held = before;
  const pieces = [...piecesOf(page)];
  const last = pieces.findLastIndex(({ isEnd }) => isEnd);
  for (const [at, { bytes, isStart, isEnd }] of pieces.entries()) {
    if (isStart) held = [];
    held.push(bytes.slice());
    if (!isEnd) continue;
    const granule = at === last && page.granule !== NO_GRANULE ? page.granule : null;
    yield { bytes: concatBytes(held), granule, isLast: (page.flags & OGG_EOS) !== 0 };
    held = [];
  }
  return held.reduce((sum, { length }) => sum + length, 0) > MAX_PACKET_BYTES ? [] : held;
}

function* pagesOf(chunks: Iterable<Uint8Array>): Generator<OggPage> {
  const intake = new Intake();
  for (const chunk of chunks) {
    intake.push(chunk);
    for (let page = takePage(intake); page !== undefined; page = takePage(intake)) {
      if (page !== null) yield page;
    }
  }
}

/** The next page, null for bytes that were none, undefined if more bytes are needed. */
function takePage(intake: Intake): OggPage | null | undefined {
  const length = oggPageLength(intake.bytes, 0);
  if (intake.length === 0 || length === null || length > intake.length) return undefined;
  const page = length === 0 ? null : parseOggPage(intake.bytes.slice(0, length));
  if (page !== null) intake.skip(length);
  else intake.skip(garbageLength(intake.bytes));
  return page;
}

function garbageLength(bytes: Uint8Array): number {
  const next = bytes.indexOf(FIRST_BYTE, 1);
  return next < 0 ? bytes.length : next;
}

// Reads what a converted track in the cache is, from its first bytes and, for Ogg, its last.
import { readInfoFrame } from "../audio/length-frame.ts";
import { oggLevel } from "../audio/ogg-level.ts";
import { readAacTag } from "../audio/aac-tag.ts";
import { DiskError } from "../disk/disk.ts";
import {
  OGG_EOS,
  OGG_HEAD_BYTES,
  OGG_PAGE_MAX_BYTES,
  oggPageLength,
  parseOggPage,
  piecesOf,
} from "../format/ogg/ogg-page.ts";
import { identifyOggCodec } from "../format/ogg/identify-ogg-codec.ts";
import type { OggCodec } from "../format/ogg/ogg-codec.ts";
import { parseAdtsHeader } from "../format/sync/adts.ts";
import { parseMpegHeader } from "../format/sync/mpeg.ts";
import { bytesAt, type OpenFile, type Opener } from "../lib/open-file.ts";
import type { Converted } from "../library/converter.ts";

/** More than the longest frame of MP3 or AAC and than the headers of Ogg up to the comments. */
const HEAD_BYTES = 16_384;

/** Null if the file is not there or damaged: it is made again then. Never rejects. */
export async function cachedTrack(disk: Opener, path: string): Promise<Converted | null> {
  try {
    const file = await disk.open(path);
    try {
      return await readTrack(file, path);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DiskError) return null;
    throw error;
  }
}

async function readTrack(file: OpenFile, path: string): Promise<Converted | null> {
  const { size } = await file.stat();
  const head = await bytesAt(file, 0, Math.min(HEAD_BYTES, size));
  if (path.endsWith(".mp3")) return mp3Track(head, size, path);
  if (path.endsWith(".aac")) return aacTrack(head, size, path);
  const length = Math.min(OGG_PAGE_MAX_BYTES, size);
  return oggTrack(head, await bytesAt(file, size - length, length), path);
}

function mp3Track(head: Uint8Array, size: number, path: string): Converted | null {
  const header = parseMpegHeader(head);
  if (header === null) return null;
  const { format, length, samples } = header;
  const facts = readInfoFrame(head.subarray(0, length), format);
  if (facts === null || facts.bytes + length !== size) return null;
  const seconds = (facts.frames * samples - facts.delay - facts.padding) / format.sampleRate;
  return { path, format, seconds, loudness: facts.loudness, truePeak: facts.truePeak };
}

function aacTrack(head: Uint8Array, size: number, path: string): Converted | null {
  const facts = readAacTag(head);
  const header = facts === null ? null : parseAdtsHeader(head, facts.length);
  if (facts === null || header === null || facts.length + facts.bytes !== size) return null;
  const { frames, loudness, truePeak } = facts;
  const { format, samples } = header;
  return { path, format, seconds: (frames * samples) / format.sampleRate, loudness, truePeak };
}

function oggTrack(head: Uint8Array, tail: Uint8Array, path: string): Converted | null {
  const codec = oggCodec(head);
  const granule = lastGranule(tail);
  if (codec === null || granule === null) return null;
  const { format, preSkip } = codec;
  return { path, format, seconds: (granule - preSkip) / format.sampleRate, ...oggLevel(head) };
}

function oggCodec(head: Uint8Array): OggCodec | null {
  const length = oggPageLength(head, 0) ?? 0;
  const page = parseOggPage(head.slice(0, length));
  const [packet] = page === null ? [] : piecesOf(page);
  return packet === undefined ? null : identifyOggCodec(packet.bytes);
}

/** Samples of the whole stream; null if its last page is missing. */
function lastGranule(tail: Uint8Array): number | null {
  for (let at = tail.length - OGG_HEAD_BYTES; at >= 0; at--) {
    if (at + (oggPageLength(tail, at) ?? 0) !== tail.length) continue;
    const page = parseOggPage(tail.slice(at));
    if (page !== null) return (page.flags & OGG_EOS) === 0 ? null : page.granule;
  }
  return null;
}

// Reads what a converted track in the cache is, from its first frame.
import { DiskError } from "../disk/disk.ts";
import { parseMpegHeader } from "../format/sync/mpeg.ts";
import { readInfoFrame } from "../audio/length-frame.ts";
import type { OpenFile, Opener } from "../lib/open-file.ts";
import type { Converted } from "../library/converter.ts";

/** The longest frame of MP3. */
const FRAME_BYTES = 1441;

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
  const bytes = new Uint8Array(FRAME_BYTES);
  await file.read(bytes, 0, FRAME_BYTES, 0);
  const header = parseMpegHeader(bytes);
  if (header === null) return null;
  const { format, length, samples } = header;
  const facts = readInfoFrame(bytes.subarray(0, length), format);
  if (facts === null || facts.bytes + length !== size) return null;
  const seconds = (facts.frames * samples - facts.delay - facts.padding) / format.sampleRate;
  return { path, format, seconds, loudness: facts.loudness, truePeak: facts.truePeak };
}

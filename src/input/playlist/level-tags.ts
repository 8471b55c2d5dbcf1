// How loud a track is by its tags: ReplayGain and R128, in ID3v2 and APE.
import { apeItems } from "../../format/tags/ape.ts";
import type { Extent, RangeReader } from "../../format/tags/extent.ts";
import { id3Frames } from "../../format/tags/id3-frames.ts";
import { id3Texts } from "../../format/tags/id3-text.ts";
import { type Level, levelOfR128, levelOfReplayGain } from "./level.ts";

const TAIL_BYTES = 8192;

/** Texts of a name of their own in ID3v2: how many are read, and how much of each. */
const MAX_TEXTS = 32;
const MAX_TEXT_BYTES = 128;

const WANTED = { ids: new Set(["TXXX", "TXX"]), maxUnsynchronisedBytes: 65_536 };

const GAIN = "REPLAYGAIN_TRACK_GAIN";
const PEAK = "REPLAYGAIN_TRACK_PEAK";
const R128 = "R128_TRACK_GAIN";

/** No track is further from the reference; what says so is broken. */
const MAX_GAIN_DB = 60;

/** null: its tags do not say. Rejects only when the reader does. */
export async function readLevel(
  reader: RangeReader,
  extent: Extent,
  size: number,
): Promise<Level | null> {
  const level = levelOfTexts(await id3Pairs(reader, extent.start));
  if (level !== null || extent.end === size) return level;
  const length = Math.min(size - extent.end, TAIL_BYTES);
  return levelOfTexts(apeItems(await reader(size - length, length)));
}

/** By the names that taggers use, in whatever case. */
export function levelOfTexts(
  texts: readonly (readonly [name: string, text: string])[],
): Level | null {
  const values = new Map(texts.map(([name, text]) => [name.toUpperCase(), numberOf(text)]));
  const gain = values.get(GAIN) ?? null;
  if (gain !== null && Math.abs(gain) <= MAX_GAIN_DB) {
    const peak = values.get(PEAK) ?? 0;
    return levelOfReplayGain(gain, peak > 0 ? peak : null);
  }
  const r128 = values.get(R128) ?? null;
  return r128 === null || Math.abs(r128) > MAX_GAIN_DB * 256 ? null : levelOfR128(r128);
}

/** "-6.20 dB", "+3,1 dB", "0.988". */
function numberOf(text: string): number | null {
  const [digits] = /^\s*[+-]?\d{1,9}(?:[.,]\d{1,12})?/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits.replace(",", "."));
}

async function id3Pairs(reader: RangeReader, end: number): Promise<(readonly [string, string])[]> {
  const frames = await id3Frames(reader, end, WANTED);
  const pairs: (readonly [string, string])[] = [];
  for (const frame of frames.filter(({ size }) => size <= MAX_TEXT_BYTES).slice(0, MAX_TEXTS)) {
    const contents = await frame.read(MAX_TEXT_BYTES);
    const [name, text] = contents === null ? [] : id3Texts(contents);
    if (name !== undefined && text !== undefined) pairs.push([name, text]);
  }
  return pairs;
}

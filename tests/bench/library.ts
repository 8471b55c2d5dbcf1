// All figures about a music library: scan, conversion, playing.
import { type ConversionFigures, measureConversions } from "./conversion.ts";
import { BURST_SECONDS } from "./lateness.ts";
import {
  measurePacing,
  measurePlaying,
  type PacingFigures,
  type PlayingFigures,
  type Times,
} from "./playing.ts";
import { measureScan, type ScanFigures } from "./scan.ts";

export interface LibraryFigures {
  readonly scan: ScanFigures;
  readonly conversions: readonly ConversionFigures[];
  readonly playing: readonly PlayingFigures[];
  readonly pacing: readonly PacingFigures[];
}

export interface LibrarySize extends Times {
  readonly files: number;
  readonly settleSeconds: number;
}

export const WHOLE_LIBRARY: LibrarySize = {
  files: 10_000,
  settleSeconds: 15,
  songs: 6,
  songSeconds: 180,
  warmUpSeconds: 20,
  burstSeconds: BURST_SECONDS,
  seconds: 30,
};

export const SHORT_LIBRARY: LibrarySize = {
  files: 100,
  settleSeconds: 0.5,
  songs: 2,
  songSeconds: 2,
  warmUpSeconds: 0.2,
  burstSeconds: 0.2,
  seconds: 1,
};

/** Roughly. */
export function librarySeconds(size: LibrarySize): number {
  const { files, settleSeconds, warmUpSeconds, burstSeconds, seconds } = size;
  const playing = 4 * (warmUpSeconds + seconds + burstSeconds);
  return 2 + files / 500 + 2 * settleSeconds + playing + (size.songs * size.songSeconds) / 20;
}

/** Throws when FFmpeg is not there, or it is cut. */
export async function measureLibrary(size: LibrarySize, cut: AbortSignal): Promise<LibraryFigures> {
  const scan = await measureScan(size.files, size.settleSeconds, cut);
  const conversions = await measureConversions(size.songSeconds, cut);
  const playing = await measurePlaying(size, cut);
  return { scan, conversions, playing, pacing: await measurePacing(size, cut) };
}

// All figures about a music library: scan, conversion, playing.
import { type ConversionFigures, measureConversions } from "./conversion.ts";
import { complain } from "./measuring.ts";
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
  readonly scan: ScanFigures | null;
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

/** What fails is reported and left out. */
export async function measureLibrary(size: LibrarySize, cut: AbortSignal): Promise<LibraryFigures> {
  const part = async <T>(name: string, run: () => Promise<T>, none: T): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      complain(`library, ${name}`, error, cut);
      return none;
    }
  };
  const { files, settleSeconds, songSeconds } = size;
  return {
    scan: await part("scan", () => measureScan(files, settleSeconds, cut), null),
    conversions: await part("conversion", () => measureConversions(songSeconds, cut), []),
    playing: await part("playing", () => measurePlaying(size, cut), []),
    pacing: await part("pacing", () => measurePacing(size, cut), []),
  };
}

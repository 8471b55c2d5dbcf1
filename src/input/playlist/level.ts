// Pure: how loud a track is, and by how much it is changed to be as loud as the others.
import type { PlaylistConfig } from "../../config/config.ts";
import type { Codec } from "../../format/frame.ts";
import { STEP_DB } from "../../format/mpeg/global-gain.ts";

export interface Level {
  /** Integrated loudness in LUFS. */
  readonly loudness: number;
  /** Highest peak in dB of full scale; null: unknown. */
  readonly peak: number | null;
}

/** No track gets louder than this. */
const MAX_PEAK_DB = -1;

/** Loudness that a ReplayGain of 0 dB stands for, and an R128 gain of 0. */
const REPLAY_GAIN_LUFS = -18;
const R128_LUFS = -23;

/** `gain` in dB; `peak` with 1 as full scale. */
export function levelOfReplayGain(gain: number, peak: number | null): Level {
  return { loudness: REPLAY_GAIN_LUFS - gain, peak: peak === null ? null : 20 * Math.log10(peak) };
}

/** `gain` in 256ths of a dB. */
export function levelOfR128(gain: number): Level {
  return { loudness: R128_LUFS - gain / 256, peak: null };
}

/** What the tags say; of a peak that they do not say, what was measured. */
export function bestLevel(tagged: Level | null, measured: Level | null): Level | null {
  if (tagged === null) return measured;
  return { ...tagged, peak: tagged.peak ?? measured?.peak ?? null };
}

/** dB towards the target, less where the peak forbids it; a track of unknown peak is never made louder. */
export function gainDb(level: Level | null, target: PlaylistConfig["loudness"]): number {
  if (level === null || target === "off") return 0;
  return Math.min(target - level.loudness, headroomDb(level));
}

/** The same in steps of MP3's gain, to the nearest one that the peak allows. */
export function gainSteps(level: Level | null, target: PlaylistConfig["loudness"]): number {
  if (level === null || target === "off") return 0;
  const wanted = Math.round((target - level.loudness) / STEP_DB);
  return Math.min(wanted, Math.floor(headroomDb(level) / STEP_DB));
}

/** dB by which what plays is changed as it goes out; null where it is not, or while its level is unknown. */
export function passingGain(
  codec: Codec,
  level: Level | null,
  target: PlaylistConfig["loudness"],
): number | null {
  if (level === null || target === "off") return null;
  if (codec === "opus") return gainDb(level, target);
  return codec === "mp3" ? gainSteps(level, target) * STEP_DB : null;
}

function headroomDb({ peak }: Level): number {
  return peak === null ? 0 : MAX_PEAK_DB - peak;
}

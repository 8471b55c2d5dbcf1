// How the playlist wants a track to sound, and the shape of MP3 that follows from that.
import type { PlaylistConfig } from "../../config/config.ts";
import type { InfoFrame } from "../../format/mpeg/info-frame.ts";
import { TrackShape } from "../../format/mpeg/track-shape.ts";
import { bestLevel, gainSteps, type Level, levelOfReplayGain } from "./level.ts";

export interface Sound extends Pick<PlaylistConfig, "loudness" | "trimSilence"> {
  /** What was measured; its own tags come before that. */
  readonly measured: Level | null;
  /** A copy of the converter's, which appears complete: it is no upload that may still grow. */
  readonly isCopy?: boolean;
}

export const AS_IT_IS: Sound = { loudness: "off", trimSilence: "off", measured: null };

/** Level and ends of MP3. `taggedLevel`: by the file's tags. */
export async function shapeOf(
  { loudness, trimSilence, measured }: Sound,
  info: InfoFrame | null,
  taggedLevel: () => Promise<Level | null>,
): Promise<TrackShape> {
  const tagged = loudness === "off" ? null : await taggedLevel();
  const level = bestLevel(tagged, measured ?? encoderLevel(info));
  const isTrimmed = trimSilence !== "off";
  return new TrackShape({
    steps: gainSteps(level, loudness),
    silence: isTrimmed ? trimSilence : null,
    ends: isTrimmed ? info : null,
  });
}

/** The level measured by its encoder, from the info frame. */
function encoderLevel(info: InfoFrame | null): Level | null {
  const { replayGain = null, peak = null } = info ?? {};
  return replayGain === null ? null : levelOfReplayGain(replayGain, peak);
}

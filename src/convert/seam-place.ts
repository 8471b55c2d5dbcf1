// Pure: where one track is faded into the next, from what is known about both.
import type { Fade } from "../audio/crossfade.ts";
import type { Mp3Survey } from "./mp3-stretch.ts";
import type { CuePoints } from "../library/converter.ts";

/** What a fade must know of a track. */
export interface FadeTrack extends CuePoints {
  readonly survey: Mp3Survey;
}

/** On the time line of the first track as it is decoded, frames and samples counted from its first frame. */
export interface SeamPlace {
  readonly fade: Fade;
  /** Number that the second track's first frame has there. */
  readonly shift: number;
}

/** Samples by which a decoder's output is late. */
const DECODER_DELAY = 529;

/** Shorter tracks are jingles, and so are those shorter than so many fades. */
const JINGLE_SECONDS = 10;
const JINGLE_FADES = 3;

/** A quiet end of more than this is music, not a fade-out. */
const MAX_FADE_OUT_SECONDS = 15;

/**
 * The first track's fade ends with its last sound, or as many seconds behind the point from which on it stays well below
 * its loudness; the second one's begins with its first sound. The overlap is chosen so that the frames of both meet, so the fade
 * differs from `seconds` by half a frame at most. null: one of them is too short to be faded.
 */
export function placeSeam(a: FadeTrack, b: FadeTrack, seconds: number): SeamPlace | null {
  const { sampleRate } = a.survey.format;
  const length = seconds * sampleRate;
  const [aEnd, bStart] = [soundEnd(a), soundStart(b)];
  const least = Math.max(JINGLE_SECONDS, JINGLE_FADES * seconds) * sampleRate;
  if (aEnd - soundStart(a) < least || soundEnd(b) - bStart < least) return null;
  const to = Math.min(aEnd, fadeOutStart(a, aEnd) + length);
  const shift = Math.round((to - length - bStart) / a.survey.frameSamples);
  return { fade: { from: shift * a.survey.frameSamples + bStart, to: Math.round(to) }, shift };
}

function fadeOutStart(track: FadeTrack, end: number): number {
  const { sampleRate } = track.survey.format;
  if (track.fadeFrom === null) return end;
  const from = origin(track) + track.fadeFrom * sampleRate;
  return end - from > MAX_FADE_OUT_SECONDS * sampleRate ? end : from;
}

function soundStart(track: FadeTrack): number {
  return Math.round(origin(track) + (track.cueIn ?? 0) * track.survey.format.sampleRate);
}

function soundEnd(track: FadeTrack): number {
  const { frames, frameSamples, info, format } = track.survey;
  const whole = frames * frameSamples;
  const meant = info === null ? whole : whole - info.padding + DECODER_DELAY;
  const cue = track.cueOut === null ? meant : origin(track) + track.cueOut * format.sampleRate;
  return Math.min(whole, meant, cue);
}

/** The sample that its encoder meant to be the first. */
function origin({ survey: { info } }: FadeTrack): number {
  return info === null ? 0 : info.delay + DECODER_DELAY;
}

// Where MP3 of another stream begins: its first frames, of which some were left out, joined to what waits before them.
import type { Frames } from "../frame.ts";
import { mergeFrames, type SingleFrame, splitFrames } from "../frame-slice.ts";
import { carry, freeAfter, type Joined, joinFrames, overwriteEnd } from "./join.ts";
import { readLayer3 } from "./layer3.ts";

/** Frames before a seam that a join may write into; at the lowest bit rates their slots have a few bytes. */
export const SEAM_FRAMES = 64;

/** The frames as they can follow anything: none refers to slots before them. */
export function aloneFrames(frames: Frames, before: Uint8Array): Frames {
  const bytes = bytesOf(frames);
  const [first] = bytes;
  if (first === undefined) return frames;
  return applied(frames, joinFrames(bytes, before) ?? carry(first, before));
}

/** The frames as they follow `waiting`, whose slots are written to. null if that is no better than aloneFrames(). */
export function joinedFrames(
  frames: Frames,
  before: Uint8Array,
  waiting: readonly Uint8Array[],
): Frames | null {
  const last = waiting.at(-1);
  if (last === undefined) return null;
  const joined = joinFrames(bytesOf(frames), before, Math.min(freeAfter(last), slotBytes(waiting)));
  if (joined === null) return null;
  overwriteEnd(waiting, joined.borrowed);
  return applied(frames, joined);
}

function bytesOf(frames: Frames): Uint8Array[] {
  return splitFrames(frames).map(({ bytes }) => bytes);
}

/** Bytes of all slots, back to a frame that cannot be read. */
export function slotBytes(frames: readonly Uint8Array[]): number {
  const unread = frames.findLastIndex((frame) => readLayer3(frame) === null);
  const readable = frames.slice(unread + 1);
  return readable.reduce((sum, frame) => sum + (readLayer3(frame)?.slotBytes ?? 0), 0);
}

function applied(frames: Frames, joined: Joined | null): Frames {
  if (joined === null || joined.frames.length === 0) return frames;
  const single = splitFrames(frames);
  const [first] = single;
  if (first === undefined) return frames;
  // A silent frame in front plays as long as the first.
  const made = joined.frames.map((bytes, i): SingleFrame => ({ ...(single[i] ?? first), bytes }));
  return mergeFrames(frames, [...made, ...single.slice(joined.replaced)]);
}

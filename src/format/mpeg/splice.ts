// Puts newly encoded frames between the frames of two streams, so that every frame has the main data it needs.
import { freeAfter, joinFrames, overwriteEnd } from "./join.ts";
import { Reservoir } from "./reservoir.ts";
import { SEAM_FRAMES, slotBytes } from "./seam.ts";
import { windowsMeet } from "./windows.ts";

/** Consecutive frames of one stream. */
export interface Run {
  readonly frames: readonly Uint8Array[];
  /** Number of the first one on the common time line. */
  readonly at: number;
}

/** Numbers of the frames at which one stream may follow the other, the best first. */
export type Cuts = readonly number[];

export interface Spliced {
  /** Follow the frames of the first stream as they are, and are followed by those of the second. */
  readonly frames: readonly Uint8Array[];
  /** Number of the first one on the time line. */
  readonly from: number;
  /** Number of the frame after the last one. */
  readonly to: number;
}

interface Laid {
  readonly frames: readonly Uint8Array[];
  readonly from: number;
}

/**
 * Frames of `a` up to a cut of `first`, of `made` up to a cut of `second`, of `b` from there on. Some of the frames beside a
 * cut are changed, but for their sound. null if there is no cut that needs no silent frame.
 */
export function splice(a: Run, made: Run, b: Run, first: Cuts, second: Cuts): Spliced | null {
  const start = firstOf(bestFirst(a, made, first), (cut) =>
    append(lastOf(a, cut), made, cut, true),
  );
  if (start === null) return null;
  const own = withoutUnchanged(start, a);
  return firstOf(bestFirst(made, b, second), (cut) => {
    const middle = { from: own.from, frames: own.frames.slice(0, cut - own.from) };
    const whole = append(middle, b, cut, false);
    return whole === null ? null : { ...whole, to: whole.from + whole.frames.length };
  });
}

/** The last frames before the cut, whose unused bytes may be written to. */
function lastOf(run: Run, cut: number): Laid {
  const end = cut - run.at;
  const count = Math.min(SEAM_FRAMES, end);
  return { from: cut - count, frames: run.frames.slice(end - count, end) };
}

function withoutUnchanged({ frames, from }: Laid, run: Run): Laid {
  const changed = frames.findIndex((frame, i) => {
    const own = run.frames[from + i - run.at];
    return own === undefined || !Buffer.from(own).equals(frame);
  });
  const at = Math.max(0, changed);
  return { frames: frames.slice(at), from: from + at };
}

/** Where no window is cut off comes first; else the given order stays. */
function bestFirst(left: Run, right: Run, cuts: Cuts): Cuts {
  const rank = (cut: number) => {
    const [one, two] = [left.frames[cut - 1 - left.at], right.frames[cut - right.at]];
    return one !== undefined && two !== undefined && windowsMeet(one, two) ? 0 : 1;
  };
  return cuts.toSorted((x, y) => rank(x) - rank(y));
}

function firstOf<T>(cuts: Cuts, attempt: (cut: number) => T | null): T | null {
  for (const cut of cuts) {
    const result = attempt(cut);
    if (result !== null) return result;
  }
  return null;
}

/** Copies of the frames, and those of `run` from the cut on that have to be changed; with `isWhole`, all others too. */
function append(laid: Laid, run: Run, cut: number, isWhole: boolean): Laid | null {
  const following = run.frames.slice(cut - run.at);
  const last = laid.frames.at(-1);
  if (last === undefined) return null;
  const free = Math.min(freeAfter(last), slotBytes(laid.frames));
  const joined = joinFrames(following, reservoirBefore(run, cut), free);
  if (joined === null) return null;
  const frames = laid.frames.map((bytes) => bytes.slice());
  overwriteEnd(frames, joined.borrowed);
  const rest = isWhole ? following.slice(joined.replaced) : [];
  return { from: laid.from, frames: [...frames, ...joined.frames, ...rest] };
}

function reservoirBefore(run: Run, cut: number): Uint8Array {
  const reservoir = new Reservoir();
  for (const frame of run.frames.slice(0, cut - run.at).slice(-SEAM_FRAMES)) reservoir.push(frame);
  return reservoir.bytes;
}

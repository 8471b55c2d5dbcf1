// Pure: what a listener heard of known frames, frame by frame with its time, and what was missing in it.
import { FRAME_MS } from "../../support/tracks.ts";

/** The burst is there. */
const JOINED_MS = 500;

export interface HeardFrame {
  /** Whose it is; "" for frames that nobody sent. */
  readonly name: string;
  readonly number: number;
  /** When the last of it arrived. */
  readonly atMs: number;
}

export interface Gaps {
  /** Of a sender whose frames should follow each other. */
  readonly lost: number;
  readonly repeated: number;
  /** The longest stretch of frames that nobody sent: the station's silence, or one that was changed for a seam. */
  readonly foreign: number;
  /** Frames that a player which began with the first byte lacked when it should have played them. */
  readonly lateFrames: number;
  /** The longest time without a frame, less the frame's own. */
  readonly pauseMs: number;
  /** The least audio that the listener had ahead. */
  readonly reserveSeconds: number;
}

/** `goesOn`: the senders of whom no frame may be missing, interrupted or not. */
export function gapsIn(heard: readonly HeardFrame[], goesOn: readonly string[]): Gaps {
  return { ...orderOf(heard, goesOn), foreign: longestForeign(heard), ...timesOf(heard) };
}

/** Without a promise for the sender, frames may be missing only between two stretches of it. */
function orderOf(heard: readonly HeardFrame[], goesOn: readonly string[]) {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  let [lost, repeated] = [0, 0];
  for (const [at, { name, number }] of heard.entries()) {
    if (name === "") continue;
    const before = last.get(name);
    const isDue = goesOn.includes(name) || heard[at - 1]?.name === name;
    if (isDue && before !== undefined) lost += Math.max(0, number - before - 1);
    if (seen.has(`${name} ${number}`)) repeated++;
    seen.add(`${name} ${number}`);
    last.set(name, number);
  }
  return { lost, repeated };
}

function longestForeign(heard: readonly HeardFrame[]): number {
  // What comes before the first known frame is no gap, nor is the end.
  const from = heard.findIndex(({ name }) => name !== "");
  const to = heard.findLastIndex(({ name }) => name !== "");
  let [longest, run] = [0, 0];
  for (const { name } of heard.slice(Math.max(0, from), to + 1)) {
    run = name === "" ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function timesOf(heard: readonly HeardFrame[]) {
  const startMs = heard[0]?.atMs ?? 0;
  let [pauseMs, reserveMs] = [0, Number.POSITIVE_INFINITY];
  let beforeMs = startMs;
  for (const [at, { atMs }] of heard.entries()) {
    pauseMs = Math.max(pauseMs, atMs - beforeMs - FRAME_MS);
    const elapsedMs = atMs - startMs;
    if (elapsedMs >= JOINED_MS) reserveMs = Math.min(reserveMs, at * FRAME_MS - elapsedMs);
    beforeMs = atMs;
  }
  const lateFrames = Math.max(0, Math.ceil(-reserveMs / FRAME_MS - 0.5));
  return { lateFrames, pauseMs, reserveSeconds: reserveMs / 1000 };
}

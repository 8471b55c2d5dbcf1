// What is measured: how many listen, to what, and how they come.
import type { Scenario } from "./fan-out.ts";

export const LISTENERS = [10, 100, 500, 1000, 4000, 10_000] as const;
export const BITRATES = [128, 320] as const;

/** The crowd that is measured at more bitrates, and at which, in kbit/s. */
export const MANY = 4000;
export const MORE_BITRATES = [32, 64] as const;

/** The crowd that the status is asked for beside. */
const MOST = 10_000;

/** Crowds of most stations, which are measured at AIMED_BITRATE without titles only: they are compared with
 * Icecast, not among each other. */
const MOST_STATIONS: readonly number[] = [10, 500];

/** kbit/s of all that is aimed at. */
export const AIMED_BITRATE = 128;

/** Listeners that come at this rate are no crowd to any server. */
const ARRIVALS_PER_SECOND = 1000;

const STEADY = {
  stalled: 0,
  settleSeconds: 10,
  warmupSeconds: 3,
  seconds: 5,
  asksStatus: false,
  repeats: 1,
};

/** Of crowds that are compared across servers, or in memory: one that compiles and collects garbage behind
 * their arrival has done so. */
const SETTLED = { warmupSeconds: 30 };

/** Of crowds so small that they cost hardly anything. */
const FEW = { most: 500, length: { seconds: 10 } };

/** Of the smallest crowd: what runs ten times a second is compiled late, and the whole run has an hour. */
const FEWEST = { listeners: 10, length: { ...FEW.length, warmupSeconds: 25 } };

/** Of those that are quoted. */
const AT_LENGTH = { ...SETTLED, seconds: 8, repeats: 3 };

/** Everybody has come and listens. The crowds that are quoted are measured three times. */
export function steady(listeners: number, icy: boolean, bitrate: number): Scenario {
  const length = lengthOf(listeners, bitrate);
  return { ...STEADY, ...length, listeners, icy, bitrate, rampSeconds: arrival(listeners) };
}

function lengthOf(listeners: number, bitrate: number): Partial<Scenario> {
  if (listeners === MANY) return bitrate === AIMED_BITRATE ? AT_LENGTH : SETTLED;
  if (listeners === FEWEST.listeners) return FEWEST.length;
  if (listeners <= FEW.most && bitrate === AIMED_BITRATE) return FEW.length;
  return listeners === MOST && bitrate === AIMED_BITRATE ? SETTLED : {};
}

/** Before a server is measured that compiles while it runs: it is to have done so. No more listeners than in
 * the crowd whose memory is compared with that of the largest. */
export function warmUp(): Scenario {
  return { ...steady(1000, true, AIMED_BITRATE), warmupSeconds: 25, seconds: 1 };
}

/** As steady, while somebody asks for the status twenty times a second: what it costs is in the figures. Long
 * enough that the event loop's lateness, which the server tells of its last 20 s, is of this time only. */
export function watched(listeners: number): Scenario {
  const { warmupSeconds } = STEADY;
  const plain = steady(listeners, false, AIMED_BITRATE);
  return { ...plain, warmupSeconds, seconds: 20, asksStatus: true };
}

/** All connect in one instant. */
export function crowd(listeners: number): Scenario {
  return { ...steady(listeners, false, AIMED_BITRATE), rampSeconds: 0, settleSeconds: 30 };
}

/** Half of them stop reading after their first audio; the kernel needs a while until its buffers are full. */
export function halfStalled(listeners: number): Scenario {
  const plain = steady(listeners, false, AIMED_BITRATE);
  return { ...plain, stalled: listeners / 2, warmupSeconds: 20 };
}

export interface Choice {
  readonly listeners: readonly number[];
  readonly bitrates: readonly number[];
  /** Of the crowd of MANY alone, without titles. */
  readonly moreBitrates: readonly number[];
  readonly withTitles: boolean;
}

/** From few listeners to many, so that no crowd finds the memory of a larger one; what is compared stands side
 * by side, so that what disturbs one disturbs the other. */
export function matrix({ withTitles, bitrates, ...choice }: Choice): Scenario[] {
  const sizes = choice.listeners.toSorted((a, b) => a - b);
  const crowds = sizes.flatMap((listeners) => {
    if (MOST_STATIONS.includes(listeners))
      return bitrates.includes(AIMED_BITRATE) ? [steady(listeners, false, AIMED_BITRATE)] : [];
    const more = listeners === MANY ? choice.moreBitrates : [];
    const full = bitrates.flatMap((bitrate) => {
      const plain = steady(listeners, false, bitrate);
      return withTitles ? [plain, steady(listeners, true, bitrate)] : [plain];
    });
    return [...more.map((bitrate) => steady(listeners, false, bitrate)), ...full];
  });
  return sizes.includes(MOST) ? [...crowds, watched(MOST)] : crowds;
}

function arrival(listeners: number): number {
  return Math.max(1, listeners / ARRIVALS_PER_SECOND);
}

/** Those of the crowd came one after the other, and all read. */
export function isSteady({ rampSeconds, stalled, asksStatus }: Scenario): boolean {
  return rampSeconds > 0 && stalled === 0 && !asksStatus;
}

/** In the words of a table; those of no two kinds of crowd are the same. */
export function describeScenario({ listeners, stalled, icy, bitrate, ...how }: Scenario): string {
  const words = [`${listeners} listeners`, `${bitrate} kbit/s`];
  if (icy) words.push("with titles");
  if (stalled > 0) words.push(`${stalled} of them stalled`);
  if (how.rampSeconds === 0) words.push("all at once");
  if (how.asksStatus) words.push("status asked for meanwhile");
  return words.join(", ");
}

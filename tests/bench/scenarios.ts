// What is measured: how many listen, to what, and how they come.
import type { Scenario } from "./fan-out.ts";

export const LISTENERS = [100, 1000, 4000, 10_000] as const;
export const BITRATES = [128, 320] as const;

/** Listeners that come at this rate are no crowd to any server. */
const ARRIVALS_PER_SECOND = 1000;

const STEADY = { stalled: 0, warmupSeconds: 4, seconds: 6, asksStatus: false, repeats: 1 };

/** The crowd that is quoted: looked at longer, and three times. */
const QUOTED = { listeners: 4000, icy: false, bitrate: 128 };
const AT_LENGTH = { warmupSeconds: 8, seconds: 10, repeats: 3 };

/** Everybody has come and listens. */
export function steady(listeners: number, icy: boolean, bitrate: number): Scenario {
  const isQuoted =
    listeners === QUOTED.listeners && icy === QUOTED.icy && bitrate === QUOTED.bitrate;
  const length = isQuoted ? AT_LENGTH : {};
  return { ...STEADY, ...length, listeners, icy, bitrate, rampSeconds: arrival(listeners) };
}

/** Before a server is measured that compiles while it runs: it is to have done so. */
export function warmUp(bitrate: number): Scenario {
  return { ...steady(2000, true, bitrate), warmupSeconds: 25, seconds: 0 };
}

/** As steady, while somebody asks for the status twenty times a second: what it costs is in the figures. Long
 * enough that the event loop's lateness is of this time only. */
export function watched(listeners: number): Scenario {
  const times = { warmupSeconds: 21, seconds: 20 };
  return { ...steady(listeners, false, 128), ...times, asksStatus: true };
}

/** All connect in one instant. */
export function crowd(listeners: number): Scenario {
  return { ...steady(listeners, false, 128), rampSeconds: 0 };
}

/** Half of them stop reading after their first audio; the kernel needs a while until its buffers are full. */
export function halfStalled(listeners: number): Scenario {
  return { ...steady(listeners, false, 128), stalled: listeners / 2, warmupSeconds: 15 };
}

function arrival(listeners: number): number {
  return Math.max(1, listeners / ARRIVALS_PER_SECOND);
}

/** In the words of a table. */
export function describeScenario({ listeners, stalled, icy, bitrate, ...how }: Scenario): string {
  const words = [`${listeners} listeners`, `${bitrate} kbit/s`];
  if (icy) words.push("with titles");
  if (stalled > 0) words.push(`${stalled} of them stalled`);
  if (how.rampSeconds === 0) words.push("all at once");
  if (how.asksStatus) words.push("status asked for meanwhile");
  return words.join(", ");
}

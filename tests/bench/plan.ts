// Pure: which server is measured in what, and how long that takes.
import type { Scenario } from "./fan-out.ts";
import type { Peer } from "./peers.ts";

/** Crowds that each of some servers is measured in, one server after the other. */
export interface Part {
  readonly peers: readonly Peer[];
  readonly scenarios: readonly Scenario[];
  /** What a server hears before it is measured. */
  readonly before: (peer: Peer) => Scenario | null;
}

/** Seconds, as seen: a server that starts, a source that is heard, and a crowd that comes and goes. */
const [START, SOURCE, CROWD] = [0.3, 0.8, 0.4];

/** The crowds that one server is measured in, in sessions of its own each. */
export function sessionsOf(peer: Peer, scenarios: readonly Scenario[]): Scenario[][] {
  const own = scenarios.filter((scenario) => peer.takes(scenario));
  if (peer.isMadeToMeasure) return own.map((scenario) => [scenario]);
  return own.length > 0 ? [own] : [];
}

function crowdSeconds({ rampSeconds, warmupSeconds, seconds, repeats }: Scenario): number {
  return repeats * (rampSeconds + warmupSeconds + seconds + CROWD);
}

function sessionSeconds(scenarios: readonly Scenario[]): number {
  const sources = scenarios.filter(({ bitrate }, i) => bitrate !== scenarios[i - 1]?.bitrate);
  const crowds = scenarios.reduce((sum, scenario) => sum + crowdSeconds(scenario), 0);
  return START + sources.length * SOURCE + crowds;
}

/** When nobody is kept waiting: a server that is slow to take its listeners takes longer. */
export function partSeconds({ peers, scenarios, before }: Part): number {
  let sum = 0;
  for (const peer of peers) {
    const first = before(peer);
    const opening = first === null ? [] : [first];
    for (const session of sessionsOf(peer, scenarios))
      sum += sessionSeconds([...opening, ...session]);
  }
  return sum;
}

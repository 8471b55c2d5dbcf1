// Measures servers in turn; what one cannot do is told and left out, and a run that is cut keeps what it has.
import { type Figures, type Scenario, Session } from "./fan-out.ts";
import type { Peer } from "./peers.ts";
import { type Part, sessionsOf } from "./plan.ts";
import { describeScenario } from "./scenarios.ts";

/** Takes each figure as it comes. */
export type Keep = (figures: Figures) => Promise<void>;

/** Whatever fails in a run that is cut, fails for that. */
export function complain(who: string, error: unknown, cut: AbortSignal): void {
  const why: unknown = cut.aborted ? cut.reason : error;
  console.error(`${who}: ${why instanceof Error ? why.message : String(why)}`);
}

/** Takes crowds off `waiting` until one fails: its server is of no use to the others. */
async function measureAll(
  session: Session,
  waiting: Scenario[],
  cut: AbortSignal,
  keep: Keep,
): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    try {
      await keep(await session.measure(next));
    } catch (error) {
      return complain(`${session.name}, ${describeScenario(next)}`, error, cut);
    }
  }
}

/** Throws when a server does not start, or does not play. */
async function measurePeer(
  peer: Peer,
  scenarios: readonly Scenario[],
  first: Scenario | null,
  cut: AbortSignal,
  keep: Keep,
): Promise<void> {
  const waiting = [...scenarios];
  while (waiting[0] !== undefined && !cut.aborted) {
    await using session = await Session.open(peer, waiting[0], cut);
    if (first !== null) await session.measure(first);
    await measureAll(session, waiting, cut, keep);
  }
}

export async function measurePart(part: Part, cut: AbortSignal, keep: Keep): Promise<void> {
  for (const peer of part.peers) {
    for (const scenarios of sessionsOf(peer, part.scenarios)) {
      const first = part.before(peer);
      await measurePeer(peer, scenarios, first, cut, keep).catch((error: unknown) =>
        complain(peer.name, error, cut),
      );
    }
  }
}

// What the API tells of the status: what the keeper should change is told on this machine only.
import type { StationFacts } from "../../stats/facts.ts";
import { renderStatus } from "../../stats/status.ts";

/** `isLocal`: the client itself is on this machine. */
export function statusFor(facts: StationFacts, isLocal: boolean) {
  return renderStatus(isLocal ? facts : { ...facts, warnings: [] });
}

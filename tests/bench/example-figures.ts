// Figures as a run would have measured them, for tests of what is told of them.
import type { Figures, Scenario } from "./fan-out.ts";
import type { CrowdReport } from "./load/load-program.ts";

/** A report of which a test gives what it is about. */
function report(given: Partial<CrowdReport>): CrowdReport {
  return { refused: 0, failed: 0, closed: 0, stalled: 0, lost_bytes: 0, ...given } as CrowdReport;
}

export interface Given extends Partial<Omit<Figures, "report" | "scenario">> {
  readonly report?: Partial<CrowdReport>;
}

/** Everybody heard everything. */
export function figures(peer: string, scenario: Scenario, given: Given = {}): Figures {
  const { listeners, stalled } = scenario;
  const all = { asked: listeners, heard: listeners, stalled };
  const rest = { residentMB: 50, grownMB: 0, unsentBytes: null, statusP99Ms: null, late: null };
  const costs = { cpuSecondsPerGB: 1, cpuPercentPer1000: 1 };
  return {
    peer,
    scenario,
    ...costs,
    ...rest,
    ...given,
    report: report({ ...all, ...given.report }),
  };
}

// Pure: all that was measured, as one text.
import type { Figures } from "./fan-out.ts";
import { growthPanels } from "./growth.ts";
import { nodeTable } from "./node-table.ts";
import type { Panel } from "./picture.ts";
import type { Measured } from "./record.ts";
import { describeScenario } from "./scenarios.ts";
import { curveTable, historyTable, hlsTable, idleTable, mountTable, tableOf } from "./table.ts";
import { handoverTable } from "./handover/handover-table.ts";
import { libraryTable } from "./library-table.ts";
import { targetsTable } from "./targets.ts";

function crowdTables(figures: readonly Figures[]): string[] {
  const kinds = Map.groupBy(figures, ({ scenario }) => describeScenario(scenario));
  return [...kinds.values()].map(tableOf);
}

function isDrawn({ curves }: Panel): boolean {
  return curves.some(({ points }) => points.length > 0);
}

/** What was not measured is left out. */
export function tell(measured: Measured): string {
  const { idle, library, figures, mounts, hls, history, handover, node } = measured;
  return [
    ...(idle === null ? [] : [idleTable(idle)]),
    ...(library === null ? [] : [libraryTable(library)]),
    ...crowdTables(figures),
    ...(mounts.length === 0 ? [] : [mountTable(mounts)]),
    ...(hls === null ? [] : [hlsTable(hls)]),
    ...(history === null ? [] : [historyTable(history)]),
    ...(handover === null ? [] : [handoverTable(handover)]),
    ...(node.length === 0 ? [] : [nodeTable(node)]),
    ...growthPanels(measured).filter(isDrawn).map(curveTable),
    ...(figures.length === 0 ? [] : [targetsTable(figures)]),
  ].join("\n");
}

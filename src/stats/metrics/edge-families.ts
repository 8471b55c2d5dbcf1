// Pure: the metrics of the edges that listeners are sent to. Their addresses are those of the configuration.
import type { EdgeFacts } from "../../facts/edge-facts.ts";
import type { Family } from "./exposition.ts";

type Row = readonly [name: string, help: string, value: (edge: EdgeFacts) => number | null];

const ROWS: readonly Row[] = [
  ["cycast_edge_up", "1 while an edge gets listeners.", ({ isHealthy }) => Number(isHealthy)],
  ["cycast_edge_listeners", "Listeners of an edge.", ({ listeners }) => listeners],
  [
    "cycast_edge_lag_seconds",
    "Audio that an edge does not have yet.",
    ({ lagSeconds }) => lagSeconds,
  ],
];

/** None without edges. */
export function edgeFamilies(edges: readonly EdgeFacts[]): Family[] {
  if (edges.length === 0) return [];
  return ROWS.map(([name, help, value]) => {
    const samples = edges.flatMap((edge) => {
      const its = value(edge);
      return its === null ? [] : [{ labels: { edge: edge.url }, value: its }];
    });
    return { name, help, type: "gauge", samples };
  });
}

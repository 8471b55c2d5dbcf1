// Pure: the nodes of a cluster as the latest reports show them, and which of them are silent.
import type { NodeReport } from "./node-report.ts";

/** How often a node reports. */
export const REPORT_MS = 2000;

/** One that is silent for longer may be gone. */
const SILENT_MS = 3 * REPORT_MS + 1000;

/** It is not shown any more after so long. */
const FORGOTTEN_MS = 60 * 60_000;

export const MAX_NODES = 256;

export interface SeenNode {
  readonly report: NodeReport;
  /** Since its latest report. */
  readonly silentMs: number;
  readonly isUp: boolean;
}

export interface ViewEvents {
  /** A node reports for the first time, or again. */
  came(node: string): void;
  /** It does not report any more. */
  went(node: string): void;
}

interface Entry {
  report: NodeReport;
  saidMs: number;
  heardMs: number;
  isUp: boolean;
}

export class NodeView {
  readonly #nodes = new Map<string, Entry>();

  constructor(private readonly events: ViewEvents) {}

  /** `saidMs`: by the clock of the node. `ageMs`: a report may have been kept for a while. */
  heard(report: NodeReport, saidMs: number, nowMs: number, ageMs = 0): void {
    const before = this.#nodes.get(report.node);
    if (before !== undefined && before.saidMs >= saidMs) return;
    if (before === undefined && this.#nodes.size >= MAX_NODES) return;
    const heardMs = nowMs - Math.max(0, ageMs);
    const isUp = nowMs - heardMs < SILENT_MS;
    this.#nodes.set(report.node, { report, saidMs, heardMs, isUp });
    if (isUp && before?.isUp !== true) this.events.came(report.node);
  }

  /** To be called about once a second. */
  look(nowMs: number): void {
    for (const [node, entry] of this.#nodes) {
      const silentMs = nowMs - entry.heardMs;
      if (silentMs >= FORGOTTEN_MS) this.#nodes.delete(node);
      if (!entry.isUp || silentMs < SILENT_MS) continue;
      entry.isUp = false;
      this.events.went(node);
    }
  }

  /** Nothing was heard through no fault of theirs: they have time again. */
  excuse(nowMs: number): void {
    for (const entry of this.#nodes.values()) if (entry.isUp) entry.heardMs = nowMs;
  }

  /** The latest report of a node that is up. */
  find(node: string): NodeReport | null {
    const entry = this.#nodes.get(node);
    return entry?.isUp === true ? entry.report : null;
  }

  /** By name. */
  all(nowMs: number): SeenNode[] {
    return [...this.#nodes.values()]
      .map(({ report, heardMs, isUp }) => ({
        report,
        silentMs: Math.max(0, nowMs - heardMs),
        isUp,
      }))
      .toSorted((a, b) => (a.report.node < b.report.node ? -1 : 1));
  }
}

// Pure: the figures of hand-overs, and of what is behind them, as text.
import { fixed, markdownTable } from "../table.ts";
import type { HandoverFigures } from "./handovers.ts";
import type { CostFigures } from "./input-costs.ts";

export interface HandoverRecord {
  readonly kinds: readonly HandoverFigures[];
  readonly costs: CostFigures;
}

/** Percent of a core. */
const MOST_EACH = 0.5;

const TITLES = [
  "hand-over",
  "frames lost",
  "repeated",
  "foreign",
  "late",
  "longest pause ms",
  "least ahead s",
];

/** The least, by how much it was exceeded at most. */
function costLine(what: string, values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? Number.NaN;
  const mark = median <= MOST_EACH ? "ok" : "NO";
  const spread = `${fixed(sorted[0] ?? null, 2)} .. ${fixed(sorted.at(-1) ?? null, 2)}`;
  return `${mark}: ${what}: ${median.toFixed(2)} % of a core (${spread}), at most ${MOST_EACH}\n`;
}

function kindsTable(kinds: readonly HandoverFigures[]): string {
  const rows = kinds.map(({ kind, lost, repeated, foreign, lateFrames, ...rest }) => {
    const times = [fixed(rest.pauseMs, 0), fixed(rest.reserveSeconds, 1)];
    return [kind, lost, repeated, foreign, lateFrames, ...times];
  });
  return `${markdownTable(TITLES, rows)}\n`;
}

export function handoverTable({ kinds, costs }: HandoverRecord): string {
  const isGapless = (one: HandoverFigures) =>
    one.isWhole && one.lost + one.repeated + one.foreign + one.lateFrames === 0;
  const broken = kinds.filter((one) => !isGapless(one)).map(({ kind }) => kind);
  const mark = broken.length === 0 ? "ok: no gap anywhere" : `NO: ${broken.join("; ")}`;
  const { recorder, relayOfFrames, relayOfFours, without, load } = costs;
  const loads = load.map((one) => one.toFixed(1)).join(" to ");
  const beside = without.map((one) => one.toFixed(2)).join(", ");
  return [
    kindsTable(kinds),
    `${mark}\n`,
    costLine("a recorder of 128 kbit/s", recorder),
    costLine("a relay whose master writes each frame alone", relayOfFrames),
    costLine("a relay whose master writes four frames at a time", relayOfFours),
    `beside a station of ${beside} %; load ${loads}\n`,
  ].join("");
}

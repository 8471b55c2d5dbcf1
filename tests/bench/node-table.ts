// Pure: what a node bears, as a table, with what is aimed at.
import type { NodeFigures, Unserved } from "./node.ts";
import { type Cell, fixed, markdownTable } from "./table.ts";

/** Milliseconds, at the 99th percentile. */
const [LOOP_P99, STATUS_P99] = [10, 15];

/** Less would be another measurement. */
const SHARE_OF_JOINS = 0.98;

const COLUMNS: readonly (readonly [title: string, (figures: NodeFigures) => Cell])[] = [
  ["Cycast", ({ door }) => door],
  ["listeners", ({ size }) => size.listeners],
  ["CPU %", ({ calmPercent }) => fixed(calmPercent, 1)],
  ["joins/s", joinsPerSecond],
  ["CPU % then", ({ cpuPercent }) => fixed(cpuPercent, 1)],
  ["RSS MB", ({ residentMB }) => fixed(residentMB, 0)],
  ["loop late p50", ({ loop }) => fixed(loop.p50, 1)],
  ["p99", ({ loop }) => fixed(loop.p99, 1)],
  ["max ms", ({ loop }) => fixed(loop.max, 1)],
  ["status p50", ({ status }) => fixed(status.p50, 1)],
  ["p99 ms", ({ status }) => fixed(status.p99, 1)],
  ["first audio p50", ({ join }) => fixed(join.p50, 1)],
  ["p99 ms", ({ join }) => fixed(join.p99, 1)],
  ["not served", ({ unserved }) => countOf(unserved)],
  ["lost bytes", ({ lostBytes }) => lostBytes],
];

function joinsPerSecond({ joined, size }: NodeFigures): Cell {
  return fixed(joined / size.seconds, 0);
}

function countOf({ refused, failed, closed, waiting, silent }: Unserved): number {
  return refused + failed + closed + waiting + silent;
}

function partsOf({ refused, refused_status, failed, closed, ...without }: Unserved): string {
  const parts: readonly [number, string][] = [
    [refused, `refused with ${refused_status}`],
    [failed, "not connected or not answered"],
    [closed, "cut off"],
    [without.waiting, "still waiting"],
    [without.silent, "without audio"],
  ];
  const some = parts.filter(([count]) => count > 0);
  return some.map(([count, what]) => `${count} ${what}`).join(", ");
}

/** What is not as it is aimed at. */
export function missedBy({
  loop,
  status,
  joined,
  size,
  unserved,
  lostBytes,
}: NodeFigures): string[] {
  const isSlow = joined < size.joins * size.seconds * SHARE_OF_JOINS;
  return [
    ...(loop.p99 > LOOP_P99 ? [`loop late p99 at most ${LOOP_P99} ms`] : []),
    ...(status.p99 > STATUS_P99 ? [`status p99 at most ${STATUS_P99} ms`] : []),
    ...(isSlow ? [`${size.joins} joins a second`] : []),
    ...(countOf(unserved) > 0 ? [`everybody served (${partsOf(unserved)})`] : []),
    ...(lostBytes > 0 ? ["no byte lost"] : []),
  ];
}

function verdict(figures: NodeFigures): string {
  const missed = missedBy(figures);
  const load = figures.load.map((one) => one.toFixed(1)).join(" to ");
  return `${figures.door}, load ${load}: ${missed.length === 0 ? "ok" : `NO: ${missed.join(", ")}`}`;
}

export function nodeTable(figures: readonly NodeFigures[]): string {
  const rows = figures.map((one) => COLUMNS.map(([, cell]) => cell(one)));
  const titles = COLUMNS.map(([title]) => title);
  const lines = figures.map(verdict).join("\n");
  return `one node, listeners coming and going\n${markdownTable(titles, rows)}\n${lines}\n`;
}

// Pure: figures as lines of a table, the same in the terminal and in Markdown.
import type { Figures } from "./fan-out.ts";
import { type HistoryFigures, medianOf, ratiosOf } from "./history.ts";
import type { Served } from "./file-servers.ts";
import type { HlsFigures } from "./hls.ts";
import type { IdleFigures } from "./idle.ts";
import type { MountFigures } from "./mounts.ts";
import type { Panel } from "./picture.ts";
import { describeScenario } from "./scenarios.ts";

export type Cell = string | number | null;

export function fixed(value: number | null, digits: number): Cell {
  return value === null || Number.isNaN(value) ? null : value.toFixed(digits);
}

const COLUMNS: readonly (readonly [title: string, (figures: Figures) => Cell])[] = [
  ["server", ({ peer }) => peer],
  ["heard", ({ report }) => `${report.heard} of ${report.asked}`],
  ["CPU s/GB", ({ cpuSecondsPerGB }) => fixed(cpuSecondsPerGB, 2)],
  ["CPU %/1000", ({ cpuPercentPer1000 }) => fixed(cpuPercentPer1000, 2)],
  ["RSS MB", ({ residentMB }) => fixed(residentMB, 0)],
  ["unsent KB", ({ unsentBytes }) => fixed(unsentBytes && unsentBytes / 1000, 0)],
  ["latency p50", ({ report }) => fixed(report.latency_p50_ms, 0)],
  ["p99", ({ report }) => fixed(report.latency_p99_ms, 0)],
  ["max ms", ({ report }) => fixed(report.latency_max_ms, 0)],
  ["lost bytes", ({ report }) => report.lost_bytes],
  ["first audio p50", ({ report }) => fixed(report.first_audio_p50_ms, 0)],
  ["p99 ms", ({ report }) => fixed(report.first_audio_p99_ms, 0)],
  ["all had audio ms", ({ report }) => fixed(report.all_audio_ms, 0)],
  ["loop late p99", ({ late }) => fixed(late?.p99 ?? null, 1)],
  ["max ms", ({ late }) => fixed(late?.max ?? null, 1)],
  ["status p99 ms", ({ statusP99Ms }) => fixed(statusP99Ms, 1)],
];

/** Columns that nobody has a figure for are left out. */
export function markdownTable(
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const used = titles.map((_, column) => rows.some((row) => (row[column] ?? null) !== null));
  const kept = [titles, titles.map(() => "---"), ...rows].map((row) =>
    row.filter((_, column) => used[column]).map((cell) => String(cell ?? "–")),
  );
  const widths = kept[0]?.map((_, column) =>
    Math.max(...kept.map((row) => row[column]?.length ?? 0)),
  );
  const lines = kept.map((row) => row.map((cell, column) => cell.padEnd(widths?.[column] ?? 0)));
  return lines.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** What a panel draws, in three digits: a line for each curve, a column for each place on its axis. */
export function curveTable({ title, across, curves }: Panel): string {
  const places = curves.flatMap(({ points }) => points.map(([x]) => x));
  const at = [...new Set(places)].toSorted((a, b) => a - b);
  const rows = curves.map(({ name, points }) => {
    const up = new Map(points);
    return [name, ...at.map((x) => Number(up.get(x)?.toPrecision(3) ?? Number.NaN))];
  });
  const shown = rows.map((row) => row.map((cell) => (Number.isNaN(cell) ? null : cell)));
  return `${title}\n${markdownTable([across, ...at.map(String)], shown)}\n`;
}

/** One scenario's servers, one line each. */
export function tableOf(figures: readonly Figures[]): string {
  const [first] = figures;
  if (first === undefined) return "";
  const titles = COLUMNS.map(([title]) => title);
  const rows = figures.map((one) => COLUMNS.map(([, cell]) => cell(one)));
  return `${describeScenario(first.scenario)}\n${markdownTable(titles, rows)}\n`;
}

export function mountTable(figures: readonly MountFigures[]): string {
  const titles = ["mounts", "listeners", "CPU %", "RSS MB", "lost bytes"];
  const rows = figures.map(({ mounts, listeners, cpuPercent, residentMB, lostBytes }) => {
    return [mounts, listeners, fixed(cpuPercent, 1), fixed(residentMB, 0), lostBytes];
  });
  return `mounts with a source each, the listeners spread over them\n${markdownTable(titles, rows)}\n`;
}

function idleLine(what: string, values: readonly number[], unit: string): string {
  const sorted = values.toSorted((a, b) => a - b);
  const shown = (value: number | undefined) => value?.toFixed(1) ?? "–";
  const median = shown(sorted[Math.floor(sorted.length / 2)]);
  return `${what.padEnd(44)} ${median} ${unit}   (${shown(sorted[0])} .. ${shown(sorted.at(-1))})\n`;
}

export function idleTable({ firstAudioMs, residentMB, cpuPercent, ...rest }: IdleFigures): string {
  return [
    idleLine("start to first audio byte", firstAudioMs, "ms"),
    idleLine("idle memory, playlist running (RSS)", [residentMB], "MB"),
    idleLine("idle CPU, playlist running", [cpuPercent], "% of a core"),
    `${"a recorder of 128 kbit/s beside it".padEnd(44)} ${rest.recorderPercent.toFixed(2)} % of a core\n`,
  ].join("");
}

export function hlsTable({ segments, playlists, segmentBytes, ...rest }: HlsFigures): string {
  const titles = [
    "HLS: requests a second and core",
    "Cycast",
    "nginx",
    "ratio",
    "bare Bun",
    "ratio",
  ];
  const row = (what: string, { own, nginx, bun }: Served) => {
    const rates = [fixed(own, 0), fixed(nginx, 0), fixed(own / nginx, 2)];
    return [what, ...rates, fixed(bun, 0), fixed(bun / nginx, 2)];
  };
  const rows = [row(`segments of ${segmentBytes} bytes`, segments), row("playlists", playlists)];
  return `${markdownTable(titles, rows)}\n${listenerLines(rest)}`;
}

/** Records of earlier versions have no pairs. */
function listenerLines({ listeners, pairs = [] }: Partial<HlsFigures>): string {
  return pairs
    .map(({ nobody, listening }) => {
      const of = `with them ${fixed(listening, 2)} %, with nobody ${fixed(nobody, 2)} %`;
      return `${listeners} HLS listeners cost ${fixed(listening - nobody, 2)} % of a core: ${of}\n`;
    })
    .join("");
}

/** The aim is 2 % more. */
const MOST_FOR_HISTORY = 1.02;

export function historyTable(figures: HistoryFigures): string {
  const { listeners, joinsPerSecond, pairs, load } = figures;
  const titles = ["history: CPU % of a core", "without", "with", "ratio"];
  const rows = pairs.map(({ without, kept }, at) => {
    return [`pair ${at + 1}`, fixed(without, 1), fixed(kept, 1), fixed(kept / without, 3)];
  });
  const ratios = ratiosOf(figures);
  const [least = 0, most = 0, median] = [ratios[0], ratios.at(-1), medianOf(ratios)];
  const mark = median <= MOST_FOR_HISTORY ? "ok" : "NO";
  const spread = `${median.toFixed(3)} (${least.toFixed(3)} .. ${most.toFixed(3)})`;
  const crowd = `${listeners} listeners, ${joinsPerSecond} joins a second, load ${load.map((one) => one.toFixed(1)).join(" to ")}`;
  const aim = `${mark}: ratio ${spread}, at most ${MOST_FOR_HISTORY}`;
  return `${markdownTable(titles, rows)}\n${crowd}; ${aim}\n`;
}

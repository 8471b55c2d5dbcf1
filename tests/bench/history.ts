// What it costs to write history: the same listeners, of whom 50 come and 50 go each second, with and without it, in pairs whose
// order alternates, so that what disturbs one disturbs the other.
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { scratch } from "../support/station.ts";
import { onCut } from "./cut.ts";
import { LoadProgram } from "./load/load-program.ts";
import { cpuPercent, firstAudio, runStation, type RunningStation } from "./process.ts";

const [LISTENERS, JOINS, PAIRS] = [4000, 50, 4];
/** A thread that has just begun is still compiled. */
const [RAMP_SECONDS, SETTLE_SECONDS, SECONDS] = [4, 25, 12];

/** Roughly. */
export const HISTORY_SECONDS = PAIRS * 2 * (4 + RAMP_SECONDS + SETTLE_SECONDS + SECONDS);

/** Percent of a core. */
export interface HistoryPair {
  readonly without: number;
  readonly kept: number;
}

export interface HistoryFigures {
  readonly listeners: number;
  readonly joinsPerSecond: number;
  readonly pairs: readonly HistoryPair[];
  /** Of the machine when it began and ended. */
  readonly load: readonly [number, number];
}

/** Its listeners, until they are disposed of. */
async function listeners(station: RunningStation, cut: AbortSignal) {
  await using programs = new AsyncDisposableStack();
  const port = Number(new URL(station.url).port);
  const login = ["--port", station.sourcePort, "--password", station.password];
  const words = [...login, "--mount", "/stream", "--bitrate", 128];
  await programs.use(new LoadProgram("source", words)).event("live");
  const whole = SETTLE_SECONDS + SECONDS + 4;
  const crowd = ["--port", port, "--path", "/stream", "--listeners", LISTENERS];
  crowd.push("--ramp-seconds", RAMP_SECONDS, "--warmup", 1, "--seconds", whole);
  const many = programs.use(new LoadProgram("crowd", crowd));
  using _ = onCut(cut, () => many.stop());
  const program = join(import.meta.dir, "load", "churn.ts");
  const coming = Bun.spawn(
    [process.execPath, program, "--port", `${port}`, "--joins", `${JOINS}`],
    { stdio: ["ignore", "ignore", 2] },
  );
  programs.defer(() => void coming.kill("SIGKILL"));
  await many.event("window");
  return programs.move();
}

async function measure(isKept: boolean, cut: AbortSignal): Promise<number> {
  await using folder = await scratch();
  const history = `history { directory = ${JSON.stringify(join(folder.path, "history"))} }\n`;
  // No other state is kept in either: its cost would be taken for the history's.
  await using station = await runStation(folder.path, undefined, isKept ? history : "", "");
  await firstAudio(station);
  await using _listeners = await listeners(station, cut);
  await setTimeout(SETTLE_SECONDS * 1000, null, { signal: cut });
  // Awaited here: the station ends with this function.
  return await cpuPercent(station.pid, SECONDS, cut);
}

async function measurePair(keptFirst: boolean, cut: AbortSignal): Promise<HistoryPair> {
  const [first, second] = [await measure(keptFirst, cut), await measure(!keptFirst, cut)];
  return keptFirst ? { kept: first, without: second } : { kept: second, without: first };
}

/** Throws when it is cut. */
export async function measureHistory(cut: AbortSignal): Promise<HistoryFigures> {
  const load = () => loadavg()[0] ?? 0;
  const before = load();
  const pairs: HistoryPair[] = [];
  for (let at = 0; at < PAIRS; at++) {
    pairs.push(await measurePair(at % 2 === 0, cut));
    console.error(`history, pair ${at + 1} of ${PAIRS}: ${JSON.stringify(pairs.at(-1))}`);
  }
  return { listeners: LISTENERS, joinsPerSecond: JOINS, pairs, load: [before, load()] };
}

/** The ratio of each pair, the smallest first. */
export function ratiosOf({ pairs }: Pick<HistoryFigures, "pairs">): number[] {
  return pairs.map(({ without, kept }) => kept / without).toSorted((a, b) => a - b);
}

/** Of sorted numbers. */
export function medianOf(sorted: readonly number[]): number {
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return (low + high) / 2;
}

// A station worked by everybody at once for as long as wanted: live shows that come and go, reloads and mistakes, titles,
// listeners who join and leave, clients that stall, sources that crash, nonsense, freezes. Two crowds stay all the time and count every frame. Linux.
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type CrowdReport, LoadProgram } from "../bench/load/load-program.ts";
import { makeLoadProgram } from "../bench/load/make.ts";
import { operate, type OperatedStation } from "../support/operated.ts";
import { scratch } from "../support/station.ts";
import { crash, freeze, pester } from "./chaos.ts";
import { comeAndGo, reload, retitle, settings, stall, visit } from "./actors.ts";
import { collect } from "./samples.ts";
import { type Change, changes, losses } from "./verdict.ts";

const MUSIC = join(import.meta.dir, "..", "..", "music");

export interface SoakReport {
  readonly listeners: number;
  readonly seconds: number;
  /** Frames of live shows that were heard, by all listeners. */
  readonly frames: number;
  readonly changes: readonly Change[];
  readonly losses: readonly string[];
}

/** Those who stay: at the source port plain, at the listen port with titles. */
function crowds(at: OperatedStation, listeners: number): [string, LoadProgram][] {
  const words = ["--listeners", Math.ceil(listeners / 2), "--seconds", 86_400];
  return [
    ["plain", new LoadProgram("crowd", ["--port", at.sourcePort, ...words])],
    ["titled", new LoadProgram("crowd", ["--port", at.listenPort, "--icy", ...words])],
  ];
}

/** Until all have ended; when one fails it cuts the others short, and its error is thrown. */
async function together(cut: AbortController, work: readonly Promise<unknown>[]): Promise<void> {
  const guarded = work.map((one) => one.finally(() => cut.abort()));
  const ended = await Promise.allSettled(guarded);
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

async function reportOf([name, crowd]: readonly [string, LoadProgram]) {
  crowd.stop();
  return { name, report: await crowd.event<CrowdReport>("report") };
}

/** Works a station of its own for `seconds`. */
export async function soak(seconds: number, listeners: number): Promise<SoakReport> {
  makeLoadProgram("all");
  await using home = await scratch();
  await symlink(MUSIC, join(home.path, "music"));
  await using at = await operate(home.path, "soak", settings(0));
  const staying = crowds(at, listeners);
  await using stack = new AsyncDisposableStack();
  for (const [, crowd] of staying) stack.use(crowd);
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), seconds * 1000);
  stack.defer(() => clearTimeout(timer));
  const collected = collect(at, cut.signal);
  const actors = [comeAndGo, reload, retitle, visit, stall, crash, pester, freeze];
  await together(cut, [collected, ...actors.map((act) => act(at, cut.signal))]);
  const reports = await Promise.all(staying.map(reportOf));
  return {
    listeners,
    seconds,
    frames: reports.reduce((sum, { report }) => sum + report.run_frames, 0),
    changes: changes(await collected),
    losses: reports.flatMap(({ name, report }) => losses(name, report)),
  };
}

/** What a report says to a reader. */
export function tell({ listeners, seconds, frames, changes, losses }: SoakReport): string[] {
  const grown = changes.map(
    ({ name, before, after, isFlat }) =>
      `${isFlat ? "flat" : "GROWS"}: ${name} ${before.toFixed(1)} -> ${after.toFixed(1)}`,
  );
  const heard = `${listeners} listeners heard ${frames} live frames in ${seconds} s`;
  return [heard, ...grown, ...losses.map((loss) => `LOST: ${loss}`)];
}

export function isSound({ changes, losses }: SoakReport): boolean {
  return losses.length === 0 && changes.every(({ isFlat }) => isFlat);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      hours: { type: "string", default: "1" },
      listeners: { type: "string", default: "400" },
    },
  });
  const report = await soak(Number(values.hours) * 3600, Number(values.listeners));
  for (const line of tell(report)) console.log(line);
  process.exit(isSound(report) ? 0 : 1);
}

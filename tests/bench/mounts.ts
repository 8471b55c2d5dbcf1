// What mounts cost: the same listeners, spread over more and more of them, each with a source of its own.
import { onCut } from "./cut.ts";
import { type CrowdReport, LoadProgram } from "./load/load-program.ts";
import { cycast } from "./peers.ts";
import { steady } from "./scenarios.ts";
import { busySeconds, busyThreads, residentMB } from "./process.ts";

const BITRATE = 128;
const [RAMP_SECONDS, WARMUP_SECONDS, SECONDS] = [2, 4, 10];

export interface MountFigures {
  readonly mounts: number;
  readonly listeners: number;
  readonly cpuPercent: number;
  readonly residentMB: number;
  readonly lostBytes: number;
}

export const MOUNTS = [1, 4, 16, 64] as const;

/** Of those in all mounts together. */
export const MOUNT_LISTENERS = 2000;

/** Roughly, of each number of mounts. */
export const MOUNT_SECONDS = 2 + RAMP_SECONDS + WARMUP_SECONDS + SECONDS;

/** Throws when a source is not taken, or it is cut. */
export async function measureMounts(
  mounts: number,
  listeners: number,
  cut: AbortSignal,
): Promise<MountFigures> {
  await using place = await cycast("listen port", mounts).start(steady(listeners, false, BITRATE));
  await using programs = new AsyncDisposableStack();
  const paths = Array.from({ length: mounts }, (_, i) => (i === 0 ? "/stream" : `/mount${i}`));
  for (const path of paths) {
    const words = ["--port", place.sourcePort, "--password", place.password, "--mount", path];
    words.push("--bitrate", BITRATE);
    await programs.use(new LoadProgram("source", words)).event("live");
  }
  const share = ["--listeners", Math.ceil(listeners / mounts), "--ramp-seconds", RAMP_SECONDS];
  const times = ["--warmup", WARMUP_SECONDS, "--seconds", SECONDS];
  const crowds = paths.map((path) => {
    const words = ["--port", place.listenPort, "--path", path, ...share, ...times];
    return programs.use(new LoadProgram("crowd", words));
  });
  using _ = onCut(cut, () => crowds.forEach((crowd) => crowd.stop()));
  await Promise.all(crowds.map((crowd) => crowd.event("window")));
  const [before, startedMs] = [await busyThreads(place.pid), performance.now()];
  await Promise.race(crowds.map((crowd) => crowd.event("end")));
  const seconds = (performance.now() - startedMs) / 1000;
  cut.throwIfAborted();
  const cpuPercent = (busySeconds(before, await busyThreads(place.pid)) / seconds) * 100;
  const memory = await residentMB(place.pid);
  const reports = await Promise.all(crowds.map((crowd) => crowd.event<CrowdReport>("report")));
  const sum = (of: (report: CrowdReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  return {
    mounts,
    listeners: sum(({ heard }) => heard),
    cpuPercent,
    residentMB: memory,
    lostBytes: sum(({ lost_bytes }) => lost_bytes),
  };
}

// One node: as many listeners as a process may have descriptors, thousands of whom leave and join each second.
import { loadavg } from "node:os";
import { setTimeout } from "node:timers/promises";
import { descriptorLimit } from "../../src/lib/descriptors.ts";
import { scratch } from "../support/station.ts";
import { onCut } from "./cut.ts";
import { type CrowdReport, LoadProgram } from "./load/load-program.ts";
import {
  busySeconds,
  busyThreads,
  cpuPercent,
  firstAudio,
  residentMB,
  runStation,
  type RunningStation,
} from "./process.ts";
import { askStatus, lagBetween, lagOf, mostLate, type Waits, waitsOf } from "./waits.ts";

export interface NodeSize {
  readonly listeners: number;
  /** Each second; as many leave. */
  readonly joins: number;
  readonly rampSeconds: number;
  /** Until what the arrival left behind is collected. */
  readonly restSeconds: number;
  /** Nobody comes or goes. */
  readonly calmSeconds: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
}

/** Those who leave are noticed a little later than others have come. */
const SPARE_DESCRIPTORS = 600;

const MOST_LISTENERS = 19_400;

export const WHOLE_NODE: NodeSize = {
  listeners: Math.min(MOST_LISTENERS, descriptorLimit() - SPARE_DESCRIPTORS),
  joins: 2000,
  rampSeconds: 20,
  restSeconds: 25,
  calmSeconds: 15,
  warmupSeconds: 10,
  seconds: 60,
};

export type NodeDoor = "listen port" | "source port";

export const NODE_DOORS: readonly NodeDoor[] = ["listen port", "source port"];

/** Roughly, at each door. */
export const NODE_SECONDS = 5 + 20 + 15 + 25 + 15 + 10 + 60 + 5;

/** Listeners that were turned away, cut off or never answered. */
export interface Unserved extends Pick<
  CrowdReport,
  "refused" | "refused_status" | "failed" | "closed" | "waiting"
> {
  /** Answered with 200, and never heard audio. */
  readonly silent: number;
}

const silentOf = ({ asked, heard, refused, failed, waiting }: CrowdReport) =>
  asked - heard - refused - failed - waiting;

export interface NodeFigures {
  readonly door: NodeDoor;
  readonly size: NodeSize;
  /** Percent of a core before anybody left. */
  readonly calmPercent: number;
  /** While they came and went. */
  readonly cpuPercent: number;
  readonly residentMB: number;
  readonly joined: number;
  readonly left: number;
  /** From connect() to the first byte of audio. */
  readonly join: Waits;
  readonly status: Waits;
  readonly loop: Waits;
  readonly unserved: Unserved;
  readonly lostBytes: number;
  /** Of the machine when it began and ended. */
  readonly load: readonly [number, number];
}

/** The load source plays silence. */
const LIVE = "advanced {\n  silence_timeout = 0\n}\n";

/** Of each crowd. */
const ADDRESSES = 200;

/** Until the source is on air, and what joined before it has heard it. */
const SOURCE_SECONDS = 2;

/** Those who stay, and those who come and go. */
interface Crowds {
  readonly staying: LoadProgram;
  readonly going: LoadProgram;
}

function startCrowds(port: number, size: NodeSize, programs: AsyncDisposableStack): Crowds {
  const { rampSeconds, restSeconds, calmSeconds, warmupSeconds, seconds } = size;
  const half = Math.floor(size.listeners / 2);
  const times = ["--ramp-seconds", rampSeconds, "--settle-seconds", 60];
  times.push("--calm", restSeconds + calmSeconds);
  times.push("--warmup", warmupSeconds, "--seconds", seconds, "--addresses", ADDRESSES);
  const start = (listeners: number, ...words: (string | number)[]) => {
    const all = ["--port", port, "--path", "/stream", "--listeners", listeners, ...times, ...words];
    return programs.use(new LoadProgram("crowd", all));
  };
  return {
    staying: start(half, "--first-address", 1),
    going: start(size.listeners - half, "--first-address", 1 + ADDRESSES, "--churn", size.joins),
  };
}

/** From the window's begin to its end. */
async function watch(station: RunningStation, { going }: Crowds, cut: AbortSignal) {
  const over = new AbortController();
  using _ = onCut(cut, () => over.abort());
  const [lag, busy, startedMs] = [
    await lagOf(station),
    await busyThreads(station.pid),
    performance.now(),
  ];
  const [status, max] = await Promise.all([
    askStatus(`${station.url}/api/status`, over.signal),
    mostLate(station, over.signal),
    going.event("end").finally(() => over.abort()),
  ]);
  const seconds = (performance.now() - startedMs) / 1000;
  const cpuSeconds = busySeconds(busy, await busyThreads(station.pid));
  const after = await lagOf(station);
  const [p50, p99] = [lagBetween(lag, after, 0.5), lagBetween(lag, after, 0.99)];
  return {
    cpuPercent: (cpuSeconds / seconds) * 100,
    residentMB: await residentMB(station.pid),
    loop: { p50, p99, max },
    status: waitsOf(status),
  };
}

function unservedOf(one: CrowdReport, other: CrowdReport): Unserved {
  return {
    refused: one.refused + other.refused,
    refused_status: one.refused_status || other.refused_status,
    failed: one.failed + other.failed,
    closed: one.closed + other.closed,
    waiting: one.waiting + other.waiting,
    silent: silentOf(one) + silentOf(other),
  };
}

type Coming = Pick<NodeFigures, "joined" | "left" | "join" | "unserved" | "lostBytes">;

function comingOf(staying: CrowdReport, going: CrowdReport): Coming {
  const { joined, left, join_p50_ms, join_p99_ms, join_max_ms } = going;
  return {
    joined,
    left,
    join: { p50: join_p50_ms ?? 0, p99: join_p99_ms ?? 0, max: join_max_ms ?? 0 },
    unserved: unservedOf(staying, going),
    lostBytes: staying.lost_bytes + going.lost_bytes,
  };
}

/** With a live source. */
async function startNode(folder: string, cut: AbortSignal) {
  await using programs = new AsyncDisposableStack();
  const station = programs.use(await runStation(folder, undefined, LIVE));
  await firstAudio(station);
  const { sourcePort, password } = station;
  const login = ["--port", sourcePort, "--password", password, "--bitrate", 128];
  await programs.use(new LoadProgram("source", login)).event("live");
  await setTimeout(SOURCE_SECONDS * 1000, null, { signal: cut });
  return { station, programs: programs.move() };
}

/** Throws when the station does not play, or it is cut. */
export async function measureNode(
  door: NodeDoor,
  size: NodeSize,
  cut: AbortSignal,
): Promise<NodeFigures> {
  const load = () => loadavg()[0] ?? 0;
  const before = load();
  await using folder = await scratch();
  const { station, programs } = await startNode(folder.path, cut);
  await using _programs = programs;
  const port = door === "source port" ? station.sourcePort : Number(new URL(station.url).port);
  const crowds = startCrowds(port, size, programs);
  const { staying, going } = crowds;
  using _ = onCut(cut, () => [staying, going].forEach((crowd) => crowd.stop()));
  await Promise.all([staying.event("settled"), going.event("settled")]);
  await setTimeout(size.restSeconds * 1000, null, { signal: cut });
  const calmPercent = await cpuPercent(station.pid, size.calmSeconds, cut);
  await going.event("window");
  const watched = await watch(station, crowds, cut);
  const reports = [staying, going].map((crowd) => crowd.event<CrowdReport>("report"));
  const [stayed, came] = await Promise.all(reports);
  cut.throwIfAborted();
  if (stayed === undefined || came === undefined) throw new Error("a crowd did not report");
  return { door, size, calmPercent, ...watched, ...comingOf(stayed, came), load: [before, load()] };
}

// The station as its keeper runs it: a process of its own, on free ports, with the tracks that ship or others.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../support/ports.ts";
import { until } from "../support/station.ts";

const ROOT = join(import.meta.dir, "..", "..");

/** The tracks that ship. */
const MUSIC = join(ROOT, "music");

export interface RunningStation extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  readonly sourcePort: number;
  readonly password: string;
  /** performance.now() when the process was asked for. */
  readonly spawnedMs: number;
}

/** Starts `bun src/main.ts`; returns at once, the station may still be starting. What it keeps is in `directory`. `more`:
 * further blocks of its configuration. `state`: its state directory, "" for none; its own unless one is given. */
export async function runStation(
  directory: string,
  music = MUSIC,
  more = "",
  state: string | null = null,
): Promise<RunningStation> {
  const [sourcePort, listenPort] = [freePort(), freePort()];
  const password = "bench";
  const file = join(directory, "bench.hcl");
  await Bun.write(
    file,
    `server { 
  host = "127.0.0.1"
  source_port = ${sourcePort}
  listen_port = ${listenPort}
  source_password = "${password}"
  admin_password = "${password}"
${state === null ? "" : `  state_directory = ${JSON.stringify(state)}\n`}}
playlist {
  directory = "${music}"
}
${more}`,
  );
  const spawnedMs = performance.now();
  const station = Bun.spawn([process.execPath, "src/main.ts", "--config", file], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "ignore"],
  });
  return {
    pid: station.pid,
    url: `http://127.0.0.1:${listenPort}`,
    sourcePort,
    password,
    spawnedMs,
    async [Symbol.asyncDispose]() {
      station.kill("SIGTERM");
      await station.exited;
    },
  };
}

/** A busy machine takes its time. */
const START_SECONDS = 60;

/** Waits until a station answers. */
export async function isUp({ url }: RunningStation): Promise<void> {
  const answers = async () => (await fetch(`${url}/health/live`).catch(() => null)) !== null;
  await until("the station is there", answers, START_SECONDS);
}

/** Milliseconds from the start of the process to the first byte of audio at a listener. */
export async function firstAudio(station: RunningStation): Promise<number> {
  for (let tries = 0; tries < 5000; tries++) {
    try {
      const answer = await fetch(`${station.url}/stream`);
      const reader = answer.body?.getReader();
      const first = await reader?.read();
      const tookMs = performance.now() - station.spawnedMs;
      await reader?.cancel();
      if (first?.value?.length) return tookMs;
    } catch (error) {
      if (tries === 4999) throw error;
    }
    await Bun.sleep(2);
  }
  throw new Error("the station gave no audio");
}

/** Resident memory in MB (10^6 bytes). */
export async function residentMB(pid: number): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6;
}

/** Nanoseconds that each of a process's threads has been on a processor. */
export type Busy = ReadonlyMap<string, number>;

export async function busyThreads(pid: number): Promise<Busy> {
  const busy = new Map<string, number>();
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const text = await Bun.file(`/proc/${pid}/task/${thread}/schedstat`)
      .text()
      .catch(() => "");
    if (text !== "") busy.set(thread, Number(text.split(" ")[0]));
  }
  return busy;
}

/** Percent of a core that a process uses for so many seconds. Throws when it is cut. */
export async function cpuPercent(pid: number, seconds: number, cut: AbortSignal): Promise<number> {
  const before = await busyThreads(pid);
  const startedMs = performance.now();
  await setTimeout(seconds * 1000, null, { signal: cut });
  const tookSeconds = (performance.now() - startedMs) / 1000;
  return (busySeconds(before, await busyThreads(pid)) / tookSeconds) * 100;
}

/** What they ran in between, in seconds. Of a thread that has ended meanwhile nobody knows. */
export function busySeconds(before: Busy, after: Busy): number {
  let sum = 0;
  for (const [thread, nanoseconds] of after) sum += nanoseconds - (before.get(thread) ?? 0);
  return sum / 1e9;
}

/** The most bytes that the kernel holds for one connection to a port of this machine: written, and not taken by
 * the other side. */
export async function unsentBytes(port: number): Promise<number> {
  const table = await Bun.file("/proc/net/tcp").text();
  return mostUnsent(table, port);
}

/** Of /proc/net/tcp: local address, remote address, state, what waits to go out and what came in. */
export function mostUnsent(table: string, port: number): number {
  const local = port.toString(16).toUpperCase().padStart(4, "0");
  const row = new RegExp(`: [0-9A-F]{8}:${local} [0-9A-F:]{13} 01 ([0-9A-F]{8}):`, "g");
  const unsent = Array.from(table.matchAll(row), ([, bytes = "0"]) => Number.parseInt(bytes, 16));
  return Math.max(0, ...unsent);
}

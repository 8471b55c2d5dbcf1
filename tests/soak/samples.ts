// What a station takes of its machine, read once a second while it is worked.
import { readdir } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { OperatedStation } from "../support/operated.ts";
import { residentMB } from "../bench/process.ts";

const EVERY_MS = 1000;

/** A lag is one of the last 20 s. */
const LAG_MS = 20_000;

/** Share of that time for which the station's thread waited for a processor: with more, the lag is the machine's. */
const MOST_WAITING = 0.05;

export interface Sample {
  readonly residentMB: number;
  readonly descriptors: number;
  /** Event-loop lag, 99th percentile of the last 10 to 20 s; null if others had the processors meanwhile. */
  readonly lateMs: number | null;
}

interface Waited {
  readonly atMs: number;
  /** Since the start of the process. */
  readonly waitedMs: number;
}

/** Milliseconds for which a process's first thread could have run, and others did; 0 where the system does not count them. */
async function waitedMs(pid: number): Promise<number> {
  const text = await Bun.file(`/proc/${pid}/task/${pid}/schedstat`)
    .text()
    .catch(() => "");
  return Number(text.split(" ")[1] ?? 0) / 1e6;
}

/** Whether it waited too long between the first of these moments and the last. */
export function isHeldUp(moments: readonly Waited[]): boolean {
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined) return false;
  return last.waitedMs - first.waitedMs > MOST_WAITING * LAG_MS;
}

async function take({ child, ask }: OperatedStation): Promise<Sample & { lateMs: number }> {
  const stats = (await (await ask("/api/stats")).json()) as { late_ms: { p99: number } };
  const open = await readdir(`/proc/${child.pid}/fd`);
  const resident = await residentMB(child.pid);
  return { residentMB: resident, descriptors: open.length, lateMs: stats.late_ms.p99 };
}

/** Until `cut`. Throws when the station has ended or gives no figures. */
export async function collect(station: OperatedStation, cut: AbortSignal): Promise<Sample[]> {
  const samples: Sample[] = [];
  let moments: Waited[] = [];
  while (!cut.aborted) {
    const sample = await take(station);
    const now = { atMs: performance.now(), waitedMs: await waitedMs(station.child.pid) };
    moments = [...moments.filter(({ atMs }) => atMs > now.atMs - LAG_MS), now];
    samples.push(isHeldUp(moments) ? { ...sample, lateMs: null } : sample);
    await setTimeout(EVERY_MS, null, { signal: cut }).catch(() => undefined);
  }
  return samples;
}

// What a station takes of its machine, read once a second while it is worked.
import { readdir } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { OperatedStation } from "../support/operated.ts";
import { residentMB } from "../bench/process.ts";

const EVERY_MS = 1000;

export interface Sample {
  readonly residentMB: number;
  readonly descriptors: number;
  /** Event-loop lag, 99th percentile of the last 10 to 20 s. */
  readonly lateMs: number;
}

async function take({ child, ask }: OperatedStation): Promise<Sample> {
  const stats = (await (await ask("/api/stats")).json()) as { late_ms: { p99: number } };
  const open = await readdir(`/proc/${child.pid}/fd`);
  const resident = await residentMB(child.pid);
  return { residentMB: resident, descriptors: open.length, lateMs: stats.late_ms.p99 };
}

/** Until `cut`. Throws when the station has ended or gives no figures. */
export async function collect(station: OperatedStation, cut: AbortSignal): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (!cut.aborted) {
    samples.push(await take(station));
    await setTimeout(EVERY_MS, null, { signal: cut }).catch(() => undefined);
  }
  return samples;
}

// How long a station's answers and the turns of its event loop take, watched from another process.
import { setTimeout } from "node:timers/promises";
import { valuesOf } from "../support/exposition.ts";

type Place = { readonly url: string };

/** Milliseconds. */
export interface Waits {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const POLL_MS = 50;

/** Sorted values; 0 of none. */
export function waitsOf(all: readonly number[]): Waits {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Asks for the status at a steady rate, whatever the answers take; each counts from when it was due. */
export async function askStatus(url: string, cut: AbortSignal): Promise<number[]> {
  const tookMs: number[] = [];
  const pending: Promise<void>[] = [];
  for (let dueMs = performance.now(); !cut.aborted; dueMs += POLL_MS) {
    await Bun.sleep(Math.max(0, dueMs - performance.now()));
    pending.push(waited(url, dueMs).then((ms) => void tookMs.push(ms)));
  }
  await Promise.all(pending);
  return tookMs;
}

/** In milliseconds; an answer that does not come is waited for without end. */
async function waited(url: string, sinceMs: number): Promise<number> {
  const answer = await fetch(url).catch(() => null);
  const body = await answer?.arrayBuffer().catch(() => null);
  return body ? performance.now() - sinceMs : Number.POSITIVE_INFINITY;
}

/** How often the loop was at most so late, by the bound in seconds. */
export type Lag = ReadonlyMap<number, number>;

const LAG = /^cycast_event_loop_lag_seconds_bucket\{le="([^"]+)"\}$/;

export async function lagOf({ url }: Place): Promise<Lag> {
  const values = valuesOf(await (await fetch(`${url}/metrics`)).text());
  const buckets = Array.from(values, ([name, count]) => [LAG.exec(name)?.[1], count] as const);
  return new Map(
    buckets.flatMap(([bound, count]) =>
      bound === undefined ? [] : [[bound === "+Inf" ? Infinity : Number(bound), count] as const],
    ),
  );
}

/** Of what was counted between the two, within the bucket in proportion. In milliseconds. */
export function lagBetween(before: Lag, after: Lag, share: number): number {
  const counts = Array.from(after, ([bound, count]) => [bound, count - (before.get(bound) ?? 0)]);
  const wanted = (counts.at(-1)?.[1] ?? 0) * share;
  let [lowBound, lowCount] = [0, 0];
  for (const [bound = 0, count = 0] of counts) {
    if (count >= wanted && count > lowCount)
      return (lowBound + ((bound - lowBound) * (wanted - lowCount)) / (count - lowCount)) * 1000;
    [lowBound, lowCount] = [bound, count];
  }
  return 0;
}

/** The latest turn, in milliseconds: the station tells of its last ten seconds. */
export async function mostLate({ url }: Place, cut: AbortSignal): Promise<number> {
  let most = 0;
  for (let isOver = false; !isOver;) {
    await setTimeout(8000, null, { signal: cut }).catch(() => (isOver = true));
    const answer = await fetch(`${url}/api/stats?limit=0`);
    const { late_ms } = (await answer.json()) as { late_ms: { max: number } };
    most = Math.max(most, late_ms.max);
  }
  return most;
}

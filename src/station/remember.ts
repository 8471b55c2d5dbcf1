// Brings back what the history knows of the time before the start: the chart of the last day, peaks and counters.
import type { History } from "../facts/history.ts";
import type { HistoryStore } from "../history/history-store.ts";
import type { Clock } from "../lib/clock.ts";
import type { Mounts } from "../assembly/mounts.ts";

const DAY_MS = 24 * 3600 * 1000;

interface Parts {
  readonly store: HistoryStore | null;
  readonly chart: History;
  readonly mounts: Mounts;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
}

/** Never rejects. */
export async function remember({ store, chart, mounts, wall }: Parts): Promise<void> {
  const nowMs = wall.nowMs();
  const known = (await store?.ask({ query: "memory", sinceMs: nowMs - DAY_MS })) ?? null;
  if (known === null) return;
  const minutes = known.minutes.map(({ mount, atMs, listeners }) => {
    return [mount, atMs / 1000, listeners] as const;
  });
  chart.restore(minutes, Math.floor(nowMs / 1000));
  for (const { mount, peak, joined } of known.counters)
    mounts.find(mount)?.audience.counts.restore(peak, joined);
}

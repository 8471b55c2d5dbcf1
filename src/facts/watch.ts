// Samples the station every ten seconds, for facts that take time to show: history, drift, and what has happened lately.
import type { Admission } from "../access/admission.ts";
import { Histogram, type HistogramFacts } from "../lib/histogram.ts";
import type { Clock } from "../lib/clock.ts";
import type { Feed } from "../mount/roles.ts";
import type { MountParts, Mounts } from "../assembly/mounts.ts";
import { DiskSpace } from "./disk-space.ts";
import { clockDrift, type Drift, type Progress } from "./drift.ts";
import type { LagFacts, LatelyFacts } from "./facts.ts";
import { History } from "./history.ts";
import { someMembers } from "./listener-facts.ts";

export const SAMPLE_MS = 10_000;

/** Counters are compared with those of this many samples ago. */
const LATELY = 60;
const LATELY_MINUTES = (LATELY * SAMPLE_MS) / 60_000;

/** An encoder's clock is judged by the last hour. */
const MAX_PROGRESS = 360;

/** What an encoder sends at first fills buffers and says nothing about its clock. */
const SETTLING_MS = 30_000;

/** Listeners in one sample; the next sample continues behind them. */
export const LOOK_AT = 64;

/** What is counted at the doors. */
export interface Watched {
  readonly mounts: Mounts;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly admission: Pick<Admission, "failed">;
  /** Source logins: accepted, and refused by reason. */
  readonly sources: Readonly<Partial<Record<string, number>>>;
  /** Where the station writes. */
  readonly directories: () => readonly string[];
}

interface Counters {
  readonly failedLogins: number;
  readonly sources: Readonly<Partial<Record<string, number>>>;
}

/** What is remembered about one mount. */
interface Memory {
  source: Feed | null;
  progress: readonly Progress[];
  /** Where the next sample of its listeners begins. */
  offset: number;
  lag: LagFacts;
  /** Of all samples so far. */
  readonly lags: Histogram;
  /** Its slow listeners at each of the last samples. */
  slow: readonly number[];
}

/** In seconds: a burst, and what a listener on a train may lag. */
const LAG_BOUNDS = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const NOBODY: LagFacts = { medianSeconds: 0, worstSeconds: 0, lookedAt: 0 };

export class Watch {
  readonly history = new History(SAMPLE_MS / 1000);
  readonly disks: DiskSpace;
  #memories = new Map<MountParts, Memory>();
  #counters: readonly Counters[];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly watched: Watched) {
    this.disks = new DiskSpace(watched.directories);
    this.#counters = [this.#count()];
    this.#meet();
  }

  /** Samples at once, and then every SAMPLE_MS until close(). */
  start(): void {
    this.sample();
    this.#timer = setInterval(() => this.sample(), SAMPLE_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  sample(): void {
    const { mounts, wall } = this.watched;
    const counts = mounts.all.map(({ mount, audience }) => [mount.path, audience.count] as const);
    this.history.add(Math.round(wall.nowMs() / 1000), counts);
    this.#counters = [...this.#counters, this.#count()].slice(-LATELY);
    this.disks.sample();
    this.#meet();
    for (const [parts, memory] of this.#memories) {
      follow(parts, memory);
      memory.lag = lagOf(parts, memory);
      memory.slow = [...memory.slow, parts.audience.counts.slow].slice(-LATELY);
    }
  }

  lag(parts: MountParts): LagFacts {
    return this.#memories.get(parts)?.lag ?? NOBODY;
  }

  /** The lag in all samples of the mount's listeners so far. */
  lagSinceStart(parts: MountParts): HistogramFacts {
    return (this.#memories.get(parts)?.lags ?? new Histogram(LAG_BOUNDS)).facts();
  }

  /** The drift of the connected source's clock; null before it can be judged. */
  drift(parts: MountParts): Drift | null {
    const memory = this.#memories.get(parts);
    const isSame = memory !== undefined && memory.source === (parts.mount.live?.feed ?? null);
    return isSame ? clockDrift(memory.progress) : null;
  }

  /** How many of the mount's listeners were too slow within the last minutes. */
  slowLately(parts: MountParts): number {
    const { slow } = parts.audience.counts;
    const [then = slow] = this.#memories.get(parts)?.slow ?? [];
    return slow - then;
  }

  lately(): LatelyFacts {
    const now = this.#count();
    const [then = now] = this.#counters;
    const grown = Object.entries(now.sources).map(
      ([name, count = 0]) => [name, count - (then.sources[name] ?? 0)] as const,
    );
    return {
      minutes: LATELY_MINUTES,
      failedLogins: now.failedLogins - then.failedLogins,
      sources: Object.fromEntries(grown),
    };
  }

  #count(): Counters {
    const { admission, sources } = this.watched;
    return { failedLogins: admission.failed.admin, sources: { ...sources } };
  }

  /** Mounts come and go while the station runs. */
  #meet(): void {
    const all = this.watched.mounts.all.map((parts) => {
      return [parts, this.#memories.get(parts) ?? newMemory(parts)] as const;
    });
    this.#memories = new Map(all);
  }
}

function newMemory({ audience }: MountParts): Memory {
  return {
    source: null,
    progress: [],
    offset: 0,
    lag: NOBODY,
    lags: new Histogram(LAG_BOUNDS),
    slow: [audience.counts.slow],
  };
}

function follow({ mount }: MountParts, memory: Memory): void {
  const source = mount.live?.feed ?? null;
  if (source !== memory.source) Object.assign(memory, { source, progress: [] });
  if (source === null || source.receivedBytes === 0) return;
  // As of its last frames: between two of its packets nothing comes, whatever its clock says.
  const point = { atMs: source.lastMs, audioSeconds: source.seconds };
  const isSettling = point.atMs - source.sinceMs < SETTLING_MS;
  if (isSettling || point.atMs === memory.progress.at(-1)?.atMs) return;
  memory.progress = [...memory.progress, point].slice(-MAX_PROGRESS);
}

function lagOf(parts: MountParts, memory: Memory): LagFacts {
  const { audience } = parts;
  if (memory.offset >= audience.count) memory.offset = 0;
  const members = someMembers(parts, memory.offset, LOOK_AT);
  memory.offset += LOOK_AT;
  const lags = members
    .map((listener) => audience.stateOf(listener)?.lagSeconds ?? 0)
    .toSorted((a, b) => a - b);
  for (const seconds of lags) memory.lags.observe(seconds);
  const [medianSeconds = 0, worstSeconds = 0] = [lags[lags.length >> 1], lags.at(-1)];
  return { medianSeconds, worstSeconds, lookedAt: lags.length };
}

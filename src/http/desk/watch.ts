// Looks at the station every ten seconds, so that what needs time to be seen is seen: history, drift, what is new.
import { clockDrift, type Progress } from "../../doctor/drift.ts";
import type { Drift } from "../../doctor/doctor-facts.ts";
import type { Listener } from "../../output/audience/listener.ts";
import type { MountParts } from "../../mounts.ts";
import type { Feed } from "../../mount/roles.ts";
import type { Station } from "../../station.ts";
import { History } from "./history.ts";

export const SAMPLE_MS = 10_000;
const DAY_SAMPLES = (24 * 3600 * 1000) / SAMPLE_MS;

/** What counters are compared with was so many samples ago. */
const LATELY = 60;
export const LATE_MINUTES = (LATELY * SAMPLE_MS) / 60_000;

/** An encoder's clock is judged by the last hour. */
const MAX_PROGRESS = 360;

/** What an encoder sends at first fills buffers and tells nothing of its clock. */
const SETTLING_MS = 30_000;

/** Listeners that are looked at in one sample; the next looks at the next ones. */
export const LOOK_AT = 64;

export interface Counters {
  /** At the admin account, by whichever door. */
  readonly failedLogins: number;
  readonly sources: Readonly<Record<string, number>>;
  /** By path. */
  readonly slow: ReadonlyMap<string, number>;
}

export interface LagFacts {
  readonly medianSeconds: number;
  readonly worstSeconds: number;
  readonly lookedAt: number;
}

interface Watched {
  readonly parts: MountParts;
  source: Feed | null;
  progress: Progress[];
  offset: number;
  lag: LagFacts;
}

const NOBODY: LagFacts = { medianSeconds: 0, worstSeconds: 0, lookedAt: 0 };

export class Watch {
  readonly history: History;
  readonly #watched: readonly Watched[];
  readonly #byPath: ReadonlyMap<string, Watched>;
  #counters: Counters[] = [];

  constructor(private readonly station: Station) {
    this.#watched = station.all.map((parts) => {
      return { parts, source: null, progress: [], offset: 0, lag: NOBODY };
    });
    this.#byPath = new Map(this.#watched.map((one) => [one.parts.mount.path, one]));
    this.history = new History(this.#watched.length, DAY_SAMPLES, SAMPLE_MS / 1000);
    this.#counters = [this.#count()];
  }

  /** Once every SAMPLE_MS. */
  sample(): void {
    const { wall } = this.station;
    const listeners = this.#watched.map(({ parts }) => parts.audience.count);
    this.history.add(Math.round(wall.nowMs() / 1000), listeners);
    this.#counters = [...this.#counters, this.#count()].slice(-LATELY);
    for (const watched of this.#watched) {
      this.#follow(watched);
      watched.lag = lagOf(watched);
    }
  }

  lag({ mount }: MountParts): LagFacts {
    return this.#byPath.get(mount.path)?.lag ?? NOBODY;
  }

  /** Of the clock of the source that is there; null before it can be judged. */
  drift({ mount }: MountParts): Drift | null {
    return clockDrift(this.#byPath.get(mount.path)?.progress ?? []);
  }

  /** What the counters have grown by within the last minutes. */
  lately(): Counters {
    const [then = this.#count()] = this.#counters;
    const now = this.#count();
    const grown = (name: string) => (now.sources[name] ?? 0) - (then.sources[name] ?? 0);
    return {
      failedLogins: now.failedLogins - then.failedLogins,
      sources: Object.fromEntries(Object.keys(now.sources).map((name) => [name, grown(name)])),
      slow: new Map([...now.slow].map(([path, slow]) => [path, slow - (then.slow.get(path) ?? 0)])),
    };
  }

  #count(): Counters {
    const { admission, sourceCounts } = this.station;
    const slow = this.#watched.map(({ parts }) => [parts.mount.path, parts.audience.slow] as const);
    return {
      failedLogins: admission.failed.admin,
      sources: { ...sourceCounts },
      slow: new Map(slow),
    };
  }

  #follow(watched: Watched): void {
    const source = watched.parts.mount.live?.feed ?? null;
    if (source !== watched.source) Object.assign(watched, { source, progress: [] });
    if (source === null || source.receivedBytes === 0) return;
    // As of its last frames: between two of its packets nothing comes, whatever its clock says.
    const point = { atMs: source.lastMs, audioSeconds: source.seconds };
    const isSettling = point.atMs - source.sinceMs < SETTLING_MS;
    if (isSettling || point.atMs === watched.progress.at(-1)?.atMs) return;
    watched.progress = [...watched.progress, point].slice(-MAX_PROGRESS);
  }
}

/** So many from a place on, in the order of their places; without the core's view, which costs a call each. */
export function someMembers({ audience }: MountParts, offset: number, limit: number): Listener[] {
  const some: Listener[] = [];
  let passed = 0;
  for (const listener of audience.members()) {
    if (passed++ < offset) continue;
    if (some.push(listener) >= limit) break;
  }
  return some;
}

function lagOf(watched: Watched): LagFacts {
  const { parts } = watched;
  if (watched.offset >= parts.audience.count) watched.offset = 0;
  const members = someMembers(parts, watched.offset, LOOK_AT);
  watched.offset += LOOK_AT;
  const lags = members
    .map((listener) => parts.audience.stateOf(listener)?.lagSeconds ?? 0)
    .toSorted((a, b) => a - b);
  const [medianSeconds = 0, worstSeconds = 0] = [lags[lags.length >> 1], lags.at(-1)];
  return { medianSeconds, worstSeconds, lookedAt: lags.length };
}

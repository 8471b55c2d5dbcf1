// A run as a list of jobs, each of which knows how long it takes.
import type { Figures } from "./fan-out.ts";
import type { HandoverRecord } from "./handover/handover-table.ts";
import { HANDOVER_SECONDS, measureHandovers } from "./handover/handovers.ts";
import { COST_SECONDS, measureCosts } from "./handover/input-costs.ts";
import { HISTORY_SECONDS, type HistoryFigures, measureHistory } from "./history.ts";
import { HLS_SECONDS, type HlsFigures, measureHls } from "./hls.ts";
import { IDLE_SECONDS, type IdleFigures, measureIdle } from "./idle.ts";
import { complain, measurePart } from "./measuring.ts";
import {
  type LibraryFigures,
  librarySeconds,
  type LibrarySize,
  measureLibrary,
  SHORT_LIBRARY,
  WHOLE_LIBRARY,
} from "./library.ts";
import {
  measureMounts,
  MOUNT_LISTENERS,
  MOUNT_SECONDS,
  type MountFigures,
  MOUNTS,
} from "./mounts.ts";
import { measureNode, NODE_DOORS, NODE_SECONDS, type NodeFigures, WHOLE_NODE } from "./node.ts";
import type { Peer } from "./peers.ts";
import { type Part, partSeconds } from "./plan.ts";
import {
  AIMED_BITRATE,
  type Choice,
  crowd,
  halfStalled,
  matrix,
  steady,
  warmUp,
} from "./scenarios.ts";

/** Takes what was measured, piece by piece. */
export interface Keeper {
  idle(figures: IdleFigures): Promise<void>;
  library(figures: LibraryFigures): Promise<void>;
  crowd(figures: Figures): Promise<void>;
  mounts(figures: MountFigures): Promise<void>;
  hls(figures: HlsFigures): Promise<void>;
  history(figures: HistoryFigures): Promise<void>;
  handover(figures: HandoverRecord): Promise<void>;
  node(figures: NodeFigures): Promise<void>;
}

export interface Job {
  readonly name: string;
  /** Roughly. */
  readonly seconds: number;
  run(cut: AbortSignal, keeper: Keeper): Promise<void>;
}

function partJob(name: string, part: Part): Job {
  return {
    name,
    seconds: partSeconds(part),
    run: (cut, keeper) => measurePart(part, cut, (figures) => keeper.crowd(figures)),
  };
}

const idleJob: Job = {
  name: "idle",
  seconds: IDLE_SECONDS,
  run: async (cut, keeper) => keeper.idle(await measureIdle(cut)),
};

function libraryJob(size: LibrarySize): Job {
  return {
    name: "library",
    seconds: librarySeconds(size),
    run: async (cut, keeper) => keeper.library(await measureLibrary(size, cut)),
  };
}

const mountsJob: Job = {
  name: "mounts",
  seconds: MOUNTS.length * MOUNT_SECONDS,
  async run(cut, keeper) {
    for (const count of MOUNTS)
      await keeper.mounts(await measureMounts(count, MOUNT_LISTENERS, cut));
  },
};

const hlsJob: Job = {
  name: "hls",
  seconds: HLS_SECONDS,
  run: async (cut, keeper) => keeper.hls(await measureHls(cut)),
};

const historyJob: Job = {
  name: "history",
  seconds: HISTORY_SECONDS,
  run: async (cut, keeper) => keeper.history(await measureHistory(cut)),
};

const handoverJob: Job = {
  name: "handover",
  seconds: HANDOVER_SECONDS + COST_SECONDS,
  async run(cut, keeper) {
    const kinds = await measureHandovers(cut);
    await keeper.handover({ kinds, costs: await measureCosts(cut) });
  },
};

const nodeJob: Job = {
  name: "node",
  seconds: NODE_DOORS.length * NODE_SECONDS,
  async run(cut, keeper) {
    for (const door of NODE_DOORS) await keeper.node(await measureNode(door, WHOLE_NODE, cut));
  },
};

/** Everything there is to measure, in its order. */
export const PARTS = [
  "idle",
  "library",
  "steady",
  "crowd",
  "stalled",
  "mounts",
  "hls",
  "history",
  "handover",
  "node",
] as const;

export type PartName = (typeof PARTS)[number];

const nothing = (): null => null;

/** Measured on Cycast alone. */
const OWN_PARTS: readonly PartName[] = [
  "idle",
  "library",
  "mounts",
  "hls",
  "history",
  "handover",
  "node",
];

export function wholeRun(
  names: readonly PartName[],
  peers: readonly Peer[],
  choice: Choice,
): Job[] {
  const jobs: Record<PartName, () => Job> = {
    idle: () => idleJob,
    library: () => libraryJob(WHOLE_LIBRARY),
    steady: () => {
      const before = ({ compiles }: Peer) => (compiles ? warmUp() : null);
      return partJob("steady", { peers, scenarios: matrix(choice), before });
    },
    crowd: () => partJob("crowd", { peers, scenarios: [crowd(5000)], before: nothing }),
    // Those who read are there before: what the others take is told apart.
    stalled: () => {
      const before = () => steady(1000, false, AIMED_BITRATE);
      return partJob("stalled", { peers, scenarios: [halfStalled(2000)], before });
    },
    mounts: () => mountsJob,
    hls: () => hlsJob,
    history: () => historyJob,
    handover: () => handoverJob,
    node: () => nodeJob,
  };
  const isOurs = peers.some(({ name }) => name.startsWith("Cycast"));
  const wanted = PARTS.filter((name) => names.includes(name));
  const possible = wanted.filter((name) => isOurs || !OWN_PARTS.includes(name));
  return possible.map((name) => jobs[name]());
}

/** Some of everything that is drawn. */
export function quickRun(names: readonly PartName[], peers: readonly Peer[]): Job[] {
  const short = { rampSeconds: 0.2, warmupSeconds: 0.3, seconds: 0.8 };
  const crowds = [steady(20, false, 128), steady(100, false, 128), steady(100, true, 128)];
  const scenarios = [...crowds, steady(100, false, 64)].map((one) => ({ ...one, ...short }));
  const quick = partJob("quick", { peers, scenarios, before: nothing });
  const crowdJobs = names.includes("steady") ? [quick] : [];
  return names.includes("library") ? [...crowdJobs, libraryJob(SHORT_LIBRARY)] : crowdJobs;
}

/** What a job cannot do is told and left out. */
export async function work(jobs: readonly Job[], cut: AbortSignal, keeper: Keeper): Promise<void> {
  for (const job of jobs) {
    if (cut.aborted) return;
    await job.run(cut, keeper).catch((error: unknown) => complain(job.name, error, cut));
  }
}

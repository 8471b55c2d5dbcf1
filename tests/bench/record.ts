// What runs measured, as a file: the picture, the tables and the aims can be told again from one or more.
import type { Figures } from "./fan-out.ts";
import type { HandoverRecord } from "./handover/handover-table.ts";
import type { HistoryFigures } from "./history.ts";
import type { HlsFigures } from "./hls.ts";
import type { IdleFigures } from "./idle.ts";
import type { LibraryFigures } from "./library.ts";
import type { MountFigures } from "./mounts.ts";
import type { NodeFigures } from "./node.ts";
import { describeScenario } from "./scenarios.ts";

export interface Measured {
  readonly idle: IdleFigures | null;
  readonly library: LibraryFigures | null;
  readonly figures: readonly Figures[];
  readonly mounts: readonly MountFigures[];
  readonly hls: HlsFigures | null;
  readonly history: HistoryFigures | null;
  readonly handover: HandoverRecord | null;
  /** Of each door. */
  readonly node: readonly NodeFigures[];
}

/** The last of each key, in the place of the first. */
function lastOfEach<T>(all: readonly T[], key: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [key(one), one])).values()];
}

/** What a later one measured again stands. */
export function merge(records: readonly Measured[]): Measured {
  const all = <T>(of: (record: Measured) => readonly T[]) => records.flatMap(of);
  return {
    idle: records.findLast(({ idle }) => idle !== null)?.idle ?? null,
    library: records.findLast(({ library }) => library !== null)?.library ?? null,
    figures: lastOfEach(
      all(({ figures }) => figures),
      ({ peer, scenario }) => `${peer}: ${describeScenario(scenario)}`,
    ),
    mounts: lastOfEach(
      all(({ mounts }) => mounts),
      ({ mounts }) => `${mounts}`,
    ),
    hls: records.findLast(({ hls }) => hls !== null)?.hls ?? null,
    history: records.findLast(({ history }) => history !== null)?.history ?? null,
    handover: records.findLast(({ handover }) => handover !== null)?.handover ?? null,
    node: lastOfEach(
      all(({ node }) => node),
      ({ door }) => door,
    ),
  };
}

export async function writeRecord(file: string, measured: Measured): Promise<void> {
  await Bun.write(file, `${JSON.stringify(measured, null, 1)}\n`);
}

/** Throws when a file is none. */
export async function readRecord(file: string): Promise<Measured> {
  const read: Partial<Measured> = await Bun.file(file).json();
  const { idle = null, library = null, hls = null, figures, mounts } = read;
  const { history = null, handover = null, node = [] } = read;
  if (!Array.isArray(figures) || !Array.isArray(mounts)) throw new Error(`${file} is no record`);
  return { idle, library, figures, mounts, hls, history, handover, node };
}

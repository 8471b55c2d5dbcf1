// Whether a station stayed as it was: what listeners missed, and what grew.
import type { CrowdReport } from "../bench/load/load-program.ts";
import type { Sample } from "./samples.ts";

/** Growth between the second and the last quarter of a soak that counts as flat: the compiler and the collector of the
 * runtime need some minutes to settle, and others may take the processors for a while. */
const FLAT = {
  residentMB: { share: 0.1, more: 12 },
  descriptors: { share: 0, more: 40 },
  lateMs: { share: 1, more: 500 },
} as const;

type Quantity = keyof typeof FLAT;

const NAMES: Record<Quantity, string> = {
  residentMB: "resident memory (MB)",
  descriptors: "descriptors",
  lateMs: "event-loop lag (p99, ms)",
};

const LOSSES = [
  ["refused", "listeners were refused"],
  ["failed", "listeners could not connect"],
  ["closed", "listeners were disconnected"],
  ["run_lost_frames", "frames were lost"],
  ["run_repeated_frames", "frames came twice"],
  ["run_garbage_bytes", "bytes were no frame and no title"],
] as const satisfies readonly (readonly [keyof CrowdReport, string])[];

/** 0 where nothing can be said. */
export interface Change {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly isFlat: boolean;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function change(quantity: Quantity, samples: readonly Sample[]): Change {
  const quarter = Math.floor(samples.length / 4);
  const part = (from: number, to?: number) =>
    median(samples.slice(from, to).flatMap((sample) => sample[quantity] ?? []));
  const [before, after] = [part(quarter, 2 * quarter), part(3 * quarter)];
  const { share, more } = FLAT[quantity];
  return { name: NAMES[quantity], before, after, isFlat: after <= before * (1 + share) + more };
}

/** Of each quantity: its median in the second and in the last quarter. */
export function changes(samples: readonly Sample[]): Change[] {
  return (Object.keys(FLAT) as Quantity[]).map((quantity) => change(quantity, samples));
}

/** What a crowd missed, as sentences. */
export function losses(crowd: string, report: CrowdReport): string[] {
  const found = LOSSES.filter(([field]) => report[field] !== 0);
  const told = found.map(([field, what]) => `${crowd}: ${report[field]} ${what}`);
  if (report.frames === 0) told.push(`${crowd}: nothing was heard`);
  return told;
}

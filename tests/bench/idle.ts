// Start to first audio, memory and CPU of an idle station. Linux; figures of this machine.
import { setTimeout } from "node:timers/promises";
import { scratch } from "../support/station.ts";
import { cpuPercent, firstAudio, residentMB, runStation } from "./process.ts";

const RUNS = 5;
const SETTLE_SECONDS = 10;
const MEASURED_SECONDS = 30;

/** Roughly, with the starts. */
export const IDLE_SECONDS = RUNS + 2 * (SETTLE_SECONDS + MEASURED_SECONDS);

/** One alone costs too little to be seen. */
const RECORDERS = 8;

export interface IdleFigures {
  /** From the start of the process, of each run. */
  readonly firstAudioMs: readonly number[];
  readonly residentMB: number;
  readonly cpuPercent: number;
  /** What a recorder of the playlist adds, of 128 kbit/s. */
  readonly recorderPercent: number;
}

async function starts(directory: string): Promise<number[]> {
  const tookMs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await using station = await runStation(directory);
    tookMs.push(await firstAudio(station));
  }
  return tookMs;
}

/** Of a station that plays, in percent of a core and MB. Throws when it is cut. */
async function measure(more: string, cut: AbortSignal) {
  await using directory = await scratch();
  await using station = await runStation(directory.path, undefined, more);
  await firstAudio(station);
  await setTimeout(SETTLE_SECONDS * 1000, null, { signal: cut });
  const percent = await cpuPercent(station.pid, MEASURED_SECONDS, cut);
  return { residentMB: await residentMB(station.pid), cpuPercent: percent };
}

/** So many recordings of all that is heard. */
export function recorders(count: number): string {
  const blocks = Array.from(
    { length: count },
    (_, i) => `recording "r${i}" {\n  when = "always"\n  name = "${i}/%H-%M-%S"\n}\n`,
  );
  return blocks.join("");
}

/** Throws when it is cut. */
export async function measureIdle(cut: AbortSignal): Promise<IdleFigures> {
  await using directory = await scratch();
  const firstAudioMs = await starts(directory.path);
  const plain = await measure("", cut);
  const { cpuPercent: recording } = await measure(recorders(RECORDERS), cut);
  const recorderPercent = (recording - plain.cpuPercent) / RECORDERS;
  return { firstAudioMs, ...plain, recorderPercent };
}

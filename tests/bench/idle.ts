// Start to first audio, memory and CPU of an idle station. Linux; figures of this machine.
import { setTimeout } from "node:timers/promises";
import { scratch } from "../support/station.ts";
import { cpuPercent, firstAudio, residentMB, runStation } from "./process.ts";

const RUNS = 5;
const SETTLE_SECONDS = 10;
const MEASURED_SECONDS = 30;

/** Roughly, with the starts. */
export const IDLE_SECONDS = RUNS + SETTLE_SECONDS + MEASURED_SECONDS;

export interface IdleFigures {
  /** From the start of the process, of each run. */
  readonly firstAudioMs: readonly number[];
  readonly residentMB: number;
  readonly cpuPercent: number;
}

async function starts(directory: string): Promise<number[]> {
  const tookMs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await using station = await runStation(directory);
    tookMs.push(await firstAudio(station));
  }
  return tookMs;
}

/** Throws when it is cut. */
export async function measureIdle(cut: AbortSignal): Promise<IdleFigures> {
  await using directory = await scratch();
  const firstAudioMs = await starts(directory.path);
  await using station = await runStation(directory.path);
  await firstAudio(station);
  await setTimeout(SETTLE_SECONDS * 1000, null, { signal: cut });
  const percent = await cpuPercent(station.pid, MEASURED_SECONDS, cut);
  return { firstAudioMs, residentMB: await residentMB(station.pid), cpuPercent: percent };
}

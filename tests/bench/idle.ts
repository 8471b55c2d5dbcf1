// Start to first audio, memory and CPU of an idle station. Linux; figures of this machine.
import { scratch } from "../support/station.ts";
import { busySeconds, firstAudio, residentMB, runStation } from "./process.ts";

const RUNS = 5;
const SETTLE_SECONDS = 10;
const IDLE_SECONDS = 30;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function tell(what: string, values: readonly number[], unit: string): void {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(1));
  console.log(`${what.padEnd(44)} ${median(values).toFixed(1)} ${unit}   (${low} .. ${high})`);
}

async function starts(directory: string): Promise<number[]> {
  const tookMs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await using station = await runStation(directory);
    tookMs.push(await firstAudio(station));
  }
  return tookMs;
}

export async function tellIdle(): Promise<void> {
  await using directory = await scratch();
  tell("start to first audio byte", await starts(directory.path), "ms");
  await using station = await runStation(directory.path);
  await firstAudio(station);
  await Bun.sleep(SETTLE_SECONDS * 1000);
  const usedBefore = await busySeconds(station.pid);
  await Bun.sleep(IDLE_SECONDS * 1000);
  const share = ((await busySeconds(station.pid)) - usedBefore) / IDLE_SECONDS;
  tell("idle memory, playlist running (RSS)", [await residentMB(station.pid)], "MB");
  tell("idle CPU, playlist running", [share * 100], "% of a core");
  console.log("");
}

// `make bench`: start to first audio, memory and CPU of an idle station. Linux; figures of this machine.
import { scratch } from "../support/station.ts";
import { cpuSeconds, firstAudio, residentMB, runStation } from "./process.ts";

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

await using directory = await scratch();

const starts: number[] = [];
for (let run = 0; run < RUNS; run++) {
  await using station = await runStation(directory.path);
  starts.push(await firstAudio(station));
}
tell("start to first audio byte", starts, "ms");

await using station = await runStation(directory.path);
await firstAudio(station);
await Bun.sleep(SETTLE_SECONDS * 1000);
const usedBefore = await cpuSeconds(station.pid);
await Bun.sleep(IDLE_SECONDS * 1000);
const share = ((await cpuSeconds(station.pid)) - usedBefore) / IDLE_SECONDS;
tell("idle memory, playlist running (RSS)", [await residentMB(station.pid)], "MB");
tell("idle CPU, playlist running", [share * 100], "% of a core");

// A large library: how soon it plays, how fast it is known, and what it takes in memory.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { scratch } from "../support/station.ts";
import { firstAudio, residentMB, runStation, type RunningStation } from "./process.ts";
import { makeTracks } from "./songs.ts";

const FEW = 3;
const POLL_MS = 100;

/** Asking costs memory too. */
const ASK_MS = 1000;

export interface ScanFigures {
  readonly files: number;
  /** From the start of the process: with three files, with all of them unknown, and known. */
  readonly firstAudioMs: { readonly few: number; readonly unknown: number; readonly known: number };
  /** From the start of the process until all are known. */
  readonly filesPerSecond: number;
  /** With three files, with all of them at most, and when all are known. */
  readonly residentMB: { readonly few: number; readonly most: number; readonly settled: number };
}

interface Progress {
  readonly files: number;
  readonly measured: number;
}

async function progress({ url, password }: RunningStation): Promise<Progress> {
  const authorization = `Basic ${btoa(`admin:${password}`)}`;
  const answer = await fetch(`${url}/api/admin/library`, { headers: { authorization } });
  const { mounts } = (await answer.json()) as { mounts: readonly [Progress] };
  return mounts[0];
}

/** Memory until `isOver`, and a while longer; the most and the last in MB. */
async function memory(
  { pid }: RunningStation,
  settleSeconds: number,
  cut: AbortSignal,
  isOver: () => Promise<boolean>,
) {
  let most = 0;
  const look = async () => {
    await setTimeout(POLL_MS, null, { signal: cut });
    most = Math.max(most, await residentMB(pid));
  };
  while (!(await isOver())) for (let ms = 0; ms < ASK_MS; ms += POLL_MS) await look();
  for (let i = 0; i < (settleSeconds * 1000) / POLL_MS; i++) await look();
  return { most, settled: await residentMB(pid) };
}

async function measureFew(home: string, settleSeconds: number, cut: AbortSignal) {
  await makeTracks(join(home, "few"), FEW);
  await mkdir(join(home, "first"));
  await using station = await runStation(join(home, "first"), join(home, "few"));
  const few = await firstAudio(station);
  const { settled } = await memory(station, settleSeconds, cut, async () => true);
  return { few, settled };
}

async function measureUnknown(home: string, settleSeconds: number, cut: AbortSignal) {
  await using station = await runStation(home, join(home, "many"));
  const unknown = await firstAudio(station);
  let seconds = 0;
  const resident = await memory(station, settleSeconds, cut, async () => {
    const { files, measured } = await progress(station);
    seconds = (performance.now() - station.spawnedMs) / 1000;
    return files > 0 && measured === files;
  });
  return { unknown, seconds, resident };
}

/** Throws when it is cut. */
export async function measureScan(
  files: number,
  settleSeconds: number,
  cut: AbortSignal,
): Promise<ScanFigures> {
  await using home = await scratch();
  await makeTracks(join(home.path, "many"), files);
  const { few, settled } = await measureFew(home.path, settleSeconds, cut);
  const { unknown, seconds, resident } = await measureUnknown(home.path, settleSeconds, cut);
  await using again = await runStation(home.path, join(home.path, "many"));
  const known = await firstAudio(again);
  return {
    files,
    firstAudioMs: { few, unknown, known },
    filesPerSecond: files / seconds,
    residentMB: { few: settled, ...resident },
  };
}

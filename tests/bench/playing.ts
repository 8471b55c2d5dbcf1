// What it costs to play songs of different loudness evenly, beside Liquidsoap, and what converting changes for listeners.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { scratch } from "../support/station.ts";
import { listenTo, quantile } from "./lateness.ts";
import { cpuPercent, firstAudio, runStation, type RunningStation } from "./process.ts";
import { makeLongWav, makeSongs } from "./songs.ts";

/** Longer than it takes to measure: the converter is busy all the time. */
const LONG_SECONDS = 2 * 3600;

export interface PlayingFigures {
  readonly program: string;
  /** For an hour of music. */
  readonly cpuSeconds: number;
}

/** Milliseconds. */
export interface PacingFigures {
  readonly isConverting: boolean;
  readonly loop: { readonly p99: number; readonly max: number };
  readonly frames: { readonly p99: number; readonly max: number };
}

export interface Times {
  readonly songs: number;
  readonly songSeconds: number;
  /** Programs compile, and look at their files. */
  readonly warmUpSeconds: number;
  readonly burstSeconds: number;
  readonly seconds: number;
}

/** Levels by ReplayGain, which it computes, and encodes: it passes nothing through. */
function liquidsoapScript(folder: string): string {
  return `set("init.allow_root", true)
set("log.stdout", false)
set("log.file", false)
enable_replaygain_metadata()
output.file(%mp3(bitrate=128), fallible=true, "/dev/null", replaygain(playlist(reload_mode="never", "${folder}")))
`;
}

async function hourOf(pid: number, { warmUpSeconds, seconds }: Times, cut: AbortSignal) {
  await setTimeout(warmUpSeconds * 1000, null, { signal: cut });
  return ((await cpuPercent(pid, seconds, cut)) / 100) * 3600;
}

/** With one listener, who gets what Liquidsoap writes to a file. */
async function measureCycast(folder: string, home: string, times: Times, cut: AbortSignal) {
  await using station = await runStation(home, folder);
  await firstAudio(station);
  const listener = listenTo(station.url, times.warmUpSeconds + times.seconds, 0);
  const cpuSeconds = await hourOf(station.pid, times, cut);
  await listener;
  return { program: "Cycast", cpuSeconds };
}

async function measureLiquidsoap(folder: string, home: string, times: Times, cut: AbortSignal) {
  const script = join(home, "playlist.liq");
  await Bun.write(script, liquidsoapScript(folder));
  const program = Bun.spawn(["liquidsoap", script], { stdio: ["ignore", "ignore", "ignore"] });
  try {
    const cpuSeconds = await hourOf(program.pid, times, cut);
    if (program.exitCode !== null) throw new Error("Liquidsoap has ended");
    return { program: "Liquidsoap", cpuSeconds };
  } finally {
    program.kill("SIGKILL");
    await program.exited;
  }
}

async function folderOfSongs(home: string, { songs, songSeconds }: Times): Promise<string> {
  const folder = join(home, "music");
  await mkdir(folder);
  await makeSongs(folder, songs, songSeconds);
  return folder;
}

/** Throws when FFmpeg is not there, or it is cut. */
export async function measurePlaying(times: Times, cut: AbortSignal): Promise<PlayingFigures[]> {
  await using home = await scratch();
  const music = await folderOfSongs(home.path, times);
  const own = await measureCycast(music, home.path, times, cut);
  if (Bun.which("liquidsoap") === null) return [own];
  return [own, await measureLiquidsoap(music, home.path, times, cut)];
}

async function pacing(station: RunningStation, isConverting: boolean, times: Times) {
  const { each } = await listenTo(station.url, times.seconds, times.burstSeconds);
  const answer = await fetch(`${station.url}/api/stats?limit=0`);
  const { late_ms } = (await answer.json()) as { late_ms: PacingFigures["loop"] };
  return {
    isConverting,
    loop: { p99: late_ms.p99, max: late_ms.max },
    frames: { p99: quantile(each, 0.99), max: quantile(each, 1) },
  };
}

/** The same songs without and with a file that is being measured and converted. Throws when it is cut. */
export async function measurePacing(times: Times, cut: AbortSignal): Promise<PacingFigures[]> {
  const all: PacingFigures[] = [];
  for (const isConverting of [false, true]) {
    await using home = await scratch();
    const music = await folderOfSongs(home.path, times);
    if (isConverting) await makeLongWav(join(music, "long.wav"), LONG_SECONDS);
    await using station = await runStation(home.path, music);
    await firstAudio(station);
    await setTimeout(times.warmUpSeconds * 1000, null, { signal: cut });
    all.push(await pacing(station, isConverting, times));
  }
  return all;
}

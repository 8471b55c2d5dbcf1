// HLS: requests that a core serves, beside nginx and a bare server in Bun with the same files, and what a hundred listeners
// cost. Needs wrk and nginx.
import { join } from "node:path";
import { scratch } from "../support/station.ts";
import { onCut } from "./cut.ts";
import {
  type Files,
  keepFiles,
  NAMES,
  runBare,
  runNginx,
  served,
  SERVED_SECONDS,
  type Served,
} from "./file-servers.ts";
import { cpuPercent, runStation } from "./process.ts";

const [LISTENERS, LISTENER_SECONDS] = [100, 20];
const BLOCK = "hls {\n  enabled = true\n}\n";

/** Roughly: segments of 6 s, the series of requests for two files, and listeners. */
export const HLS_SECONDS = 25 + 2 * SERVED_SECONDS + 2 * LISTENER_SECONDS + 5;

export interface HlsFigures {
  readonly segments: Served;
  readonly playlists: Served;
  readonly segmentBytes: number;
  readonly listeners: number;
  /** Of a station that plays, without and with them. */
  readonly idlePercent: number;
  readonly cpuPercent: number;
}

async function text(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} was answered ${answer.status}`);
  return answer.text();
}

const namesIn = (playlist: string) =>
  playlist.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

/** Once there are three segments. */
async function filesOf(index: string, cut: AbortSignal): Promise<Files> {
  for (;;) {
    cut.throwIfAborted();
    const [name = ""] = namesIn(await text(index).catch(() => ""));
    const media = new URL(name, index).href;
    const segments = name === "" ? [] : namesIn(await text(media));
    if (segments.length >= 3) return { media, segment: new URL(segments[1] ?? "", media).href };
    await Bun.sleep(500);
  }
}

/** Percent of a core that the station uses while so many listen. */
async function withListeners(index: string, pid: number, cut: AbortSignal): Promise<number> {
  const words = ["--url", index, "--listeners", String(LISTENERS)];
  const seconds = ["--seconds", String(LISTENER_SECONDS + 3)];
  const program = join(import.meta.dir, "load", "hls-listeners.ts");
  await using load = Bun.spawn([process.execPath, program, ...words, ...seconds], {
    stdio: ["ignore", "pipe", 2],
  });
  using _ = onCut(cut, () => load.kill());
  const { value } = await load.stdout.getReader().read();
  if (value === undefined) throw new Error("the listeners did not come");
  return cpuPercent(pid, LISTENER_SECONDS, cut);
}

/** Throws when a program is missing, or it is cut. */
export async function measureHls(cut: AbortSignal): Promise<HlsFigures> {
  for (const name of ["wrk", "nginx"])
    if (Bun.which(name) === null) throw new Error(`${name} is not here`);
  await using folder = await scratch();
  await using station = await runStation(folder.path, undefined, BLOCK);
  const { pid } = station;
  const index = `${station.url}/stream/hls/index.m3u8`;
  const files = () => filesOf(index, cut);
  await keepFiles(await files(), folder.path);
  const idlePercent = await cpuPercent(pid, LISTENER_SECONDS, cut);
  const busyPercent = await withListeners(index, pid, cut);
  await using nginx = await runNginx(folder.path);
  await using bun = await runBare(folder.path);
  const servers = { own: { pid, files }, nginx, bun };
  return {
    segments: await served(servers, "segment", cut),
    playlists: await served(servers, "media", cut),
    segmentBytes: Bun.file(join(folder.path, NAMES.segment)).size,
    listeners: LISTENERS,
    idlePercent,
    cpuPercent: busyPercent,
  };
}

// HLS: requests that a core serves, beside nginx and a bare server in Bun with the same files, and what a hundred listeners
// cost. Needs wrk and nginx.
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { scratch } from "../support/station.ts";
import { onCut } from "./cut.ts";
import {
  ask,
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

/** Each listener asks for a segment, and for a playlist, once or twice in these seconds. */
const [LISTENERS, LISTENER_SECONDS, PAIRS] = [100, 12, 2];
/** They come within two seconds, and fetch three segments first. */
const SETTLE_SECONDS = 4;
/** Of compressed answers, and until what they left behind is collected: the first seconds took a tenth of a core. */
const [WARM_SECONDS, CALM_SECONDS] = [3, 6];
const BLOCK = "hls {\n  enabled = true\n}\n";

/** Roughly: segments of 6 s, the series of requests for two files, and listeners. */
export const HLS_SECONDS =
  20 +
  2 * SERVED_SECONDS +
  WARM_SECONDS +
  CALM_SECONDS +
  PAIRS * (2 * LISTENER_SECONDS + SETTLE_SECONDS + 2);

/** Percent of a core that a station uses while nobody listens, and then with all listeners. */
export interface ListenerPair {
  readonly nobody: number;
  readonly listening: number;
}

export interface HlsFigures {
  readonly segments: Served;
  readonly playlists: Served;
  readonly segmentBytes: number;
  readonly listeners: number;
  /** In the order in which they were measured. */
  readonly pairs: readonly ListenerPair[];
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
  const seconds = ["--seconds", String(SETTLE_SECONDS + LISTENER_SECONDS + 3)];
  const program = join(import.meta.dir, "load", "hls-listeners.ts");
  await using load = Bun.spawn([process.execPath, program, ...words, ...seconds], {
    stdio: ["ignore", "pipe", 2],
  });
  using _ = onCut(cut, () => load.kill());
  const { value } = await load.stdout.getReader().read();
  if (value === undefined) throw new Error("the listeners did not come");
  await setTimeout(SETTLE_SECONDS * 1000, null, { signal: cut });
  return cpuPercent(pid, LISTENER_SECONDS, cut);
}

/** Of a station that has answered many thousand requests for both files: what runs seldom is compiled late, and that would be
 * most of what is measured. Compressed answers, which listeners ask for, are not among those. */
async function listenerPairs(
  index: string,
  pid: number,
  cut: AbortSignal,
): Promise<ListenerPair[]> {
  const { media } = await filesOf(index, cut);
  await ask(media, WARM_SECONDS, cut, ["Accept-Encoding: gzip"]);
  await setTimeout(CALM_SECONDS * 1000, null, { signal: cut });
  const pairs: ListenerPair[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const nobody = await cpuPercent(pid, LISTENER_SECONDS, cut);
    pairs.push({ nobody, listening: await withListeners(index, pid, cut) });
  }
  return pairs;
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
  await using nginx = await runNginx(folder.path);
  await using bun = await runBare(folder.path);
  const servers = { own: { pid, files }, nginx, bun };
  const segments = await served(servers, "segment", cut);
  const playlists = await served(servers, "media", cut);
  const pairs = await listenerPairs(index, pid, cut);
  const segmentBytes = Bun.file(join(folder.path, NAMES.segment)).size;
  return { segments, playlists, segmentBytes, listeners: LISTENERS, pairs };
}

// HLS: requests that a core serves, beside nginx with the same files, and what a hundred listeners cost. Needs wrk and nginx.
import { join } from "node:path";
import { freePort } from "../support/ports.ts";
import { scratch } from "../support/station.ts";
import { onCut } from "./cut.ts";
import { busySeconds, busyThreads, cpuPercent, runStation } from "./process.ts";

const SECONDS = 5;
const [LISTENERS, LISTENER_SECONDS] = [100, 20];
const CONNECTIONS = 32;
const BLOCK = "hls {\n  enabled = true\n}\n";

/** Roughly: segments of 6 s, four series of requests, and listeners. */
export const HLS_SECONDS = 25 + 4 * (SECONDS + 1) + 2 * LISTENER_SECONDS + 5;

/** Requests for each second that the server was on a processor. */
export interface Served {
  readonly own: number;
  readonly nginx: number;
}

export interface HlsFigures {
  readonly segments: Served;
  readonly playlists: Served;
  readonly segmentBytes: number;
  readonly listeners: number;
  /** Of a station that plays, without and with them. */
  readonly idlePercent: number;
  readonly cpuPercent: number;
}

interface Files {
  readonly media: string;
  readonly segment: string;
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

/** Requests for each second of `pid` on a processor. */
async function rate(url: string, pid: number, cut: AbortSignal): Promise<number> {
  const before = await busyThreads(pid);
  const words = ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, url];
  await using wrk = Bun.spawn(["wrk", ...words], { stdout: "pipe", stderr: "ignore" });
  using _ = onCut(cut, () => wrk.kill());
  const said = await new Response(wrk.stdout).text();
  cut.throwIfAborted();
  const [, requests = "0"] = /(\d+) requests in/.exec(said) ?? [];
  if (/Non-2xx/.test(said)) throw new Error(`${url}: some requests were refused`);
  return Number(requests) / busySeconds(before, await busyThreads(pid));
}

/** The same files, from one process of nginx. */
async function rateNginx(files: Files, folder: string, cut: AbortSignal) {
  const [port, config] = [freePort(), join(folder, "nginx.conf")];
  const names = { media: "mp3.m3u8", segment: "segment.mp3" };
  await Bun.write(join(folder, names.media), await (await fetch(files.media)).blob());
  await Bun.write(join(folder, names.segment), await (await fetch(files.segment)).blob());
  const user = process.getuid?.() === 0 ? "user root;" : "";
  await Bun.write(
    config,
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr; ${user} events {}
http { access_log off; sendfile on; keepalive_requests 100000000; open_file_cache max=10;
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server { listen 127.0.0.1:${port}; root ${folder}; } }`,
  );
  const words = ["-p", folder, "-e", "stderr", "-c", config];
  await using nginx = Bun.spawn(["nginx", ...words], { stdio: ["ignore", "ignore", "ignore"] });
  const url = (name: string) => `http://127.0.0.1:${port}/${name}`;
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(url(names.media)).catch(() => null)) break;
    await Bun.sleep(50);
  }
  const segments = await rate(url(names.segment), nginx.pid, cut);
  return { segments, playlists: await rate(url(names.media), nginx.pid, cut) };
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
  const files = await filesOf(index, cut);
  const idlePercent = await cpuPercent(pid, LISTENER_SECONDS, cut);
  const busyPercent = await withListeners(index, pid, cut);
  const segments = await rate(files.segment, pid, cut);
  const playlists = await rate(files.media, pid, cut);
  const segmentBytes = (await (await fetch(files.segment)).blob()).size;
  const nginx = await rateNginx(files, folder.path, cut);
  return {
    segments: { own: segments, nginx: nginx.segments },
    playlists: { own: playlists, nginx: nginx.playlists },
    segmentBytes,
    listeners: LISTENERS,
    idlePercent,
    cpuPercent: busyPercent,
  };
}

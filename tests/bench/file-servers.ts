// Servers of the same files in turns: how many requests a core serves. Needs wrk.
import { join } from "node:path";
import { freePort } from "../support/ports.ts";
import { onCut } from "./cut.ts";
import { medianOf } from "./history.ts";
import { busySeconds, busyThreads } from "./process.ts";

/** Of a series of requests, of one that warms a server up, and how often the servers take turns. */
const [SECONDS, WARM_SECONDS, ROUNDS] = [3, 4, 3];
const CONNECTIONS = 32;

const SERVERS = ["own", "nginx", "bun"] as const;

/** Of served(), roughly. */
export const SERVED_SECONDS = SERVERS.length * (ROUNDS * SECONDS + WARM_SECONDS + 2);

/** Requests for each second that the server was on a processor: the median of all rounds. */
export interface Served {
  readonly own: number;
  readonly nginx: number;
  /** As little as a server in Bun can do. */
  readonly bun: number;
}

export interface Files {
  readonly media: string;
  readonly segment: string;
}

/** Returns how many requests were answered. Throws when one was refused. */
export async function ask(
  url: string,
  seconds: number,
  cut: AbortSignal,
  headers: readonly string[] = [],
): Promise<number> {
  const words = [
    "-t1",
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    ...headers.flatMap((one) => ["-H", one]),
  ];
  await using wrk = Bun.spawn(["wrk", ...words, url], { stdout: "pipe", stderr: "ignore" });
  using _ = onCut(cut, () => wrk.kill());
  const said = await new Response(wrk.stdout).text();
  cut.throwIfAborted();
  const [, requests = "0"] = /(\d+) requests in/.exec(said) ?? [];
  if (/Non-2xx/.test(said)) throw new Error(`${url}: some requests were refused`);
  return Number(requests);
}

/** Requests for each second of `pid` on a processor. */
async function rate(url: string, pid: number, seconds: number, cut: AbortSignal): Promise<number> {
  const before = await busyThreads(pid);
  const requests = await ask(url, seconds, cut);
  return requests / busySeconds(before, await busyThreads(pid));
}

export interface Server {
  readonly pid: number;
  readonly files: () => Promise<Files>;
}

type Kind = keyof Files;

/** The servers take turns, after a series that warms each of them up: what runs for the first time is compiled then. */
export async function served(
  servers: Readonly<Record<keyof Served, Server>>,
  kind: Kind,
  cut: AbortSignal,
): Promise<Served> {
  const rates = { own: [] as number[], nginx: [] as number[], bun: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++)
    for (const name of SERVERS) {
      const { pid, files } = servers[name];
      const seconds = round === 0 ? WARM_SECONDS : SECONDS;
      const one = await rate((await files())[kind], pid, seconds, cut);
      if (round > 0) rates[name].push(one);
    }
  return {
    own: medianOf(rates.own.toSorted((a, b) => a - b)),
    nginx: medianOf(rates.nginx.toSorted((a, b) => a - b)),
    bun: medianOf(rates.bun.toSorted((a, b) => a - b)),
  };
}

export const NAMES = { media: "mp3.m3u8", segment: "segment.mp3" } as const;

export async function keepFiles(files: Files, folder: string): Promise<void> {
  for (const kind of ["media", "segment"] as const)
    await Bun.write(join(folder, NAMES[kind]), await (await fetch(files[kind])).blob());
}

/** A server of the files in a folder, once it answers. */
async function serverOf(words: readonly string[], port: number) {
  const server = Bun.spawn([...words], { stdio: ["ignore", "ignore", "ignore"] });
  const url = (kind: Kind) => `http://127.0.0.1:${port}/${NAMES[kind]}`;
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(url("media")).catch(() => null)) break;
    await Bun.sleep(50);
  }
  const files = { media: url("media"), segment: url("segment") };
  return {
    pid: server.pid,
    files: () => Promise.resolve(files),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** One process. */
export async function runNginx(folder: string) {
  const [port, config] = [freePort(), join(folder, "nginx.conf")];
  const user = process.getuid?.() === 0 ? "user root;" : "";
  await Bun.write(
    config,
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr; ${user} events {}
http { access_log off; sendfile on; keepalive_requests 100000000; open_file_cache max=10;
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server { listen 127.0.0.1:${port}; root ${folder}; } }`,
  );
  return serverOf(["nginx", "-p", folder, "-e", "stderr", "-c", config], port);
}

export async function runBare(folder: string) {
  const port = freePort();
  const program = join(import.meta.dir, "load", "bare-server.ts");
  const files = Object.values(NAMES).map((name) => join(folder, name));
  return serverOf([process.execPath, program, String(port), ...files], port);
}

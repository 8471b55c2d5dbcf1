// The packaged executable of this machine as a process, in a folder of its own and with nothing but what a test gives it.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/station.ts";

const ROOT = join(import.meta.dir, "..", "..");
const NAME = join("dist", `cycast-${process.platform}-${process.arch}`);

export const EXECUTABLE = join(ROOT, NAME);

if (!existsSync(EXECUTABLE)) throw new Error(`${NAME} is missing: \`make ${NAME}\` packs it.`);

const packedMs = statSync(EXECUTABLE).mtimeMs;
const newer = [...new Bun.Glob("{src,public}/**").scanSync(ROOT)].find(
  (file) => statSync(join(ROOT, file)).mtimeMs > packedMs,
);
if (newer !== undefined) console.warn(`${NAME} is older than ${newer}: \`make ${NAME}\` packs it.`);

export const PASSWORD = "correct-horse-battery";

/** A configuration on free ports of this machine alone. */
export function configText(more = ""): string {
  return `server {
  host = "127.0.0.1"
  source_port = 0
  listen_port = 0
  source_password = "${PASSWORD}"
}
${more}`;
}

export interface Launch {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  /** In place of the executable, such as a program that starts it. */
  readonly command?: readonly string[];
}

function spawn(args: readonly string[], { cwd, env = {}, command = [EXECUTABLE] }: Launch) {
  return Bun.spawn([...command, ...args], {
    cwd,
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** Runs it to its end. */
export async function run(args: readonly string[], launch: Launch) {
  const child = spawn(args, launch);
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, err };
}

export interface Running extends AsyncDisposable {
  readonly child: ReturnType<typeof spawn>;
  /** Of the listen port, without a slash at the end. */
  readonly url: string;
  readonly sourcePort: number;
  readonly banner: string;
  /** All it has logged so far. */
  readonly log: () => string;
}

/** A station once its banner is complete; throws with all it said when it ends before. */
export async function launch(args: readonly string[], how: Launch): Promise<Running> {
  const child = spawn(args, how);
  let banner = "";
  let said = "";
  const keep = async (stream: ReadableStream<Uint8Array>, add: (text: string) => void) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) add(decoder.decode(chunk, { stream: true }));
  };
  void keep(child.stdout, (text) => (banner += text));
  void keep(child.stderr, (text) => (said += text));
  await until("the banner is complete", () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said}`);
    return banner.includes("API documentation:");
  });
  const url = /Status page: (\S+)\//.exec(banner)?.[1] ?? "";
  const sourcePort = Number(/source to: http:\/\/[^:]+:(\d+)/.exec(banner)?.[1]);
  return {
    child,
    url,
    sourcePort,
    banner,
    log: () => said,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}

/** Until so many bytes of the stream have arrived. */
export async function hear(url: string, bytes = 2000): Promise<Uint8Array> {
  const hangUp = new AbortController();
  const answer = await fetch(`${url}/stream`, { signal: hangUp.signal });
  const heard: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body ?? []) {
    heard.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  hangUp.abort();
  return Buffer.concat(heard);
}

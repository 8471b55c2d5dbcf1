// A station as an operator has it: a file, a process, signals and a log.
import { join } from "node:path";
import { PASSWORD } from "./config.ts";
import { until } from "./station.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");

/** What a configuration says beside ports and passwords: in its server block, and behind it. */
export interface Keys {
  readonly server?: string;
  readonly rest?: string;
}

/** A program and its arguments that runs the station. */
export type Runner = readonly string[];

export const configText = ({ server = "", rest = "" }: Keys): string => `server {
  host = "127.0.0.1"
  source_port = 0
  listen_port = 0
  source_password = "${PASSWORD}"
  admin_password = "${PASSWORD}"
${server}}
${rest}`;

export type OperatedStation = Awaited<ReturnType<typeof operate>>;

/** Runs the station with `name`.hcl in `folder`; resolves when its banner is complete. */
export async function operate(folder: string, name: string, keys: Keys = {}, runner: Runner = []) {
  const file = join(folder, `${name}.hcl`);
  const write = (next: Keys) => Bun.write(file, configText(next));
  await write(keys);
  const command = [...runner, process.execPath, MAIN, "-c", file];
  const child = Bun.spawn(command, { cwd: folder, stdout: "pipe", stderr: "pipe" });
  const said = { out: "", err: "" };
  const keep = async (stream: ReadableStream<Uint8Array>, where: "out" | "err") => {
    const decoder = new TextDecoder();
    for await (const part of stream) said[where] += decoder.decode(part, { stream: true });
  };
  void keep(child.stdout, "out");
  void keep(child.stderr, "err");
  // A machine that does much else takes its time.
  await until("it is up", () => said.out.includes("API documentation:"));
  const port = (label: string) => Number(new RegExp(`${label}.*?:(\\d+)`).exec(said.out)?.[1]);
  const listenPort = port("Status page: http://[^:]+");
  const ask = (path: string, method = "GET", password = PASSWORD) =>
    fetch(`http://127.0.0.1:${listenPort}${path}`, {
      method,
      headers: { authorization: `Basic ${btoa(`admin:${password}`)}` },
    });
  return {
    child,
    write,
    ask,
    listenPort,
    sourcePort: port("source to: http://[^:]+"),
    log: () => said.err,
    has: (line: string) => until(`the log has "${line}"`, () => said.err.includes(line)),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}

// A server as a process of its own, which can be killed.
import type { Subprocess } from "bun";
import { join } from "node:path";
import { until } from "./station.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");

/** A start beside others, on a busy machine. */
const START_SECONDS = 60;

export class ServerProcess implements AsyncDisposable {
  #child: Subprocess | null = null;
  readonly url: string;

  /** `settings`: its configuration without its ports. */
  constructor(
    readonly file: string,
    readonly ports: { readonly sourcePort: number; readonly listenPort: number },
    private readonly settings: string,
  ) {
    this.url = `http://127.0.0.1:${ports.listenPort}`;
  }

  /** Until it answers. */
  async start(): Promise<void> {
    const { sourcePort, listenPort } = this.ports;
    const server = `server {
  host = "127.0.0.1"
  source_port = ${sourcePort}
  listen_port = ${listenPort}
  state_directory = ""
}
`;
    await Bun.write(this.file, server + this.settings);
    this.#child = Bun.spawn([process.execPath, MAIN, "-c", this.file], {
      stdin: "ignore",
      stdout: "ignore",
      stderr: Bun.file(`${this.file}.log`),
    });
    await until(`${this.url} answers`, () => this.#answers(), START_SECONDS);
  }

  async #answers(): Promise<boolean> {
    if (this.#child?.exitCode !== null)
      throw new Error(`${this.file} ended: ${await this.logged()}`);
    const answer = await fetch(`${this.url}/health`).catch(() => null);
    await answer?.body?.cancel();
    return answer?.ok === true;
  }

  logged(): Promise<string> {
    return Bun.file(`${this.file}.log`).text();
  }

  /** At once, without a word to anybody. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.exited;
    this.#child = null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

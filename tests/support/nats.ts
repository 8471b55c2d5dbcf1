// A NATS server on a free loopback port, which can be ended and started again with what it kept.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireProgram } from "./programs.ts";
import { until } from "./station.ts";

/** Path of the program; null, said once, where it is not installed. */
export const natsServer = requireProgram("nats-server");

export class Nats implements AsyncDisposable {
  #process: Bun.Subprocess | null = null;

  private constructor(
    private readonly folder: string,
    private readonly options: readonly string[],
    public port = -1,
  ) {}

  /** `options`: further ones of its command line. */
  static async start(options: readonly string[] = []): Promise<Nats> {
    const nats = new Nats(await mkdtemp(join(tmpdir(), "cycast-nats-")), options);
    await nats.start();
    return nats;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** On the port that it had. */
  async start(): Promise<void> {
    const { folder, port } = this;
    const ports = join(folder, "ports");
    await Bun.$`mkdir -p ${ports}`;
    const listen = ["-a", "127.0.0.1", "-p", String(port), "--ports_file_dir", ports];
    this.#process = Bun.spawn(
      [natsServer ?? "", ...listen, "-js", "-sd", folder, ...this.options],
      {
        stdout: "ignore",
        stderr: "ignore",
      },
    );
    await until("NATS listens", async () => (await this.#listensAt(ports)) !== null);
    this.port = (await this.#listensAt(ports)) ?? -1;
  }

  /** As it writes once it listens; null before. */
  async #listensAt(ports: string): Promise<number | null> {
    const name = (await readdir(ports)).find((file) =>
      file.endsWith(`_${this.#process?.pid}.ports`),
    );
    if (name === undefined) return null;
    const text = await Bun.file(join(ports, name)).text();
    const [, port] = /"nats":\s*\[\s*"[^"]*:(\d+)"/.exec(text) ?? [];
    return port === undefined ? null : Number(port);
  }

  /** At once, without a word to its clients. */
  async kill(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.#process?.exited;
    this.#process = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

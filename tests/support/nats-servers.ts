// Servers of one cluster on loopback: some in this process, some of their own that can be killed.
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import type { Link } from "../../src/cluster/link.ts";
import { Secret } from "../../src/lib/secret.ts";
import { AS_ADMIN } from "../http/app.ts";
import { type TestStation, until } from "./station.ts";

export const SECRET = "the secret of the cluster";

export type ClusterOptions = Partial<Config["cluster"]> & { readonly node: string };

/** The same configuration as a server of a cluster on this NATS. */
export function inCluster(config: Config, nats: string, given: ClusterOptions): Config {
  const own = { nats: new Secret(nats), secret: new Secret(SECRET), ...given };
  return { ...config, cluster: { ...config.cluster, ...own } };
}

export function linkOf({ station }: TestStation): Link {
  const { link } = station.cluster;
  if (link === null) throw new Error("there is no cluster");
  return link;
}

/** JSON of the desk's API. */
export async function ask(radio: TestStation, path: string, body?: object) {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const headers = { ...AS_ADMIN, "content-type": "application/json" };
  const answer = await fetch(`${radio.url}/api/admin/${path}`, { ...init, headers });
  // What a test looks for in it.
  return { status: answer.status, json: (await answer.json()) as any };
}

interface ChildOptions {
  readonly folder: string;
  readonly port: number;
  readonly music: string;
  readonly nats: string;
  readonly node: string;
  /** Variables of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A server that shares its programme, as a process of its own. */
export class Origin implements AsyncDisposable {
  #child: Bun.Subprocess | null = null;
  readonly url: string;

  constructor(private readonly options: ChildOptions) {
    this.url = `http://127.0.0.1:${options.port}`;
  }

  /** Until it plays, and knows who leads. */
  async start(): Promise<void> {
    const { folder, port, music, nats, node, environment = {} } = this.options;
    const file = join(folder, `${node}.hcl`);
    await Bun.write(
      file,
      `server {
  host = "127.0.0.1"
  source_port = ${port}
  listen_port = 0
  state_directory = ""
}
library { cache_gb = 0 }
playlist { directory = "${music}" }
cluster {
  nats = "${nats}"
  secret = "${SECRET}"
  node = "${node}"
  url = "${this.url}"
  standby = true
}
`,
    );
    const main = join(import.meta.dir, "..", "..", "src", "main.ts");
    this.#child = Bun.spawn([process.execPath, main, "-c", file], {
      env: { ...process.env, ...environment },
      stdout: "ignore",
      stderr: Bun.file(join(folder, `${node}.log`)),
    });
    const log = Bun.file(join(folder, `${node}.log`));
    await until(`${node} plays`, () => this.#plays());
    await until("it knows who leads", async () => / leads$/m.test(await log.text()));
  }

  async #plays(): Promise<boolean> {
    const status = await fetch(`${this.url}/api/status`).catch(() => null);
    return status?.ok === true;
  }

  async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    this.#child?.kill(signal);
    await this.#child?.exited;
    this.#child = null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

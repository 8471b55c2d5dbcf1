// An origin with edges on this machine, each a whole station of this process.
import type { Config } from "../../src/config/config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { testConfig, type TestMount } from "./config.ts";
import { startStation, type TestStation, until } from "./station.ts";

export const SECRET = "known to all servers of this test";

export type Mounts = readonly [TestMount, ...TestMount[]];

/** `edges`: their addresses, with weights if they are not 1. */
export function originConfig(mounts: Mounts, edges: readonly (string | [string, number])[] = []) {
  const config = testConfig(mounts);
  const listed = edges.map((edge) => {
    const [url, weight] = typeof edge === "string" ? [edge, 1] : edge;
    return { url, weight };
  });
  return { ...config, cluster: { ...config.cluster, edges: listed, secret: new Secret(SECRET) } };
}

export function edgeConfig(
  origins: readonly string[],
  given: Partial<Config["edge"]> = {},
  mount: TestMount = {},
): Config {
  const config = originConfig([{ ...mount, playlist: { directory: "" } }]);
  const origin = origins.map((url) => new Secret(url));
  return { ...config, edge: { ...config.edge, origin, linger: 1, timeout: 2, ...given } };
}

export class Cluster implements AsyncDisposable {
  readonly #ended = new Set<TestStation>();

  private constructor(
    public origin: TestStation,
    readonly edges: readonly TestStation[],
    private readonly mounts: Mounts,
  ) {}

  static async start(mounts: Mounts, edges: number, mount: TestMount = {}): Promise<Cluster> {
    const origin = await startStation(originConfig(mounts));
    const config = edgeConfig([origin.url], {}, mount);
    const started = await Promise.all(Array.from({ length: edges }, () => startStation(config)));
    const cluster = new Cluster(origin, started, mounts);
    cluster.redirect();
    await cluster.ready();
    return cluster;
  }

  /** Sends listeners to the edges. */
  redirect(edges: readonly (string | [string, number])[] = this.edges.map(({ url }) => url)): void {
    this.origin.station.reconfigure(originConfig(this.mounts, edges));
  }

  /** An edge ends, if it has not ended before. */
  async end(edge: TestStation): Promise<void> {
    if (this.#ended.has(edge)) return;
    this.#ended.add(edge);
    await edge[Symbol.asyncDispose]();
  }

  /** The origin ends and starts again at the same ports. */
  async restart(): Promise<void> {
    const { listenPort, sourcePort } = this.origin;
    await this.origin[Symbol.asyncDispose]();
    const config = originConfig(
      this.mounts,
      this.edges.map(({ url }) => url),
    );
    const server = { ...config.server, listenPort, sourcePort };
    this.origin = await startStation({ ...config, server });
  }

  /** All edges of the configuration take listeners of the first mount. */
  async ready(): Promise<void> {
    const { edges } = this.origin.station;
    const [{ path = "/stream" }] = this.mounts;
    await until("all edges are healthy", () => edges.all.every((edge) => edge.serves(path)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.edges.map((edge) => this.end(edge)));
    await this.origin[Symbol.asyncDispose]();
  }
}

// The network between a browser and a station, which a test can hold up and cut.
import { connect, createServer, type Server, type Socket } from "node:net";

export class Line implements AsyncDisposable {
  readonly #pairs = new Set<{ client: Socket; station: Socket }>();
  #isDown = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private port: number,
  ) {}

  /** A port that leads to another. */
  static async to(port: number): Promise<Line> {
    const server = createServer((client) => line.#join(client));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the line has no port");
    const line = new Line(server, `http://127.0.0.1:${address.port}`, port);
    return line;
  }

  #join(client: Socket): void {
    if (this.#isDown) return void client.destroy();
    const station = connect(this.port, "127.0.0.1");
    const pair = { client, station };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [client, station],
      [station, client],
    ] as const) {
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
    }
  }

  /** What the station sends waits. */
  hold(): void {
    for (const { station, client } of this.#pairs) {
      station.unpipe(client);
      station.pause();
    }
  }

  release(): void {
    for (const { station, client } of this.#pairs) station.pipe(client);
  }

  /** Every connection breaks, and none is made. */
  cut(): void {
    this.#isDown = true;
    for (const { client, station } of this.#pairs) {
      client.resetAndDestroy();
      station.destroy();
    }
  }

  /** New connections reach the station again, or another one that took its place. */
  mend(port = this.port): void {
    [this.#isDown, this.port] = [false, port];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

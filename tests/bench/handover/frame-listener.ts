// A listener on a bare socket that knows whose frame each is that it hears, and when it came.
import { splitFrames } from "../../../src/format/frame-slice.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { until } from "../../support/station.ts";
import { Wire } from "../../support/wire.ts";
import type { HeardFrame } from "./heard-frames.ts";

/** The frames of each sender. */
export type Senders = Readonly<Record<string, readonly Uint8Array[]>>;

const keyOf = (frame: Uint8Array) => Buffer.from(frame).toString("latin1");

export class FrameListener implements Disposable {
  readonly heard: HeardFrame[] = [];
  readonly #names = new Map<string, readonly [name: string, number: number]>();
  readonly #parser = createMpegParser();
  #headBytes: Buffer | null = Buffer.alloc(0);

  private constructor(
    private readonly wire: Wire,
    senders: Senders,
  ) {
    for (const [name, frames] of Object.entries(senders))
      for (const [number, frame] of frames.entries()) this.#names.set(keyOf(frame), [name, number]);
    wire.socket.on("data", (bytes) => this.#onData(Buffer.from(bytes)));
  }

  static async join(port: number, path: string, senders: Senders): Promise<FrameListener> {
    const wire = await Wire.open(port);
    const listener = new FrameListener(wire, senders);
    wire.send(`GET ${path} HTTP/1.0\r\nHost: bench\r\n\r\n`);
    await until(`${path} is heard`, () => listener.heard.length > 0);
    return listener;
  }

  get isConnected(): boolean {
    return !this.wire.isClosed;
  }

  /** Waits until frames of a sender are heard from now on; of any other number than before. */
  async hears(name: string, count = 1): Promise<void> {
    const from = this.heard.length;
    const isHeard = () => this.heard.slice(from).filter((one) => one.name === name).length >= count;
    await until(`${name} is heard`, isHeard);
  }

  #onData(bytes: Buffer): void {
    if (this.#headBytes === null) return this.#take(bytes);
    const all = Buffer.concat([this.#headBytes, bytes]);
    const end = all.indexOf("\r\n\r\n");
    this.#headBytes = end < 0 ? all : null;
    if (end >= 0) this.#take(all.subarray(end + 4));
  }

  #take(bytes: Buffer): void {
    const atMs = performance.now();
    for (let got = this.#parser.push(bytes); got.count > 0; got = this.#parser.next())
      for (const frame of splitFrames(got)) {
        const [name, number] = this.#names.get(keyOf(frame.bytes)) ?? ["", 0];
        this.heard.push({ name, number, atMs });
      }
  }

  [Symbol.dispose](): void {
    this.wire[Symbol.dispose]();
  }
}

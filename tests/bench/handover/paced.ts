// Senders of known frames at the pace of their audio: encoders, and a master that relays pull.
import { Master } from "../../support/master.ts";
import { FRAME_MS } from "../../support/tracks.ts";
import { Wire } from "../../support/wire.ts";

const TURN_MS = 20;

/** Calls `send` for each frame when it is due, until it is disposed of. */
class Pacing implements Disposable {
  #count = 0;
  readonly #startMs = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(private readonly send: () => void) {
    this.#timer = setInterval(() => this.#turn(), TURN_MS);
  }

  #turn(): void {
    for (; this.#count * FRAME_MS <= performance.now() - this.#startMs; this.#count++) this.send();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** The frames of one sender, in order, over all its connections. */
export class Show {
  #next = 0;

  /** `isEndless`: it begins again after its last frame. */
  constructor(
    readonly frames: readonly Uint8Array[],
    private readonly isEndless = false,
  ) {}

  next(): Uint8Array {
    if (this.isEndless) this.#next %= this.frames.length;
    const frame = this.frames[this.#next++];
    if (frame === undefined) throw new Error("the show is over");
    return frame;
  }
}

export class Encoder implements Disposable {
  #pacing: Pacing | null = null;

  private constructor(
    private readonly wire: Wire,
    private readonly show: Show,
  ) {}

  /** Logs in and sends its show, where it was. */
  static async connect(port: number, path: string, user: string, password: string, show: Show) {
    const wire = await Wire.open(port);
    const login = Buffer.from(`${user}:${password}`).toString("base64");
    const head = `SOURCE ${path} HTTP/1.0\r\nAuthorization: Basic ${login}\r\n`;
    wire.send(`${head}Content-Type: audio/mpeg\r\nUser-Agent: ${user}\r\n\r\n`);
    while (wire.length === 0 && !wire.isClosed) await Bun.sleep(5);
    if (!wire.text.includes(" 200 ")) throw new Error(`${user} was answered: ${wire.text}`);
    const encoder = new Encoder(wire, show);
    encoder.play();
    return encoder;
  }

  play(show: Show = this.show): void {
    this.pause();
    this.#pacing = new Pacing(() => this.wire.send(show.next()));
  }

  /** Its connection stays. */
  pause(): void {
    this.#pacing?.[Symbol.dispose]();
  }

  /** Its connection ends without a word, once what it sent has arrived. */
  async drop(): Promise<void> {
    this.pause();
    await Bun.sleep(50);
    this.wire.socket.resetAndDestroy();
  }

  /** It says that it ends. */
  end(): void {
    this.pause();
    this.wire.socket.end();
  }

  [Symbol.dispose](): void {
    this.pause();
    this.wire[Symbol.dispose]();
  }
}

/** Masters of one stream, each with a burst for new clients. */
export class Masters implements AsyncDisposable {
  #pacing: Pacing | null = null;

  private constructor(readonly all: readonly Master[]) {}

  /** `atATime`: frames that are written together. */
  static async start(count: number, burst: number, show: Show, atATime = 1): Promise<Masters> {
    const all = await Promise.all(Array.from({ length: count }, () => Master.start()));
    const masters = new Masters(all);
    for (const master of all) master.burst = burst;
    const frames: Uint8Array[] = [];
    masters.#pacing = new Pacing(() => {
      frames.push(show.next());
      if (frames.length < atATime) return;
      for (const master of all) master.play(...frames);
      frames.length = 0;
    });
    return masters;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pacing?.[Symbol.dispose]();
    for (const master of this.all) await master[Symbol.asyncDispose]();
  }
}

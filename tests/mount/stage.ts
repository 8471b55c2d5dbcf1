// A mount over a real ring with inputs that a test plays by hand, and one player that hears it all.
import type { Frames } from "../../src/format/frame.ts";
import { Mount } from "../../src/mount/mount.ts";
import { Broadcaster } from "../../src/native/broadcaster.ts";
import { Ears } from "../native/ears.ts";
import { frames } from "../native/known-audio.ts";
import { type TestMount, testMount } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { FakeInput, keptLog } from "./fake-input.ts";

export const METAINT = 64;

/** A mount with the three kinds of input, of which silence is ready, and a listener from the first byte. */
export class Stage implements Disposable {
  readonly live = new FakeInput("live", "Late Show");
  readonly playlist = new FakeInput("playlist", "Some Song");
  readonly silence = new FakeInput("silence");
  readonly lines: readonly string[];
  readonly mount: Mount;
  readonly #broadcaster: Broadcaster;
  readonly #ears = new Ears();
  readonly #listener: number;

  constructor(given: TestMount = {}) {
    const { log, lines } = keptLog();
    this.lines = lines;
    this.mount = new Mount(testMount(given), log);
    this.silence.ready = true;
    this.#broadcaster = new Broadcaster(this.mount.ring, 1, 16);
    const sendsPerSecond = Number.POSITIVE_INFINITY;
    this.#broadcaster.tune({ chunkSize: 8192, sendsPerSecond, stallSeconds: 10 });
    this.#listener = this.#broadcaster.join(0, METAINT, 0) ?? 0;
  }

  attachAll(): void {
    for (const input of [this.silence, this.playlist, this.live]) this.mount.attach(input);
  }

  /** What a player makes of everything so far. */
  heard(): IcyReader {
    while (this.#broadcaster.tick(0, this.#ears) > 0);
    const reader = new IcyReader(METAINT);
    reader.push(this.#ears.of(this.#listener).bytes);
    return reader;
  }

  [Symbol.dispose](): void {
    this.#broadcaster.close();
    this.mount.close();
  }
}

/** Audio that is each input's own. */
export const voice = {
  live: (n: number): Frames => frames(1_000_000, n, { length: 100 }),
  playlist: (n: number): Frames => frames(2_000_000, n, { length: 90 }),
  silence: (n: number): Frames => frames(3_000_000, n, { length: 80 }),
};

export function bytesOf(...parts: Frames[]): Buffer {
  return Buffer.concat(parts.map(({ bytes }) => bytes));
}

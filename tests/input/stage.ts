// A mount whose every frame is written down, a clock the test owns, and a log that keeps its lines.
import type { Clock } from "../../src/lib/clock.ts";
import { createLog } from "../../src/lib/log.ts";
import { Mount } from "../../src/mount/mount.ts";
import { testMount, type TestMount } from "../support/config.ts";
import { FRAME_WORDS } from "../../src/format/frame.ts";

export interface HeardFrame {
  readonly bytes: Uint8Array;
  /** When it went into the ring, on the test's clock. */
  readonly atMs: number;
}

export class ManualClock implements Clock {
  constructor(public ms = 0) {}

  nowMs(): number {
    return this.ms;
  }
}

/** What was written to a mount's ring is in `heard`, what was logged in `lines` ("level /path: text"). */
export class Stage implements Disposable {
  readonly clock = new ManualClock(1000);
  readonly lines: string[] = [];
  readonly log = createLog((level, text) => void this.lines.push(`${level} ${text}`));
  readonly mount: Mount;
  readonly heard: HeardFrame[] = [];

  constructor(given: TestMount = {}) {
    this.mount = new Mount(testMount(given), this.log);
    const { ring } = this.mount;
    const write = ring.write.bind(ring);
    ring.write = (bytes, table, count) => {
      this.#note(bytes, table, count);
      write(bytes, table, count);
    };
  }

  /** All of it back to back. */
  get audio(): Buffer {
    return Buffer.concat(this.heard.map(({ bytes }) => bytes));
  }

  /** Lines that hold `text`. */
  told(text: string): string[] {
    return this.lines.filter((line) => line.includes(text));
  }

  #note(bytes: Uint8Array, table: Uint32Array, count: number): void {
    for (let i = 0, at = 0; i < count; i++) {
      const end = at + (table[i * FRAME_WORDS] ?? 0);
      this.heard.push({ bytes: bytes.slice(at, end), atMs: this.clock.ms });
      at = end;
    }
  }

  [Symbol.dispose](): void {
    this.mount.close();
  }
}

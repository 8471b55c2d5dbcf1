// A listener's connection that a test blocks, drains and breaks by hand, and a clock that it turns.
import type { Clock } from "../../src/lib/clock.ts";
import type { Sink, SinkOwner, SinkState } from "../../src/mount/roles.ts";

export class FakeSink implements Sink {
  descriptor = -1;
  isChunked = false;
  owner: SinkOwner | null = null;
  /** What the next write answers. */
  state: SinkState = "open";
  readonly writes: Buffer[] = [];
  /** What it was told when its listener left. */
  leftBytes: number | null = null;
  ends = 0;
  aborts = 0;

  write(span: Uint8Array<ArrayBuffer>): SinkState {
    if (this.state !== "gone") this.writes.push(Buffer.from(span));
    return this.state;
  }

  /** The kernel has room again. */
  drain(): void {
    this.state = "open";
    this.owner?.onDrain();
  }

  left(sentBytes: number): void {
    this.leftBytes = sentBytes;
  }

  end(): void {
    this.ends++;
  }

  abort(): void {
    this.aborts++;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.writes);
  }
}

export class ManualClock implements Clock {
  now = 0;

  nowMs(): number {
    return this.now;
  }
}

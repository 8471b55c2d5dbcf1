// When a listener's connection is handed from Bun to the core, and what is written there by whom.
import { describe, expect, test } from "bun:test";
import { HandedSink } from "../../../src/output/sinks/handed-sink.ts";
import type { SinkOwner } from "../../../src/mount/roles.ts";
import type { StreamSink } from "../../../src/output/sinks/stream-sink.ts";
import { until } from "../../support/station.ts";

/** Behind the timers that are due. */
const nextTask = () => Bun.sleep(1);

/** Bun's side: what it is given goes into the kernel in the way that a test says. */
class Stream {
  owner: Pick<SinkOwner, "onDrain"> | null = null;
  readonly calls: string[] = [];
  state = "open";
  /** What the kernel gets for a span. */
  wrap: (length: number) => number = (length) => length;

  constructor(private readonly line: Line) {}

  write(span: Uint8Array): string {
    this.calls.push(`write ${span.length}`);
    this.line.writtenBytes += this.wrap(span.length);
    return this.state;
  }

  end(): void {
    this.calls.push("end");
  }

  abort(): void {
    this.calls.push("abort");
  }
}

/** The kernel's side. */
class Line {
  readonly descriptor = 9;
  writtenBytes = 1000;
  /** Bytes that it takes yet; negative when it is broken. */
  room = Number.POSITIVE_INFINITY;
  readonly writes: string[] = [];
  releases = 0;

  write(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.room);
    if (count > 0) this.writes.push(Buffer.from(bytes.subarray(0, count)).toString());
    this.room -= Math.max(0, count);
    return count;
  }

  release(): void {
    this.releases++;
  }
}

const inChunk = (length: number) => length + length.toString(16).length + "\r\n\r\n".length;

function stage({ hasLine = true } = {}) {
  const line = new Line();
  const stream = new Stream(line);
  const sink = new HandedSink(stream as unknown as StreamSink, hasLine ? line : null);
  const seen = { descriptors: 0, drains: 0 };
  sink.owner = { onDescriptor: () => seen.descriptors++, onDrain: () => seen.drains++ };
  return { line, stream, sink, seen };
}

async function handedOver() {
  const on = stage();
  on.sink.write(new Uint8Array(400));
  await nextTask();
  expect(on.seen.descriptors).toBe(1);
  return on;
}

const text = (words: string) => new Uint8Array(Buffer.from(words));

describe("a connection is handed over", () => {
  test.each([1, 15, 16, 417, 4095, 4096, 16_384, 65_536])(
    "when the kernel has taken a span of %d bytes in one chunk",
    async (length) => {
      const { stream, sink, seen } = stage();
      stream.wrap = inChunk;
      expect(sink.write(new Uint8Array(length))).toBe("open");
      expect([sink.descriptor, seen.descriptors]).toEqual([-1, 0]);
      await nextTask();
      expect([sink.descriptor, sink.isChunked, seen.descriptors]).toEqual([9, true, 1]);
    },
  );

  test("when it has taken it bare", async () => {
    const { sink, seen } = stage();
    sink.write(new Uint8Array(417));
    await nextTask();
    expect([sink.descriptor, sink.isChunked, seen.descriptors]).toEqual([9, false, 1]);
  });

  test("by a later span, where the first went with the head", async () => {
    const { stream, sink, seen } = stage();
    stream.wrap = (length) => inChunk(length) + 250;
    sink.write(new Uint8Array(417));
    await nextTask();
    expect(seen.descriptors).toBe(0);
    stream.wrap = inChunk;
    sink.write(new Uint8Array(418));
    await nextTask();
    expect([sink.descriptor, sink.isChunked]).toEqual([9, true]);
  });
});

describe("it stays Bun's", () => {
  test("while the kernel has less than it was given, or more", async () => {
    const { stream, sink, seen } = stage();
    for (const other of [-417, -1, 1, 6, 8, 100]) {
      stream.wrap = (length) => length + other;
      sink.write(new Uint8Array(417));
      await nextTask();
      expect([seen.descriptors, sink.descriptor]).toEqual([0, -1]);
    }
    expect(stream.calls.length).toBe(6);
  });

  test("while a span waits in Bun", async () => {
    const { stream, sink, seen } = stage();
    stream.state = "blocked";
    expect(sink.write(new Uint8Array(417))).toBe("blocked");
    await nextTask();
    expect(seen.descriptors).toBe(0);
    stream.owner?.onDrain();
    expect(seen.drains).toBe(1);
  });

  test("while another span was given to Bun behind the one that the kernel has", async () => {
    const { stream, sink, seen } = stage();
    sink.write(new Uint8Array(417));
    stream.wrap = () => 0;
    sink.write(new Uint8Array(417));
    await nextTask();
    expect(seen.descriptors).toBe(0);
  });

  test("without one, without counts from the kernel, and after many tries", async () => {
    const none = stage({ hasLine: false });
    none.sink.write(new Uint8Array(417));
    const silent = stage();
    silent.line.writtenBytes = Number.NaN;
    silent.sink.write(new Uint8Array(417));
    const strange = stage();
    strange.stream.wrap = (length) => length + 1;
    for (let i = 0; i < 16; i++) {
      strange.sink.write(new Uint8Array(417));
      await nextTask();
    }
    strange.stream.wrap = inChunk;
    strange.sink.write(new Uint8Array(417));
    await nextTask();
    expect([none, silent, strange].map(({ seen }) => seen.descriptors)).toEqual([0, 0, 0]);
  });

  test("when it has ended meanwhile", async () => {
    const ends: ((sink: HandedSink) => void)[] = [
      (sink) => sink.end(),
      (sink) => sink.abort(),
      (sink) => sink.gone(),
    ];
    for (const end of ends) {
      const { line, sink, seen } = stage();
      sink.write(new Uint8Array(417));
      end(sink);
      await nextTask();
      expect([seen.descriptors, line.releases]).toEqual([0, 1]);
    }
  });
});

describe("once it is handed over", () => {
  test("what the core leaves goes there and not through Bun", async () => {
    const { line, stream, sink } = await handedOver();
    expect(sink.write(text("rest"))).toBe("open");
    expect(line.writes).toEqual(["rest"]);
    expect(stream.calls).toEqual(["write 400"]);
  });

  test("what the kernel does not take waits until it has room", async () => {
    const { line, sink, seen } = await handedOver();
    line.room = 2;
    expect(sink.write(text("rest"))).toBe("blocked");
    expect([line.writes, sink.descriptor]).toEqual([["re"], -1]);
    await Bun.sleep(250);
    expect(seen.drains).toBe(0);
    line.room = 100;
    await until("it drains", () => seen.drains === 1);
    expect([line.writes, sink.descriptor]).toEqual([["re", "st"], 9]);
  });

  test("a broken connection is gone", async () => {
    const { line, sink } = await handedOver();
    line.room = -1;
    expect(sink.write(text("rest"))).toBe("gone");
  });

  test("Bun ends it, after what waits was written", async () => {
    const { line, stream, sink } = await handedOver();
    line.room = 0;
    sink.write(text("rest"));
    sink.end();
    expect([stream.calls, line.releases]).toEqual([["write 400"], 0]);
    line.room = 100;
    await until("it ends", () => stream.calls.includes("end"));
    expect([line.writes, line.releases]).toEqual([["rest"], 1]);
  });

  test("it can be dropped with what waits, and end by itself", async () => {
    const dropped = await handedOver();
    dropped.line.room = 0;
    dropped.sink.write(text("rest"));
    dropped.sink.abort();
    dropped.sink.gone();
    expect([dropped.stream.calls, dropped.line.releases]).toEqual([["write 400", "abort"], 1]);
    const left = await handedOver();
    left.sink.gone();
    expect(left.sink.write(text("rest"))).toBe("gone");
    expect([left.stream.calls, left.line.releases]).toEqual([["write 400"], 1]);
  });
});

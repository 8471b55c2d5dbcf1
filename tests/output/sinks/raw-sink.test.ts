// A sink on a bare connection: every byte once and in order, whatever the kernel takes at a time.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { RawSink } from "../../../src/output/sinks/raw-sink.ts";

/** A connection whose kernel has as much room as the test gives it. */
class Line {
  readonly descriptor = 5;
  readonly taken: number[] = [];
  readonly calls: string[] = [];
  isGone = false;

  constructor(public room = 0) {}

  write(bytes: Uint8Array): number {
    if (this.isGone) return -1;
    const count = Math.min(this.room, bytes.length);
    this.taken.push(...bytes.subarray(0, count));
    this.room -= count;
    return count;
  }

  finish(): void {
    this.calls.push("finish");
  }

  drop(): void {
    this.calls.push("drop");
  }
}

function sinkOn(line: Line) {
  const sink = new RawSink(line);
  let drains = 0;
  sink.owner = { onDescriptor: () => undefined, onDrain: () => drains++ };
  return { sink, drains: () => drains };
}

const bytes = (...values: number[]) => Uint8Array.from(values);

test("what the kernel takes whole leaves the sink open", () => {
  const line = new Line(3);
  const { sink } = sinkOn(line);
  expect(sink.write(bytes(1, 2, 3))).toBe("open");
  expect(line.taken).toEqual([1, 2, 3]);
});

test("what it does not take is kept, though the span's memory is written over, and drains once", () => {
  const line = new Line(1);
  const { sink, drains } = sinkOn(line);
  const span = bytes(1, 2, 3);
  expect(sink.write(span)).toBe("blocked");
  span.fill(9);
  line.room = 1;
  sink.drain();
  expect([line.taken, drains()]).toEqual([[1, 2], 0]);
  line.room = 10;
  sink.drain();
  sink.drain();
  expect([line.taken, drains(), sink.isBlocked]).toEqual([[1, 2, 3], 1, false]);
});

test("a head and the burst behind it stay in order when neither is taken", () => {
  const line = new Line();
  const { sink } = sinkOn(line);
  expect([sink.write(bytes(1, 2)), sink.write(bytes(3, 4))]).toEqual(["blocked", "blocked"]);
  line.room = 10;
  sink.drain();
  expect(line.taken).toEqual([1, 2, 3, 4]);
});

test("an end waits for pending bytes, and happens once", () => {
  const line = new Line(1);
  const { sink, drains } = sinkOn(line);
  sink.write(bytes(1, 2));
  sink.end();
  sink.end();
  expect(line.calls).toEqual([]);
  line.room = 1;
  sink.drain();
  expect([line.taken, line.calls, drains()]).toEqual([[1, 2], ["finish"], 0]);
  expect(sink.write(bytes(3))).toBe("gone");
});

test("an abort does not wait, and nothing is written afterwards", () => {
  const line = new Line(1);
  const { sink } = sinkOn(line);
  sink.write(bytes(1, 2));
  sink.abort();
  sink.abort();
  sink.end();
  line.room = 10;
  sink.drain();
  expect([line.taken, line.calls]).toEqual([[1], ["drop"]]);
});

test("of a connection that is gone nothing more is asked", () => {
  const line = new Line(1);
  const { sink, drains } = sinkOn(line);
  sink.write(bytes(1, 2));
  line.isGone = true;
  sink.drain();
  sink.gone();
  sink.drain();
  sink.end();
  sink.abort();
  expect([sink.write(bytes(3)), line.calls, drains()]).toEqual(["gone", [], 0]);
  expect(sinkOn(line).sink.write(bytes(1))).toBe("gone");
});

test("whatever room there is when, the bytes arrive once and in order", () => {
  const step = fc.record({
    span: fc.uint8Array({ minLength: 1, maxLength: 20 }),
    room: fc.nat(15),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const line = new Line();
      const { sink } = sinkOn(line);
      const sent: number[] = [];
      for (const { span, room } of steps) {
        line.room += room;
        sink.drain();
        if (sink.isBlocked) continue;
        sent.push(...span);
        sink.write(span);
      }
      line.room = Number.MAX_SAFE_INTEGER;
      sink.drain();
      expect(line.taken).toEqual(sent);
    }),
  );
});

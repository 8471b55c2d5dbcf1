// The ring through FFI: what it holds, from where, and what it refuses.
import { describe, expect, test } from "bun:test";
import { FRAME_SYNC } from "../../src/format/frame.ts";
import { MAX_PREAMBLE_BYTES, MAX_TITLE_BYTES, Ring } from "../../src/native/ring.ts";
import { Stage } from "./ears.ts";
import { audio, feed, frames } from "./known-audio.ts";

function withRing(bytes: number, body: (ring: Ring) => void): void {
  const ring = new Ring(bytes);
  try {
    body(ring);
  } finally {
    ring.close();
  }
}

/** The span from a position to another, as a listener would be sent it. */
function span(ring: Ring, from: number, to: number): Uint8Array {
  const offset = from % ring.capacity;
  return ring.memory.subarray(offset, offset + to - from);
}

describe("what a ring holds", () => {
  test("a ring begins empty", () => {
    withRing(4096, (ring) => {
      expect([ring.head, ring.tail, ring.seek(5), ring.lag(0)]).toEqual([0, 0, 0, 0]);
    });
  });

  test("capacity is rounded up to whole pages, and memory shows it twice in a row", () => {
    withRing(5000, (ring) => {
      expect(ring.capacity).toBeGreaterThanOrEqual(5000);
      expect(ring.capacity % 4096).toBe(0);
      expect(ring.memory.length).toBe(2 * ring.capacity);
      feed(ring, 1, { length: 1000 });
      expect(ring.memory.subarray(0, 1000)).toEqual(audio(0, 1000));
      expect(ring.memory.subarray(ring.capacity, ring.capacity + 1000)).toEqual(audio(0, 1000));
    });
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 30 + 1])(
    "a ring of %p bytes throws",
    (bytes) => {
      expect(() => new Ring(bytes)).toThrow(RangeError);
    },
  );

  test("a span across the wrap is contiguous", () => {
    withRing(4096, (ring) => {
      const { capacity } = ring;
      const length = capacity / 4 - 24;
      feed(ring, 9, { length });
      expect(Math.floor(ring.tail / capacity)).toBeLessThan(Math.floor(ring.head / capacity));
      expect(span(ring, ring.tail, ring.head)).toEqual(audio(ring.tail, ring.head - ring.tail));
    });
  });

  test("the tail is the start of the oldest frame held whole", () => {
    withRing(4096, (ring) => {
      const { capacity } = ring;
      feed(ring, 2, { length: capacity / 2 });
      expect(ring.tail).toBe(0);
      feed(ring, 1, { length: 1 });
      expect([ring.tail, ring.head]).toEqual([capacity / 2, capacity + 1]);
    });
  });

  test("a write as large as the ring is held whole", () => {
    withRing(4096, (ring) => {
      feed(ring, 1, { length: 100 });
      feed(ring, 1, { length: ring.capacity });
      expect(ring.tail).toBe(100);
      expect(span(ring, ring.tail, ring.head)).toEqual(audio(100, ring.capacity));
    });
  });

  test("a part of a larger array is written from where it begins", () => {
    withRing(4096, (ring) => {
      const table = Uint32Array.of(99, 99, 99, 300, 26_000, FRAME_SYNC).subarray(3);
      ring.write(audio(0, 1000).subarray(500, 800), table, 1);
      expect(span(ring, 0, 300)).toEqual(audio(500, 300));
    });
  });
});

describe("what a ring refuses", () => {
  /** Each of these throws and leaves the ring as it was. */
  function expectRefusal(bytes: number, table: number[], count: number): void {
    withRing(4096, (ring) => {
      feed(ring, 1, { length: 100 });
      const write = () => ring.write(new Uint8Array(bytes), Uint32Array.from(table), count);
      expect(write).toThrow(RangeError);
      expect([ring.head, ring.tail]).toEqual([100, 0]);
      expect(span(ring, 0, 100)).toEqual(audio(0, 100));
    });
  }

  test("a write larger than the ring throws and nothing is written", () => {
    withRing(4096, ({ capacity }) => {
      expectRefusal(capacity + 1, [capacity + 1, 26_000, FRAME_SYNC], 1);
    });
  });

  test("frames that do not add up to the bytes throw", () => {
    expectRefusal(10, [9, 26_000, FRAME_SYNC], 1);
    expectRefusal(10, [11, 26_000, FRAME_SYNC], 1);
    expectRefusal(10, [], 0);
    expectRefusal(0, [10, 26_000, FRAME_SYNC], 1);
  });

  test("a table shorter than the count of frames throws: the core would read on behind it", () => {
    expectRefusal(20, [10, 26_000, FRAME_SYNC], 2);
    expectRefusal(10, [10, 26_000], 1);
  });

  test("a frame without bytes, or of an unknown flag, throws", () => {
    expectRefusal(10, [10, 26_000, FRAME_SYNC, 0, 26_000, FRAME_SYNC], 2);
    expectRefusal(10, [10, 26_000, 2], 1);
  });

  test("no frames of no bytes are nothing", () => {
    withRing(4096, (ring) => {
      ring.write(new Uint8Array(0), new Uint32Array(0), 0);
      expect(ring.head).toBe(0);
    });
  });

  test("a title has 1 to MAX_TITLE_BYTES bytes, any other throws", () => {
    withRing(4096, (ring) => {
      ring.title(new Uint8Array(1).fill(65));
      ring.title(new Uint8Array(MAX_TITLE_BYTES).fill(65));
      expect(() => ring.title(new Uint8Array(MAX_TITLE_BYTES + 1).fill(65))).toThrow(RangeError);
      expect(() => ring.title(new Uint8Array(0))).toThrow(RangeError);
    });
  });

  test("a preamble has at most MAX_PREAMBLE_BYTES bytes, a longer one throws", () => {
    withRing(4096, (ring) => {
      ring.preamble(new Uint8Array(MAX_PREAMBLE_BYTES).fill(1));
      expect(() => ring.preamble(new Uint8Array(MAX_PREAMBLE_BYTES + 1))).toThrow(RangeError);
    });
  });

  test("use after close throws, to close again is nothing", () => {
    const ring = new Ring(4096);
    ring.close();
    ring.close();
    expect(ring.isClosed).toBe(true);
    const { bytes, table } = frames(0, 1, { length: 10 });
    const uses = [
      () => ring.write(bytes, table, 1),
      () => ring.write(bytes.subarray(0, 0), table, 0),
      () => ring.head,
      () => ring.tail,
      () => ring.seek(1),
      () => ring.lag(1),
      () => ring.title(bytes),
      () => ring.preamble(bytes),
      () => ring.preamble(null),
      () => ring.break(),
    ];
    for (const use of uses) expect(use).toThrow("The ring is closed");
  });
});

describe("seconds", () => {
  test("burst is seconds, not bytes", () => {
    for (const length of [104, 417, 1044]) {
      withRing(1 << 20, (ring) => {
        feed(ring, 400, { length, ms: 25 });
        expect(ring.head - ring.seek(5)).toBe(200 * length);
      });
    }
  });

  test("a burst begins where a decoder may start, rather earlier than later", () => {
    withRing(1 << 16, (ring) => {
      for (let i = 0; i < 20; i++) feed(ring, 1, { length: 100, ms: 100, isSync: i % 8 === 0 });
      expect(ring.seek(1)).toBe(800);
      expect(ring.seek(0.1)).toBe(1600);
    });
  });

  test("a burst never begins before the tail", () => {
    withRing(4096, (ring) => {
      feed(ring, 100, { length: 100 });
      expect(ring.seek(3600)).toBe(ring.tail);
    });
  });

  test("a burst never begins before a break", () => {
    withRing(1 << 16, (ring) => {
      feed(ring, 10, { length: 100 });
      ring.break();
      expect(ring.seek(5)).toBe(1000);
      feed(ring, 1, { length: 100, isSync: false });
      expect(ring.seek(5)).toBe(1100);
      feed(ring, 3, { length: 100 });
      expect([ring.seek(5), ring.seek(0)]).toEqual([1100, 1300]);
      expect(ring.tail).toBe(0);
    });
  });

  test("lag is the audio from a position's frame to the head", () => {
    withRing(1 << 16, (ring) => {
      feed(ring, 10, { length: 100, ms: 20 });
      expect(ring.lag(0)).toBeCloseTo(0.2, 9);
      expect(ring.lag(550)).toBeCloseTo(0.1, 9);
      expect(ring.lag(1000)).toBe(0);
    });
  });
});

test("positions grow beyond 2^32 and stay exact", () => {
  using stage = new Stage({ bytes: 1 << 20 });
  const { ring } = stage;
  const { bytes, table } = frames(0, 1, { length: ring.capacity });
  while (ring.head <= 2 ** 32) ring.write(bytes, table, 1);
  const before = ring.head;
  expect(before).toBe(2 ** 32 + ring.capacity);
  feed(ring, 3, { length: 1001 });
  expect(ring.head).toBe(before + 3003);
  const listener = stage.join(0.026);
  stage.takeAll(listener);
  expect(stage.ears.of(listener).bytes.equals(audio(before + 2002, 1001))).toBe(true);
  expect(stage.broadcaster.inspect(listener)?.cursor).toBe(before + 3003);
});

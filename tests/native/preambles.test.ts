// Preambles through FFI: who is sent one and who hears it in the audio, one sentence each.
import { expect, test } from "bun:test";
import type { Ring } from "../../src/native/ring.ts";
import { Stage } from "./ears.ts";
import { audio, feed } from "./known-audio.ts";

const HEADER_BYTES = 300;
const PAGE = { length: 100, ms: 100 };

/** The header pages of a chain: bytes that no audio of these tests has. */
function headers(chain: number): Buffer {
  return Buffer.alloc(HEADER_BYTES, `headers of chain ${chain}, `);
}

/** As a source writes it: preamble, its copy (known audio, to tell the two apart) and ten pages of 100 ms. */
function playChain(ring: Ring, chain: number): void {
  ring.preamble(headers(chain));
  feed(ring, 1, { length: HEADER_BYTES, ms: 0, isSync: false });
  feed(ring, 10, PAGE);
}

/** What a listener heard, against pieces in order. */
function expectHeard(stage: Stage, listener: number, ...pieces: Uint8Array[]): void {
  expect(stage.ears.of(listener).bytes.equals(Buffer.concat(pieces))).toBe(true);
}

test("one who joins is sent the preamble, as a send of its own, and then the burst", () => {
  using stage = new Stage();
  playChain(stage.ring, 1);
  const listener = stage.join(0.5);
  stage.takeAll(listener);
  expectHeard(stage, listener, headers(1), audio(HEADER_BYTES + 500, 500));
  expect(stage.ears.of(listener).sends.map(({ length }) => length)).toEqual([HEADER_BYTES, 500]);
  expect(stage.broadcaster.inspect(listener)?.sentBytes).toBe(HEADER_BYTES + 500);
});

test("one who is there hears the next preamble in the audio only", () => {
  using stage = new Stage({ bytes: 1 << 16 });
  playChain(stage.ring, 1);
  const listener = stage.join(0.5);
  playChain(stage.ring, 2);
  stage.takeAll(listener);
  expectHeard(stage, listener, headers(1), audio(HEADER_BYTES + 500, 500 + HEADER_BYTES + 1000));
});

test("one who waits at the head of an empty ring hears it in the audio only", () => {
  using stage = new Stage();
  const listener = stage.join(5);
  playChain(stage.ring, 1);
  stage.tick();
  expectHeard(stage, listener, audio(0, HEADER_BYTES + 1000));
});

test("one who lagged is sent it again", () => {
  using stage = new Stage();
  const { ring } = stage;
  playChain(ring, 1);
  const listener = stage.join(0);
  stage.takeAll(listener);
  const before = ring.head;
  feed(ring, 2 * Math.ceil(ring.capacity / PAGE.length), PAGE);
  stage.tick();
  const ear = stage.ears.of(listener);
  const resumed = before + ear.lags[0]!;
  const first = [headers(1), audio(before - 100, 100)];
  expectHeard(stage, listener, ...first, headers(1), audio(resumed, ring.head - resumed));
});

test("one who moves is sent that of the other ring and begins where a decoder may start", () => {
  using from = new Stage();
  using to = new Stage();
  playChain(from.ring, 1);
  playChain(to.ring, 2);
  feed(to.ring, 1, { ...PAGE, isSync: false });
  const moved = from.broadcaster.move(from.join(), to.broadcaster, 0)!;
  to.tick();
  expectHeard(to, moved, headers(2), audio(HEADER_BYTES + 900, 200));
});

test.each([
  ["null", (ring: Ring) => ring.preamble(null)],
  ["no bytes", (ring: Ring) => ring.preamble(new Uint8Array(0))],
  ["a break", (ring: Ring) => ring.break()],
])("after %s nobody is sent one", (_, end) => {
  using stage = new Stage();
  playChain(stage.ring, 1);
  end(stage.ring);
  feed(stage.ring, 5, PAGE);
  const listener = stage.join(0.5);
  stage.takeAll(listener);
  expectHeard(stage, listener, audio(HEADER_BYTES + 1000, 500));
});

test("one who joins at a break hears what comes behind it, and its preamble in the audio only", () => {
  using stage = new Stage();
  playChain(stage.ring, 1);
  stage.ring.break();
  const listener = stage.join(5);
  stage.takeAll(listener);
  playChain(stage.ring, 2);
  stage.tick();
  expectHeard(stage, listener, audio(HEADER_BYTES + 1000, HEADER_BYTES + 1000));
});

test("a preamble is borrowed: what becomes of its bytes afterwards changes nothing", () => {
  using stage = new Stage();
  const bytes = headers(1);
  stage.ring.preamble(bytes);
  bytes.fill(0);
  feed(stage.ring, 1, { length: HEADER_BYTES, ms: 0, isSync: false });
  feed(stage.ring, 10, PAGE);
  const listener = stage.join(1);
  stage.takeAll(listener);
  expectHeard(stage, listener, headers(1), audio(HEADER_BYTES, 1000));
});

// Sources whose bytes are no audio: bytes alone keep no mount, what may still become a frame does.
import { describe, expect, test } from "bun:test";
import { concat, garbage, id3v2, mpegFrame, mpegFrames } from "../format/mpeg-builder.ts";
import { oggChain, oggPage, opusPacket } from "../format/ogg-builder.ts";
import { block, clusterHead, timestamp, webmHeader } from "../format/webm-builder.ts";
import { AUTHORIZED, Door, MPEG, put } from "./door.ts";

/** A source that sends `bytes` in equal parts, one each `everyMs`, for `seconds` or until it is ended. */
function stream(opening: Uint8Array, bytes: Uint8Array, everyMs: number, seconds: number) {
  const door = new Door();
  const { connection, calls } = door.connect();
  connection.onData(Buffer.from(put(AUTHORIZED, MPEG, "User-Agent: E")));
  connection.onData(opening);
  const { clock, mount } = door.stage;
  const startMs = clock.ms;
  const size = Math.ceil((bytes.length * everyMs) / 1000 / seconds);
  for (let at = 0; at < bytes.length && mount.live !== null; at += size) {
    clock.ms += everyMs;
    connection.onData(bytes.subarray(at, at + size));
    connection.checkTimeout(clock.ms);
  }
  return {
    door,
    calls,
    seconds: (clock.ms - startMs) / 1000,
    [Symbol.dispose]: () => door[Symbol.dispose](),
  };
}

const NOTHING = new Uint8Array(0);
const badPage = (seed: number) => {
  const page = oggPage({ packets: [opusPacket(200, seed)], sequence: seed });
  page[22] = (page[22] ?? 0) ^ 1;
  return page;
};
const BAD_PAGES = concat(...Array.from({ length: 100 }, (_, i) => badPage(i)));
const OGG = oggChain({ hasEnd: false });

const WEBM = concat(webmHeader(), clusterHead(), timestamp(0), block(0));

describe("a source ends after source_timeout when it sends", () => {
  test.each<[string, Uint8Array, Uint8Array]>([
    ["garbage behind good frames", concat(...mpegFrames(8)), garbage(40_000)],
    ["garbage from its start", NOTHING, garbage(8000)],
    ["an opening that says nothing", NOTHING, new Uint8Array(2000)],
    ["Ogg from the middle of a chain", NOTHING, concat(...OGG.slice(2)).subarray(0, 200)],
    ["Ogg with wrong checksums", concat(...OGG), BAD_PAGES],
    ["garbage behind blocks of WebM", WEBM, garbage(4000)],
  ])("%s", (_, opening, bytes) => {
    using show = stream(opening, bytes, 100, 20);
    expect(show.door.stage.mount.live).toBeNull();
    expect(show.seconds).toBe(10);
    expect(show.door.stage.told("has left: it sends no audio for 10 s (").length).toBe(1);
    expect(show.door.counts).toEqual({ accepted: 1, no_audio: 1 });
    expect(show.calls.at(-1)).toBe("half-close");
  });

  test("nothing but garbage, and was never on air", () => {
    using show = stream(NOTHING, garbage(8000), 100, 20);
    expect(show.door.stage.heard).toEqual([]);
    expect(show.door.stage.told("is on air")).toEqual([]);
    expect(show.door.stage.mount.garbageBytes).toBe(4000);
  });
});

describe("a source goes on when", () => {
  const goesOn = (opening: Uint8Array, bytes: Uint8Array, seconds: number): void => {
    using show = stream(opening, bytes, 100, seconds);
    expect(show.door.stage.mount.live).not.toBeNull();
    expect(show.door.counts).toEqual({ accepted: 1 });
  };

  test("each of its frames takes a while", () => {
    const slow = mpegFrames(900, { version: 2.5, bitrate: 8, sampleRate: 8000, mode: "mono" });
    goesOn(NOTHING, concat(...slow), 65);
  });

  test("there is garbage between its frames", () => {
    const parts = Array.from({ length: 8 }, (_, i) => [
      ...mpegFrames(2, { seed: i }),
      garbage(300, i),
    ]);
    goesOn(concat(...mpegFrames(3)), concat(...parts.flat()), 40);
  });

  test("a page of it takes longer than source_timeout to come", () => {
    const long = oggPage({ packets: [opusPacket(50_000)], sequence: 5, granule: 48_000 * 30 });
    goesOn(concat(...OGG), long, 45);
  });

  test("a block of it takes longer than source_timeout to come", () => {
    goesOn(WEBM, block(20, { length: 20_000 }), 45);
  });
});

test("a source that expects an answer is answered that it sends no audio", () => {
  using door = new Door();
  const { connection, calls } = door.connect();
  connection.onData(Buffer.from(put(AUTHORIZED, MPEG, "Expect: 100-continue")));
  connection.onData(concat(mpegFrame(), garbage(5000)));
  for (let i = 0; i < 10; i++) {
    connection.onData(garbage(10));
    connection.checkTimeout((door.stage.clock.ms += 1000));
  }
  expect(calls[1]).toStartWith("HTTP/1.0 403 Forbidden\r\n");
  expect(calls[1]).toContain("\r\n\r\nBroken off: it sends no audio for 10 s\r\n");
});

describe("a source that sends a tag for longer than source_timeout", () => {
  test("stays while the tag comes, and is on air with its first frame", () => {
    const tag = id3v2(300_000);
    using show = stream(NOTHING, concat(tag, ...mpegFrames(8)), 100, 40);
    expect(show.door.stage.mount.live).not.toBeNull();
    expect(show.door.stage.heard.length).toBeGreaterThan(0);
  });

  test("is ended when it holds nothing but a tag for three minutes", () => {
    using show = stream(NOTHING, id3v2(4_000_000), 1000, 400);
    expect(show.door.stage.mount.live).toBeNull();
    expect(show.seconds).toBe(180);
  });
});

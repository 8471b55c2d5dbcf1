// How a source ends: by its own word, by silence, by a lost connection, by sending what cannot be played.
import { describe, expect, test } from "bun:test";
import { refusalAnswer } from "../../src/wire/answers.ts";
import { concat } from "../format/mpeg-builder.ts";
import { trackFrames } from "../support/tracks.ts";
import { AUTHORIZED, Door, inChunks, MPEG, put } from "./door.ts";
import { HEADS } from "./encoders.ts";

const AUDIO = concat(...trackFrames(1, 3, true));

describe("the end of a source", () => {
  function live(...headers: string[]) {
    const door = new Door();
    const { connection, calls } = door.connect();
    connection.onData(Buffer.from(put(AUTHORIZED, MPEG, "User-Agent: E", ...headers)));
    connection.onData(AUDIO.subarray(0, headers.length === 0 ? undefined : 0));
    return { door, connection, calls, [Symbol.dispose]: () => door[Symbol.dispose]() };
  }

  const left = (why: string, bytes: number, garbageBytes = 0) =>
    `info /live: the live source 127.0.0.1 (E) has left: ${why} (${bytes} bytes, ${garbageBytes} of them garbage)`;

  test("is when it was silent for source_timeout, counted from its last byte", () => {
    using show = live();
    const { door, connection, calls } = show;
    connection.checkTimeout((door.stage.clock.ms += 9000));
    connection.onData(AUDIO.subarray(0, 0));
    connection.checkTimeout((door.stage.clock.ms += 9999));
    expect(door.stage.mount.live).not.toBeNull();
    connection.checkTimeout((door.stage.clock.ms += 1));
    expect(door.stage.mount.live).toBeNull();
    expect(door.stage.lines.at(-1)).toBe(left("it sent nothing for 10 s", AUDIO.length));
    expect(calls.at(-1)).toBe("close");
  });

  test("is when its connection is lost, logged once whatever follows", () => {
    using show = live();
    const { door, connection } = show;
    connection.onClose(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
    connection.onClose(undefined);
    connection.close("of the test");
    connection.onData(AUDIO);
    expect(door.stage.mount.live).toBeNull();
    expect(door.stage.told("has left")).toEqual([
      left("its connection was lost (ECONNRESET)", AUDIO.length),
    ]);
  });

  test("is when its chunked body ends, and a client that expects an answer gets it", () => {
    using show = live("Transfer-Encoding: chunked", "Expect: 100-continue");
    const { door, connection, calls } = show;
    connection.onData(inChunks(AUDIO));
    expect(door.stage.mount.live).not.toBeNull();
    connection.onData(Buffer.from("0\r\n\r\n"));
    expect(door.stage.mount.live).toBeNull();
    expect(calls).toEqual([
      "HTTP/1.1 100 Continue\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\n",
      "half-close",
    ]);
    expect(door.stage.audio.equals(AUDIO)).toBe(true);
    expect(door.stage.lines.at(-1)).toBe(left("it has sent everything", AUDIO.length));
  });

  test("is when its body has the length it said; what comes behind is not heard", () => {
    using show = live(`Content-Length: ${AUDIO.length}`);
    const { door, connection, calls } = show;
    connection.onData(concat(AUDIO, AUDIO));
    connection.onData(AUDIO);
    expect(door.stage.audio.equals(AUDIO)).toBe(true);
    expect(calls).toEqual(["HTTP/1.0 200 OK\r\n\r\n", "close"]);
  });

  test("is when its chunks are broken; what was whole is heard", () => {
    using show = live("Transfer-Encoding: chunked");
    const { door, connection, calls } = show;
    connection.onData(concat(inChunks(AUDIO), Buffer.from("not hex\r\n")));
    expect(door.stage.audio.equals(AUDIO)).toBe(true);
    expect(door.stage.lines.at(-1)).toBe(left("its chunks are broken", AUDIO.length, 8));
    expect(calls).toEqual(["HTTP/1.0 200 OK\r\n\r\n", "half-close"]);
    expect(door.counts).toEqual({ accepted: 1, unplayable: 1 });
  });

  test("is when it closes or is lost before its announced length, counted, and answered if an answer is expected", () => {
    const length = `Content-Length: ${2 * AUDIO.length}`;
    using waiting = live(length, "Expect: 100-continue");
    waiting.connection.onData(AUDIO);
    waiting.connection.onEnd();
    const why = `it closed ${AUDIO.length} bytes before its end`;
    expect(waiting.door.stage.lines.at(-1)).toBe(left(why, AUDIO.length));
    expect(waiting.calls.slice(1)).toEqual([
      refusalAnswer("cut_short", `Broken off: ${why}`),
      "half-close",
    ]);
    using lost = live(length);
    lost.connection.onClose(undefined);
    for (const { door } of [waiting, lost]) {
      expect(door.counts).toEqual({ accepted: 1, cut_short: 1 });
      expect(door.stage.mount.live).toBeNull();
    }
  });

  test("is when it sends what cannot be played", () => {
    using door = new Door();
    const { connection, calls } = door.connect();
    connection.onData(concat(Buffer.from(HEADS.BUTT!.head), Buffer.from(`fLaC${"x".repeat(99)}`)));
    const why = "Broken off: it sends FLAC, which cannot be played";
    expect(calls).toEqual([HEADS.BUTT!.answer, refusalAnswer("unplayable", why), "half-close"]);
    expect(door.stage.mount.live).toBeNull();
    expect(door.stage.told("it sends FLAC, which cannot be played").length).toBe(1);
  });

  test("leaves the mount to the next one at once", () => {
    using show = live();
    const { door, connection } = show;
    connection.onClose(undefined);
    expect(door.ask(HEADS.DarkIce!.head)).toEqual([HEADS.DarkIce!.answer]);
  });
});

describe("a connection without a head", () => {
  test("is closed after fifteen seconds, however it dribbles, and without an answer", () => {
    using door = new Door();
    const { connection, calls } = door.connect();
    for (let i = 0; i < 15; i++) {
      connection.onData(Buffer.from("S"));
      connection.checkTimeout((door.stage.clock.ms += 999));
    }
    expect(calls).toEqual([]);
    connection.checkTimeout((door.stage.clock.ms += 15));
    expect(calls).toEqual(["close"]);
    expect(door.counts).toEqual({ login_timeout: 1 });
    expect(door.stage.lines).toEqual([]);
  });
});

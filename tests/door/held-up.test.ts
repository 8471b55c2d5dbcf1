// A source that is ahead of its time, its socket played by the test: held up, read on, and ended in the midst of it.
import { describe, expect, test } from "bun:test";
import { Silence } from "../../src/input/silence.ts";
import { concat, garbage, mpegFrames } from "../format/mpeg-builder.ts";
import { trackFrames } from "../support/tracks.ts";
import { AUTHORIZED, Door, MPEG, put } from "./door.ts";

/** Fifteen seconds. */
const AUDIO = concat(...trackFrames(1, 575));

function live(...headers: string[]) {
  const door = new Door();
  const { connection, calls, socket } = door.connect();
  connection.onData(Buffer.from(put(AUTHORIZED, MPEG, ...headers)));
  const { clock, mount } = door.stage;
  return {
    door,
    connection,
    calls,
    socket,
    /** Looks at it each second, for so many of them. */
    pass(seconds: number): void {
      for (let i = 0; i < seconds; i++) connection.checkTimeout((clock.ms += 1000));
    },
    isLive: () => mount.live !== null,
    [Symbol.dispose]: () => door[Symbol.dispose](),
  };
}

describe("a source that is ahead", () => {
  test("is not read until its audio is due, and is heard at its pace", () => {
    using show = live();
    show.connection.onData(AUDIO);
    expect(show.socket.isPaused).toBe(true);
    for (const seconds of [10, 11, 12, 13, 14]) {
      const heard = (show.door.stage.audio.length / AUDIO.length) * 15;
      expect(heard).toBeGreaterThan(seconds);
      expect(heard).toBeLessThan(seconds + 0.5);
      expect(show.socket.isPaused).toBe(true);
      show.pass(1);
    }
    expect(show.socket.isPaused).toBe(false);
    expect(show.door.stage.audio.equals(AUDIO)).toBe(true);
  });

  test("keeps what was read after it was held up, in order", () => {
    using show = live();
    for (let at = 0; at < AUDIO.length; at += 50_000) {
      show.connection.onData(AUDIO.subarray(at, at + 50_000));
    }
    show.pass(6);
    expect(show.door.stage.audio.equals(AUDIO)).toBe(true);
  });

  test("keeps what it was given, not the socket's memory", () => {
    using show = live();
    const lent = Buffer.from(AUDIO);
    show.connection.onData(lent);
    lent.fill(0);
    show.pass(6);
    expect(show.door.stage.audio.equals(AUDIO)).toBe(true);
  });

  test("is silent only from when it was read on", () => {
    using show = live();
    show.connection.onData(concat(AUDIO, AUDIO));
    show.pass(20 + 9);
    expect(show.isLive()).toBe(true);
    show.pass(1);
    expect(show.isLive()).toBe(false);
  });

  test("and sends no audio is given source_timeout from when it was read on", () => {
    using show = live();
    const { mount, clock } = show.door.stage;
    mount.lead.add(25_000, clock.ms);
    show.connection.onData(garbage(20_000));
    expect(show.socket.isPaused).toBe(true);
    show.pass(15 + 8);
    expect(show.isLive()).toBe(true);
    show.pass(2);
    expect(show.isLive()).toBe(false);
  });

  test("and has closed its half is heard to its end before it ends", () => {
    using show = live();
    show.connection.onData(AUDIO);
    show.connection.onEnd();
    expect(show.isLive()).toBe(true);
    show.pass(6);
    expect(show.door.stage.audio.equals(AUDIO)).toBe(true);
    expect(show.door.stage.lines.at(-1)).toContain("has left: it closed the connection (");
  });

  test("is read again when it is broken off, so that it can read why", () => {
    using show = live("Expect: 100-continue");
    show.connection.onData(concat(AUDIO, concat(...mpegFrames(20, { sampleRate: 48_000 }))));
    expect(show.socket.isPaused).toBe(true);
    show.pass(7);
    expect(show.socket.isPaused).toBe(false);
    expect(show.calls[1]).toContain(
      "Broken off: it changed from MP3 44.1 kHz stereo to MP3 48 kHz",
    );
  });

  test("and has closed its half can still read why it is broken off", () => {
    using show = live("Expect: 100-continue");
    show.connection.onData(concat(AUDIO, concat(...mpegFrames(20, { sampleRate: 48_000 }))));
    show.connection.onEnd();
    show.pass(7);
    expect(show.calls[1]).toContain("Broken off: it changed from");
    expect(show.calls.slice(2)).toEqual(["half-close"]);
  });

  test("ends at once when its connection is lost", () => {
    using show = live();
    show.connection.onData(AUDIO);
    show.connection.onClose(undefined);
    expect(show.isLive()).toBe(false);
  });
});

describe("files put one after another", () => {
  /** Puts AUDIO, and returns the seconds until its source has gone. */
  function putFile(door: Door): number {
    const { connection } = door.connect();
    connection.onData(Buffer.from(put(AUTHORIZED, MPEG)));
    connection.onData(AUDIO);
    connection.onEnd();
    const { clock, mount } = door.stage;
    const startMs = clock.ms;
    while (mount.live !== null) connection.checkTimeout((clock.ms += 250));
    return (clock.ms - startMs) / 1000;
  }

  test("play in their time: only the first is taken ten seconds early", () => {
    using door = new Door();
    const took = [putFile(door), putFile(door), putFile(door)];
    expect(took[0]).toBeCloseTo(5, 0);
    expect(took[1]).toBeCloseTo(15, 0);
    expect(took[2]).toBeCloseTo(15, 0);
  });

  test("are followed by the other inputs when they are over", () => {
    using door = new Door();
    const { clock, mount, heard } = door.stage;
    mount.attach(new Silence(mount));
    putFile(door);
    const [endMs, count] = [clock.ms, heard.length];
    while (heard.length === count) mount.advance((clock.ms += 20));
    expect((clock.ms - endMs) / 1000).toBeCloseTo(10, 0);
  });
});

// A source client's audio: on air from its first whole frame, every frame once and in order.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { LiveSource } from "../../../src/input/live/live.ts";
import type { LiveClient } from "../../../src/input/live/live-client.ts";
import { Silence } from "../../../src/input/silence.ts";
import { concat, garbage, id3v2, mpegFrame, mpegFrames } from "../../format/mpeg-builder.ts";
import { trackFrames } from "../../support/tracks.ts";
import { Stage } from "../stage.ts";

const CLIENT: LiveClient = {
  address: "192.0.2.7",
  userAgent: "Encoder/1",
  showName: "Show",
  metaint: null,
};

class Show implements Disposable {
  readonly stage = new Stage();
  readonly source: LiveSource;

  constructor(client: Partial<LiveClient> = {}) {
    this.source = new LiveSource(this.stage.mount, { ...CLIENT, ...client });
    this.stage.mount.attach(this.source);
  }

  /** Returns why it cannot go on, or null. */
  send(...chunks: Uint8Array[]): string | null {
    for (const chunk of chunks) {
      const fault = this.source.push(chunk, this.stage.clock.ms);
      if (fault !== null) return fault.why;
    }
    return null;
  }

  end(): void {
    this.source.end(this.stage.clock.ms);
  }

  [Symbol.dispose](): void {
    this.stage[Symbol.dispose]();
  }
}

describe("a live source", () => {
  const frames = trackFrames(1, 8, true);
  const audio = concat(...frames);

  test("is heard byte for byte however its bytes are cut, a source that begins in mid-frame from its next frame on", () => {
    const joined = mpegFrame({ seed: 77 }).subarray(100);
    for (const input of [audio, concat(joined, audio), concat(id3v2(500), audio)]) {
      const cuts = [1, 7, 417, 1400, input.length];
      for (const size of cuts) {
        using show = new Show();
        for (let at = 0; at < input.length; at += size) {
          expect(show.send(input.subarray(at, at + size))).toBeNull();
        }
        show.end();
        expect(show.stage.audio.equals(audio)).toBe(true);
        expect(show.source.receivedBytes).toBe(input.length);
        expect(show.source.garbageBytes).toBe(input.length - audio.length);
      }
    }
  });

  test("has the air from its first whole frame until its end, and not before", () => {
    using show = new Show();
    const { mount, clock } = show.stage;
    mount.attach(new Silence(mount));
    mount.advance(clock.ms);
    expect(mount.onAir?.kind).toBe("silence");
    show.send(frames[0]!.subarray(0, 100));
    mount.advance(clock.ms);
    expect([mount.onAir?.kind, mount.live]).toEqual(["silence", show.source]);
    show.send(frames[0]!.subarray(100), ...frames.slice(1));
    expect(mount.onAir).toBe(show.source);
    show.end();
    expect([mount.onAir?.kind, mount.live]).toEqual(["silence", null]);
  });

  test("gives a frame on as soon as it is whole", () => {
    using show = new Show();
    show.send(frames[0]!, frames[1]!, frames[2]!);
    expect(show.stage.heard.length).toBe(3);
    show.send(frames[3]!.subarray(0, -1));
    expect(show.stage.heard.length).toBe(3);
    show.send(frames[3]!.subarray(-1));
    expect(show.stage.heard.length).toBe(4);
  });

  test("loses no frame to garbage between frames, and counts it", () => {
    using show = new Show();
    show.send(audio, garbage(300, 3), audio, garbage(10, 4));
    show.end();
    expect(show.stage.audio.equals(concat(audio, audio))).toBe(true);
    expect(show.source.garbageBytes).toBe(310);
  });

  test("knows its format and bitrate", () => {
    using show = new Show();
    expect([show.source.format, show.source.bitrate]).toEqual([null, 0]);
    show.send(concat(...mpegFrames(10, { bitrate: 64 })));
    expect(show.source.format).toEqual({ codec: "mp3", sampleRate: 44_100, channels: 2 });
    expect(show.source.bitrate).toBe(64);
  });

  test.each([
    ["FLAC", Buffer.concat([Buffer.from("fLaC"), garbage(100)]), "it sends FLAC"],
    ["noise", garbage(40_000), "it sends an unknown format"],
  ])("that sends %s cannot go on, and is not heard", (_, bytes, why) => {
    using show = new Show();
    expect(show.send(bytes)).toBe(`${why}, which cannot be played`);
    expect(show.stage.heard).toEqual([]);
  });

  test("with inline titles is heard without them, and they are announced", () => {
    using show = new Show({ metaint: 1000 });
    const block = Buffer.alloc(49);
    block.set([3]);
    // A name in Windows-1252, as such relays send it.
    block.set(Buffer.from("StreamTitle='Bj\xf6rk - J\xf3ga';", "latin1"), 1);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < audio.length; at += 1000) {
      parts.push(audio.subarray(at, at + 1000), at === 0 ? block : Uint8Array.of(0));
    }
    expect(show.send(concat(...parts))).toBeNull();
    show.end();
    expect(show.stage.audio.equals(audio)).toBe(true);
    expect(show.source.metadata).toEqual({ artist: "Björk", title: "Jóga" });
  });

  test("that dribbles noise is found out as well", () => {
    using show = new Show();
    const noise = garbage(40_000);
    let why: string | null = null;
    let sent = 0;
    for (; sent < noise.length && why === null; sent += 100) {
      why = show.send(noise.subarray(sent, sent + 100));
    }
    expect(why).toContain("an unknown format");
    expect(sent).toBeLessThanOrEqual(33_000);
  });

  test("that changes its sample rate for good cannot go on", () => {
    using show = new Show();
    expect(show.send(audio)).toBeNull();
    const why = show.send(concat(...mpegFrames(20, { sampleRate: 48_000 })));
    expect(why).toBe("it changed from MP3 44.1 kHz stereo to MP3 48 kHz stereo");
    expect(show.stage.audio.equals(audio)).toBe(true);
  });

  test("keeps what it was given, not the socket's memory", () => {
    using show = new Show();
    for (let at = 0; at < audio.length; at += 100) {
      const lent = Buffer.from(audio.subarray(at, at + 100));
      show.send(lent);
      lent.fill(0);
    }
    show.end();
    expect(show.stage.audio.equals(audio)).toBe(true);
  });

  test("gives up the mount even when its last frames cannot be written", () => {
    using show = new Show();
    show.send(frames[0]!);
    const { mount } = show.stage;
    mount.ring.write = () => {
      throw new Error("the ring broke");
    };
    expect(() => show.end()).toThrow("the ring broke");
    expect(mount.live).toBeNull();
  });

  test("of any bytes never throws, and is heard in whole frames only", () => {
    const soup = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 50 }),
        fc.constantFrom(...frames),
        fc.constant(id3v2(30)),
      ),
    );
    fc.assert(
      fc.property(soup, (chunks) => {
        using show = new Show();
        show.send(...chunks);
        show.end();
        expect(show.stage.audio.length + show.source.garbageBytes).toBeLessThanOrEqual(
          show.source.receivedBytes,
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe("the name of a live source", () => {
  const named = (client: Partial<LiveClient>) => {
    using show = new Show(client);
    return { name: show.source.name, title: show.source.metadata.title };
  };

  test("is its address and program, its title the show's", () => {
    expect(named({})).toEqual({
      name: "the live source 192.0.2.7 (Encoder/1)",
      title: "Show",
    });
  });

  test("begins with its account, so that two DJs at one address differ", () => {
    expect(named({ user: "anna" }).name).toBe("the live source anna at 192.0.2.7 (Encoder/1)");
  });

  test("is something when it says nothing", () => {
    expect(named({ userAgent: "", showName: "" })).toEqual({
      name: "the live source 192.0.2.7 (unnamed program)",
      title: "Live",
    });
  });

  test("is one short line whatever it says", () => {
    const { name, title } = named({
      userAgent: `x\r\n2026-01-01 info all is well\x1b[2J${"y".repeat(5000)}`,
      showName: `a\rb${"😀".repeat(500)}`,
    });
    expect(name).toMatch(/^[^\p{Cc}]{1,130}$/u);
    expect(title).toStartWith("a b😀");
    expect(title.length).toBe(199);
    expect(title.isWellFormed() && !title.includes("\ufffd")).toBe(true);
    expect(title.isWellFormed()).toBe(true);
  });
});

test("what its mount counts of its bytes never decreases, however they come, and is right in the end", () => {
  const bytes = concat(garbage(300), ...mpegFrames(4), garbage(700), ...mpegFrames(20));
  for (const size of [1, 7, 100, bytes.length]) {
    using show = new Show();
    const { totals } = show.stage.mount;
    let before = { ...totals };
    for (let at = 0; at <= bytes.length; at += size) {
      if (at < bytes.length) show.send(bytes.subarray(at, at + size));
      else show.source.end(0);
      expect(totals.garbageBytes).toBeGreaterThanOrEqual(before.garbageBytes);
      before = { ...totals };
    }
    show.source.end(0);
    expect(totals.receivedBytes).toBe(bytes.length);
    expect(totals.garbageBytes).toBe(show.source.garbageBytes);
    expect(totals.garbageBytes).toBeGreaterThanOrEqual(1000);
  }
});

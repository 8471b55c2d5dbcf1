// The mount over a real ring: who is heard, from which frame, under which title.
import { describe, expect, test } from "bun:test";
import { Mount } from "../../src/mount/mount.ts";
import type { Input } from "../../src/mount/roles.ts";
import { testMount } from "../support/config.ts";
import { CD_QUALITY, FakeInput, keptLog } from "./fake-input.ts";
import { frames } from "../native/known-audio.ts";
import { bytesOf, METAINT, Stage, voice } from "./stage.ts";

describe("who is on air", () => {
  test("the ready input of the highest priority, from the tick on that sees it", () => {
    using stage = new Stage();
    const { mount, live, playlist, silence } = stage;
    stage.attachAll();
    expect(mount.onAir).toBeNull();
    const seen: (Input | null)[] = [];
    const look = (nowMs: number): void => {
      mount.advance(nowMs);
      seen.push(mount.onAir);
    };
    look(1);
    playlist.ready = true;
    look(2);
    live.ready = true;
    look(3);
    playlist.ready = false;
    look(4);
    mount.detach(live, 5);
    look(6);
    expect(seen).toEqual([silence, playlist, live, live, silence]);
  });

  test("each is called when it goes on air and off, and only the one on air advances", () => {
    using stage = new Stage();
    const { mount, playlist, silence } = stage;
    stage.attachAll();
    mount.advance(1);
    playlist.ready = true;
    mount.advance(2);
    mount.advance(3);
    playlist.ready = false;
    mount.advance(4);
    expect(silence.calls).toEqual(["on air 1", "advance 1", "off air", "on air 4", "advance 4"]);
    expect(playlist.calls).toEqual(["on air 2", "advance 2", "advance 3", "off air"]);
    expect(stage.live.calls).toEqual([]);
  });

  test("a detached input hands over at once, one that was not on air changes nothing", () => {
    using stage = new Stage();
    const { mount, live, playlist } = stage;
    stage.attachAll();
    live.ready = playlist.ready = true;
    mount.advance(1);
    mount.detach(live, 2);
    expect(mount.onAir).toBe(playlist);
    expect(live.calls.at(-1)).toBe("off air");
    mount.detach(live, 3);
    expect(playlist.calls).toEqual(["on air 2"]);
  });

  test("a live input is known from its attachment on, before its first frame", () => {
    using stage = new Stage();
    expect(stage.mount.live).toBeNull();
    stage.attachAll();
    expect(stage.mount.live).toBe(stage.live);
    stage.mount.detach(stage.live, 1);
    expect(stage.mount.live).toBeNull();
  });

  test("each change is logged once, with the name of the mount", () => {
    using stage = new Stage();
    stage.attachAll();
    stage.live.ready = true;
    for (let nowMs = 0; nowMs < 5; nowMs++) stage.mount.advance(nowMs);
    stage.mount.detach(stage.live, 5);
    expect(stage.lines).toEqual([
      "info /stream: the live is on air",
      "info /stream: the silence is on air",
    ]);
  });

  test("without inputs nothing is on air and nothing is heard", () => {
    using stage = new Stage();
    const { mount, live } = stage;
    mount.advance(0);
    mount.write(live, voice.live(3), 0);
    expect(mount.onAir).toBeNull();
    expect(mount.ring.head).toBe(0);
    mount.attach(live);
    mount.write(live, voice.live(3), 0);
    mount.detach(live, 1);
    expect(mount.onAir).toBeNull();
    expect(stage.lines.at(-1)).toBe("info /stream: nothing is on air");
  });
});

describe("what is heard", () => {
  test("a live source takes over and gives back between two frames", () => {
    using stage = new Stage();
    const { mount, live, playlist } = stage;
    stage.attachAll();
    playlist.ready = true;
    mount.write(playlist, voice.playlist(3), 0);
    live.ready = true;
    mount.write(live, voice.live(2), 1);
    mount.write(playlist, voice.playlist(5), 2);
    mount.write(live, voice.live(4), 3);
    mount.detach(live, 4);
    mount.write(playlist, voice.playlist(1), 5);
    const wanted = [voice.playlist(3), voice.live(2), voice.live(4), voice.playlist(1)];
    expect(stage.heard().audio.equals(bytesOf(...wanted))).toBe(true);
  });

  test("what an input writes that is not on air is not heard", () => {
    using stage = new Stage();
    const { mount, playlist, silence } = stage;
    stage.attachAll();
    playlist.ready = true;
    mount.write(silence, voice.silence(3), 0);
    expect(mount.ring.head).toBe(0);
    mount.write(new FakeInput("live"), voice.live(1), 0);
    expect(mount.ring.head).toBe(0);
    mount.write(playlist, voice.playlist(1), 0);
    expect(stage.heard().audio.equals(bytesOf(voice.playlist(1)))).toBe(true);
  });

  test("no frames are no reason to look who is on air", () => {
    using stage = new Stage();
    stage.attachAll();
    stage.live.ready = true;
    stage.mount.write(stage.live, voice.live(0), 0);
    expect(stage.mount.onAir).toBeNull();
  });
});

describe("the title", () => {
  test("is sent from the first byte on, even if empty", () => {
    using stage = new Stage();
    stage.attachAll();
    stage.mount.write(stage.silence, voice.silence(2), 0);
    expect(stage.heard().told).toEqual([{ at: METAINT, title: "" }]);
  });

  test("follows the input on air, from its first frame on", () => {
    using stage = new Stage();
    const { mount, live, playlist } = stage;
    stage.attachAll();
    playlist.ready = true;
    mount.write(playlist, voice.playlist(2), 0);
    expect(mount.metadata.title).toBe("Some Song");
    live.ready = true;
    mount.write(live, voice.live(2), 1);
    expect(mount.metadata.title).toBe("Late Show");
    mount.detach(live, 2);
    mount.write(playlist, voice.playlist(2), 3);
    expect(mount.metadata.title).toBe("Some Song");
    expect(stage.heard().told).toEqual([
      { at: 64, title: "Some Song" },
      { at: 192, title: "Late Show" },
      { at: 384, title: "Some Song" },
    ]);
  });

  test("changes when the input on air announces it, and only then", () => {
    using stage = new Stage();
    const { mount, live, playlist } = stage;
    stage.attachAll();
    live.ready = true;
    mount.write(live, voice.live(2), 0);
    playlist.metadata = { artist: "", title: "Not heard" };
    mount.announce(playlist);
    live.metadata = { artist: "A Guest", title: "A Song" };
    expect(mount.metadata.title).toBe("Late Show");
    mount.announce(live);
    mount.announce(live);
    mount.write(live, voice.live(2), 1);
    expect(mount.metadata).toEqual({ artist: "A Guest", title: "A Song" });
    expect(stage.heard().titles).toEqual(["Late Show", "A Guest - A Song"]);
  });
});

describe("the format", () => {
  const speech = { codec: "mp3", sampleRate: 22_050, channels: 1 } as const;

  test("is that of the first audio that was not silence", () => {
    using stage = new Stage();
    const { mount, playlist, silence } = stage;
    stage.attachAll();
    silence.format = speech;
    mount.write(silence, voice.silence(1), 0);
    expect(mount.format).toBeNull();
    playlist.ready = true;
    mount.write(playlist, voice.playlist(1), 1);
    expect(mount.format).toEqual(CD_QUALITY);
    expect(stage.lines).toContain("info /stream: the format is MP3 44.1 kHz stereo");
  });

  test("changes with the input, after a break, and listeners are asked to reconnect before it", () => {
    using stage = new Stage();
    const { mount, live, playlist } = stage;
    stage.attachAll();
    playlist.ready = true;
    mount.write(playlist, voice.playlist(50), 0);
    const heads: number[] = [];
    mount.events.on("format", ({ isBreak }) => isBreak && heads.push(mount.ring.head));
    live.ready = true;
    live.format = speech;
    for (let i = 0; i < 3; i++) mount.write(live, voice.live(1), i);
    expect(mount.format).toEqual(speech);
    expect(heads).toEqual([50 * 90]);
    expect(mount.ring.seek(60)).toBe(50 * 90);
  });

  test("may change without a break if allowed: it is logged, and everything is heard", () => {
    using stage = new Stage({ onFormatChange: "allow" });
    const { mount, live, playlist } = stage;
    stage.attachAll();
    playlist.ready = true;
    mount.write(playlist, voice.playlist(50), 0);
    const breaks: boolean[] = [];
    mount.events.on("format", ({ isBreak }) => void breaks.push(isBreak));
    live.ready = true;
    live.format = speech;
    for (let i = 0; i < 3; i++) mount.write(live, voice.live(1), i);
    expect(mount.ring.seek(60)).toBe(0);
    expect(breaks).toEqual([false]);
    const told = stage.lines.filter((line) => line.startsWith("warn"));
    expect(told).toEqual(["warn /stream: the live goes on in MP3 22.05 kHz mono"]);
  });

  test("of another input is not accepted where it is refused, once the mount has one", () => {
    using stage = new Stage({ onFormatChange: "refuse" });
    const { mount, playlist } = stage;
    stage.attachAll();
    expect(mount.accepts(speech)).toBe(true);
    playlist.ready = true;
    mount.write(playlist, voice.playlist(1), 0);
    expect([mount.accepts(speech), mount.accepts(CD_QUALITY)]).toEqual([false, true]);
  });

  test("with a preamble gives it to those who join, once for all frames of a chain", () => {
    using stage = new Stage();
    const { mount, live } = stage;
    stage.attachAll();
    live.ready = true;
    const preambles: (Uint8Array | null)[] = [];
    const set = mount.ring.preamble.bind(mount.ring);
    mount.ring.preamble = (bytes) => {
      preambles.push(bytes);
      set(bytes);
    };
    const [first, second] = [new Uint8Array(10).fill(1), new Uint8Array(10).fill(2)];
    for (const preamble of [first, first, second, null]) {
      mount.write(live, { ...voice.live(1), preamble }, 0);
    }
    expect(preambles).toEqual([first, second, null]);
  });
});

describe("the end", () => {
  test("close takes the input off air; what still comes is not heard and harms nobody", () => {
    const { log } = keptLog();
    const mount = new Mount(testMount(), log);
    const input = new FakeInput("playlist");
    input.ready = true;
    mount.attach(input);
    mount.advance(0);
    mount.close();
    expect(input.calls.at(-1)).toBe("off air");
    mount.advance(1);
    mount.write(input, voice.playlist(1), 1);
    mount.announce(input);
    mount.detach(input, 1);
    expect(mount.onAir).toBeNull();
    expect(() => mount.ring.head).toThrow("The ring is closed");
  });
});

test("what a page shows changes when the listeners hear it, a burst after it was written", () => {
  using stage = new Stage();
  const { mount, live, playlist } = stage;
  stage.attachAll();
  const second = (n: number) => frames(n, 10, { length: 90, ms: 100 });
  playlist.ready = true;
  mount.advance(1);
  for (let i = 0; i < 10; i++) mount.write(playlist, second(i), 1);
  live.ready = true;
  mount.advance(2);
  for (let i = 0; i < 4; i++) mount.write(live, second(i), 2);
  expect([mount.metadata.title, mount.heard.title]).toEqual(["Late Show", "Some Song"]);
  mount.write(live, second(4), 2);
  expect(mount.heard.title).toBe("Late Show");
});

test("an input that announces what it plays as it gets the air is aired once", () => {
  using stage = new Stage();
  const { mount, playlist } = stage;
  const aired: string[] = [];
  mount.events.on("titleWritten", ({ metadata }) => void aired.push(metadata.title));
  playlist.onAir = () => mount.announce(playlist);
  stage.attachAll();
  playlist.ready = true;
  mount.write(playlist, voice.playlist(2), 1);
  expect(aired).toEqual(["Some Song"]);
});

test("who joins hears from second 0 on while the burst is all there is, however fractions add up", () => {
  using stage = new Stage({ burstSeconds: 5 });
  const { mount, silence } = stage;
  stage.attachAll();
  mount.advance(1);
  const joins: number[] = [];
  for (let i = 0; i < 100; i++) {
    // Frames are written with their exact length and kept with whole microseconds.
    mount.write(silence, { ...voice.silence(1), seconds: 0.0259997 }, 1);
    joins.push(mount.joinSeconds);
  }
  expect(new Set(joins)).toEqual(new Set([0]));
});

test("who joins behind a break hears what begins there, however fractions add up", () => {
  using stage = new Stage({ burstSeconds: 5 });
  const { mount, live, playlist } = stage;
  stage.attachAll();
  const written = (input: typeof live, count: number) => {
    for (let i = 0; i < count; i++) mount.write(input, { ...voice.live(1), seconds: 0.0259997 }, 1);
  };
  live.ready = true;
  written(live, 50);
  live.ready = false;
  playlist.ready = true;
  playlist.format = { codec: "mp3", sampleRate: 48_000, channels: 2 };
  for (let i = 0; i < 100; i++) {
    written(playlist, 1);
    expect(mount.timeline.at(mount.joinSeconds)?.metadata.title).toBe("Some Song");
  }
});

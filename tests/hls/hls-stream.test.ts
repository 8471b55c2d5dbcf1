// A mount by HLS over hours of simulated time: what a player that reads every version of the playlist may rely on.
import { afterAll, describe, expect, test } from "bun:test";
import { CD_QUALITY } from "../mount/fake-input.ts";
import { audio } from "../native/known-audio.ts";
import { AAC, Air, fetched, type Listed, Radio, read, START_MS, VORBIS } from "./hls-rig.ts";

const FRAME_SECONDS = 1152 / 44_100;

/** Reads each version of a playlist as a player does, and checks what must hold between them. */
class Player {
  readonly versions: Listed[] = [];
  /** By media sequence number. */
  readonly seen = new Map<number, Listed["segments"][number]>();
  readonly titles = new Map<string, Readonly<Record<string, string>>>();
  /** All audio in order. */
  readonly heard: Buffer[] = [];

  constructor(private readonly radio: Radio) {}

  poll(): void {
    const { playlist } = this.radio.hls;
    if (playlist === null) return;
    const list = read(playlist.text);
    const before = this.versions.at(-1);
    if (before?.segments.at(-1)?.number === list.segments.at(-1)?.number) return;
    this.#compare(before, list);
    this.versions.push(list);
    for (const segment of list.segments) this.#take(segment);
    for (const title of list.titles) this.#note(title);
  }

  #compare(before: Listed | undefined, list: Listed): void {
    expect(list.target).toBe(before?.target ?? list.target);
    expect(list.sequence).toBeGreaterThanOrEqual(before?.sequence ?? 0);
    expect(list.discontinuities).toBeGreaterThanOrEqual(before?.discontinuities ?? 0);
    for (const { seconds } of list.segments) {
      expect(Math.round(seconds)).toBeLessThanOrEqual(list.target);
    }
  }

  #take(segment: Listed["segments"][number]): void {
    const known = this.seen.get(segment.number);
    if (known !== undefined) return expect(segment).toEqual(known);
    this.seen.set(segment.number, segment);
    const got = fetched(this.radio, segment);
    expect(got).not.toBeNull();
    if (got !== null) this.heard.push(got.frames);
  }

  #note(title: Readonly<Record<string, string>>): void {
    const { ID: id = "" } = title;
    expect(title).toEqual(this.titles.get(id) ?? title);
    this.titles.set(id, title);
  }

  get segments(): Listed["segments"] {
    return [...this.seen.values()];
  }

  get discontinuities(): number[] {
    const changes = this.segments.filter(
      ({ discontinuity }, i) => i > 0 && discontinuity !== this.segments[i - 1]?.discontinuity,
    );
    return changes.map(({ number }) => number);
  }
}

/** Plays, and polls the playlist each second. */
function listen(radio: Radio, player: Player, seconds: number): void {
  for (let i = 0; i < seconds; i++) {
    radio.play(1);
    player.poll();
  }
}

describe("an hour with a switch a minute and a title every ten seconds", () => {
  const radio = new Radio();
  afterAll(() => radio[Symbol.dispose]());
  const player = new Player(radio);
  for (let minute = 0; minute < 60; minute++) {
    if (minute % 2 === 1) radio.connect();
    else if (minute > 0) radio.disconnect();
    for (let i = 0; i < 6; i++) {
      radio.retitle(`Song ${minute}.${i}`, "A Band");
      listen(radio, player, 10);
    }
  }
  const { segments } = player;

  test("is one playlist without a seam: numbers one by one, no discontinuity", () => {
    expect(segments.length).toBe(600);
    const first = segments[0]?.number ?? 0;
    expect(segments.map(({ number }) => number)).toEqual(segments.map((_, i) => first + i));
    expect(player.discontinuities).toEqual([]);
  });

  test("has every byte of the stream once, in order, untouched", () => {
    const heard = Buffer.concat(player.heard);
    expect(heard.length).toBeGreaterThan((3590 / FRAME_SECONDS) * 100);
    expect(heard.equals(audio(0, heard.length))).toBe(true);
  });

  test("has segments of six seconds in the mean, cut at the frame behind each line of the grid", () => {
    for (const { seconds } of segments.slice(1)) {
      expect(Math.abs(seconds - 6)).toBeLessThan(FRAME_SECONDS);
    }
    const total = segments.slice(1).reduce((sum, { seconds }) => sum + seconds, 0);
    expect(total / (segments.length - 1)).toBeCloseTo(6, 3);
  });

  test("has dates that go on as the audio does", () => {
    for (const [i, { dateMs, seconds }] of segments.slice(0, -1).entries()) {
      const next = segments[i + 1]?.dateMs ?? 0;
      expect(Math.abs(next - dateMs - seconds * 1000)).toBeLessThanOrEqual(2);
    }
  });

  test("has timestamps that count the samples", () => {
    const last = segments.slice(-3).map((segment) => fetched(radio, segment));
    for (const one of last) {
      const samples = BigInt((one?.segment.from ?? 0) / 100) * 1152n;
      const anchor = BigInt(one?.segment.start.anchorMs ?? 0);
      expect(one?.timestamp).toBe(anchor * 90n + (samples * 90_000n) / 44_100n);
    }
  });

  test("names each title at the moment of its first frame, and never otherwise", () => {
    const all = [...player.titles.values()];
    const named = all.map((title) => title["X-TITLE"]);
    const expected = Array.from({ length: 360 }, (_, i) => `Song ${Math.floor(i / 6)}.${i % 6}`);
    expect(named).toEqual(expected.slice(0, named.length));
    expect(named.length).toBeGreaterThan(355);
    for (const [i, title] of all.entries()) {
      const ms = Date.parse(title["START-DATE"] ?? "") - START_MS;
      expect(Math.abs(ms - i * 10_000)).toBeLessThan(200);
      expect(title).toMatchObject({
        CLASS: "cycast.title",
        "END-ON-NEXT": "YES",
        "X-ARTIST": "A Band",
      });
    }
  });

  test("has in each segment's tag the title at its begin", () => {
    for (const segment of segments.slice(-3)) {
      const title = fetched(radio, segment)?.segment.title.title ?? "";
      const atMs = segment.dateMs - START_MS;
      const begins =
        (Number(title.slice(5).split(".")[0]) * 6 + Number(title.split(".")[1])) * 10_000;
      expect(atMs + 1200).toBeGreaterThanOrEqual(begins);
      expect(atMs - begins).toBeLessThan(10_000);
    }
  });

  test("keeps segments for a window after they were removed, and no longer", () => {
    const last = segments.at(-1)?.number ?? 0;
    const isThere = (back: number) => radio.hls.segment("run0", last - back) !== null;
    expect([0, 9, 10, 21].map(isThere)).toEqual([true, true, true, true]);
    expect([22, 100].map(isThere)).toEqual([false, false]);
    expect(player.versions.at(-1)?.segments.length).toBe(10);
  });
});

describe("a change of format", () => {
  test("within a codec is a discontinuity in the same playlist", () => {
    using radio = new Radio();
    const player = new Player(radio);
    listen(radio, player, 60);
    radio.playlist.format = { ...CD_QUALITY, sampleRate: 48_000 };
    listen(radio, player, 120);
    const [at = 0, ...others] = player.discontinuities;
    expect(others).toEqual([]);
    expect(player.seen.get(at)?.discontinuity).toBe(
      (player.seen.get(at - 1)?.discontinuity ?? 0) + 1,
    );
    // The tag has left the list, and is counted.
    const last = player.versions.at(-1);
    expect(radio.list.text).not.toContain("#EXT-X-DISCONTINUITY\n");
    expect(last?.discontinuities).toBe(player.seen.get(at)?.discontinuity ?? 0);
    expect(Buffer.concat(player.heard).equals(audio(0, Buffer.concat(player.heard).length))).toBe(
      true,
    );
  });

  test("to another codec ends the playlist, and begins another one that has its own name", () => {
    using radio = new Radio();
    radio.play(60);
    const before = radio.list;
    radio.playlist.format = AAC;
    radio.play(3);
    expect(before.isEnded).toBe(false);
    radio.play(30);
    expect(read(before.text).isEnded).toBe(true);
    expect(radio.list.facts.name).toBe("aac");
    const next = read(radio.list.text);
    expect(next.isEnded).toBe(false);
    expect(next.sequence).toBe((read(before.text).segments.at(-1)?.number ?? 0) + 1);
    expect(next.segments[0]?.discontinuity).toBeGreaterThan(before.lastDiscontinuity);
    expect(next.segments[0]?.name).toEndWith(".aac");
  });

  test("and back goes on under the old name, with numbers and discontinuities that never return", () => {
    using radio = new Radio();
    radio.play(30);
    const first = radio.list;
    radio.playlist.format = AAC;
    radio.play(30);
    radio.playlist.format = CD_QUALITY;
    radio.play(30);
    expect(radio.hls.playlistNamed("mp3")).toBe(radio.list);
    expect(radio.list).not.toBe(first);
    expect(read(radio.list.text).sequence).toBeGreaterThan(first.last);
    expect(radio.list.discontinuitySequence).toBeGreaterThan(first.lastDiscontinuity);
  });

  test("to a codec without HLS ends the playlist with all that was heard", () => {
    using radio = new Radio();
    radio.play(20);
    const list = radio.list;
    radio.playlist.format = VORBIS;
    radio.play(1);
    expect(list.isEnded).toBe(true);
    expect(radio.hls.playlist).toBeNull();
    expect(radio.hls.isUnsupported).toBe(true);
    const total = read(list.text).segments.reduce((sum, { seconds }) => sum + seconds, 0);
    expect(total).toBeGreaterThan(19.9);
    const said = radio.lines.filter((line) => line.includes("HLS"));
    expect(said).toEqual([
      "info /stream: HLS begins in MP3",
      "warn /stream: there is no HLS for Ogg Vorbis",
    ]);
  });

  test("leaves no playlist whose audio is gone", () => {
    using radio = new Radio(undefined, { bufferBytes: 65_536 });
    radio.play(20);
    radio.playlist.format = VORBIS;
    radio.play(5);
    expect(radio.hls.playlistNamed("mp3")).not.toBeNull();
    radio.play(600);
    expect(radio.hls.playlistNamed("mp3")).toBeNull();
  });
});

describe("while nothing is on air", () => {
  test("the last seconds are listed, the playlist stays as it is, and goes on behind a discontinuity", () => {
    using radio = new Radio();
    const player = new Player(radio);
    listen(radio, player, 21);
    radio.pause(60);
    player.poll();
    const text = radio.list.text;
    expect(read(text).segments.reduce((sum, { seconds }) => sum + seconds, 0)).toBeGreaterThan(
      20.9,
    );
    radio.pause(60);
    expect(radio.list.text).toBe(text);
    listen(radio, player, 30);
    expect(player.discontinuities.length).toBe(1);
    const [at = 0] = player.discontinuities;
    const ms = (player.seen.get(at)?.dateMs ?? 0) - START_MS;
    expect(Math.abs(ms - 141_000)).toBeLessThan(300);
    const timestamps = player.segments.slice(-8).map((one) => fetched(radio, one)?.timestamp ?? 0n);
    expect(timestamps).toEqual(timestamps.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  test("a gap of seconds is none: what follows follows without a seam", () => {
    using radio = new Radio();
    const player = new Player(radio);
    listen(radio, player, 20);
    radio.pause(3);
    listen(radio, player, 30);
    expect(player.discontinuities).toEqual([]);
  });
});

describe("the system's clock", () => {
  test("set forward: dates jump with it, behind a discontinuity", () => {
    using radio = new Radio();
    const player = new Player(radio);
    listen(radio, player, 60);
    radio.air.wallMs += 3_600_000;
    listen(radio, player, 60);
    expect(player.discontinuities.length).toBe(1);
    const { dateMs, seconds } = player.segments.at(-1) ?? { dateMs: 0, seconds: 0 };
    expect(Math.abs(dateMs + seconds * 1000 - radio.air.wallMs)).toBeLessThan(7000);
  });

  test("set back: dates go on and approach it, without a discontinuity", () => {
    using radio = new Radio();
    const player = new Player(radio);
    listen(radio, player, 60);
    radio.air.wallMs -= 10_000;
    listen(radio, player, 1200);
    expect(player.discontinuities).toEqual([]);
    for (const [i, { dateMs }] of player.segments.entries()) {
      if (i > 0) expect(dateMs).toBeGreaterThan(player.segments[i - 1]?.dateMs ?? 0);
    }
    const { dateMs, seconds } = player.segments.at(-1) ?? { dateMs: 0, seconds: 0 };
    expect(Math.abs(dateMs + seconds * 1000 - radio.air.wallMs)).toBeLessThan(8000);
  });
});

describe("a restart", () => {
  /** A run of three minutes; what its player saw at its end. */
  function run(air: Air, seconds = 180): Listed {
    using radio = new Radio(air);
    radio.play(seconds);
    return read(radio.list.text);
  }

  function expectLater(after: Listed, before: Listed): void {
    expect(after.sequence).toBeGreaterThan(before.segments.at(-1)?.number ?? 0);
    expect(after.discontinuities).toBeGreaterThan(before.segments.at(-1)?.discontinuity ?? 0);
    const names = new Set(before.segments.map(({ name }) => name));
    expect(after.segments.filter(({ name }) => names.has(name))).toEqual([]);
  }

  test("a second later goes on above all numbers of before, with other names, without any state", () => {
    const first = new Air(START_MS, START_MS, "a");
    const before = run(first, 600);
    const then = first.wallMs + 1000;
    expectLater(run(new Air(then, then, "b")), before);
  });

  test("with a clock that stands years back goes on above what was noted", () => {
    const first = new Air(START_MS, START_MS, "a");
    const before = run(first);
    const then = Date.UTC(1970, 0, 1);
    const second = new Air(then, then, "b");
    second.numbering.restore(first.numbering.noted);
    const after = run(second);
    expectLater(after, before);
    const third = new Air(then, then, "c");
    third.numbering.restore(second.numbering.noted);
    expectLater(run(third), after);
  });
});

describe("26 hours and a half after the start", () => {
  test("timestamps begin at 0 again, and the playlist does not notice", () => {
    const ageMs = Math.floor(2 ** 33 / 90) - 20_000;
    using radio = new Radio(new Air(START_MS - ageMs, START_MS));
    const player = new Player(radio);
    listen(radio, player, 60);
    expect(player.discontinuities).toEqual([]);
    const stamps = player.segments.map((one) => Number(fetched(radio, one)?.timestamp));
    const fall = stamps.findIndex((stamp, i) => i > 0 && stamp < (stamps[i - 1] ?? 0));
    expect(fall).toBeGreaterThan(0);
    for (const [i, stamp] of stamps.entries()) {
      if (i === 0) continue;
      const ticks = (stamp - (stamps[i - 1] ?? 0) + 2 ** 33) % 2 ** 33;
      expect(Math.abs(ticks / 90_000 - (player.segments[i - 1]?.seconds ?? 0))).toBeLessThan(
        0.0001,
      );
    }
  });
});

describe("mounts of one station", () => {
  test("cut at the same moments of one timeline, whenever they began and whatever their rate", () => {
    const air = new Air();
    using one = new Radio(air);
    one.play(17);
    using other = new Radio(air);
    other.playlist.format = AAC;
    const both = [one, other];
    for (let i = 0; i < 600; i++) {
      const { wallMs } = air;
      for (const radio of both) {
        air.wallMs = wallMs;
        radio.play(0.1);
      }
    }
    const [a, b] = both.map((radio) => read(radio.list.text).segments.slice(2));
    const starts = (radio: Radio, list: Listed["segments"] = []) =>
      list.map((segment) => Number(fetched(radio, segment)?.timestamp) / 90_000);
    const [left, right] = [starts(one, a), starts(other, b)];
    const near = left.filter((at) => right.some((it) => Math.abs(it - at) < 2 * FRAME_SECONDS));
    expect(near.length).toBeGreaterThanOrEqual(left.length - 1);
    for (const at of [...left, ...right]) expect(at % 6).toBeLessThan(FRAME_SECONDS);
  });
});

describe("the configuration", () => {
  test("switches HLS on and off while the mount plays", () => {
    using radio = new Radio(undefined, { hls: { enabled: false } });
    radio.play(10);
    expect(radio.hls.isOn).toBe(false);
    const change = (hls: object) => {
      const { config } = radio.mount;
      radio.mount.reconfigure({ ...config, hls: { ...config.hls, ...hls } });
      radio.hls.follow();
    };
    change({ enabled: true, segment: 4 });
    radio.play(30);
    expect(read(radio.list.text).target).toBe(4);
    const last = radio.list.last;
    change({ window: 3, segment: 10 });
    expect(radio.lines.at(-1)).toBe("info /stream: hls.segment: 10 s count from the next start");
    const count = radio.lines.length;
    change({ window: 3 });
    expect(radio.lines.length).toBe(count);
    radio.play(20);
    expect(read(radio.list.text).segments.length).toBe(3);
    expect(read(radio.list.text).target).toBe(4);
    change({ enabled: false });
    expect(radio.hls.playlist).toBeNull();
    change({ enabled: true });
    radio.play(30);
    expect(read(radio.list.text).target).toBe(10);
    expect(radio.list.last).toBeGreaterThan(last);
  });

  test("lets the ring hold two windows, though nobody may go back", () => {
    using radio = new Radio(undefined, { rewindSeconds: 0, bufferBytes: 65_536 });
    const player = new Player(radio);
    listen(radio, player, 600);
    const oldest = player.segments.at(-20);
    expect(oldest && fetched(radio, oldest)).not.toBeNull();
    expect(radio.mount.ring.capacity).toBe(1 << 20);
  });
});

test("five hundred mounts with HLS hold positions, and no audio beside their rings", () => {
  const air = new Air();
  const config = { hls: { enabled: true, segment: 2, window: 3 }, bufferBytes: 65_536 };
  const radios = Array.from({ length: 500 }, () => new Radio(air, config));
  const playAll = () => {
    const { wallMs } = air;
    for (const radio of radios) {
      air.wallMs = wallMs;
      radio.retitle(`at ${wallMs}`);
      radio.play(5, 1);
    }
  };
  const rings = () => radios.reduce((sum, { mount }) => sum + mount.ring.capacity, 0);
  for (let i = 0; i < 6; i++) playAll();
  const before = rings();
  for (let i = 0; i < 6; i++) playAll();
  expect(rings()).toBe(before);
  expect(before).toBeLessThanOrEqual(500 << 20);
  for (const radio of radios) {
    expect(radio.list.listed.length).toBe(3);
    expect(radio.list.titles.length).toBeLessThanOrEqual(4);
    for (const segment of radio.list.listed) expect(segment.file).toBeNull();
  }
  for (const radio of radios) radio[Symbol.dispose]();
  expect(air.streams.size).toBe(0);
});

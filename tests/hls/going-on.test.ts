// A player at a mount whose station restarts: it goes on in the playlist that it knows.
import { describe, expect, test } from "bun:test";
import { Numbering } from "../../src/hls/numbering.ts";
import { CD_QUALITY, FakeInput } from "../mount/fake-input.ts";
import type { TestMount } from "../support/config.ts";
import { AAC, Air, fetched, framesAt, nextAir, Radio, read } from "./hls-rig.ts";

function played(seconds: number, config: TestMount = {}, format = CD_QUALITY): Radio {
  const radio = new Radio(new Air(), config);
  radio.playlist.format = format;
  radio.retitle("Before", "Artist");
  radio.play(seconds);
  return radio;
}

const listOf = (radio: Radio) => read(radio.list.text);
const audioOf = (radio: Radio, source = radio) =>
  listOf(source).segments.map((one) => fetched(radio, one)?.frames);

describe("at the start", () => {
  test("the playlist is listed as the run before has left it, and its files are the same", () => {
    using before = played(100);
    before.hls.complete();
    const { text } = before.list;
    const audio = audioOf(before);
    using after = new Radio(nextAir(before));
    expect(after.list.text).toBe(text);
    expect(audioOf(after)).toEqual(audio);
  });

  test("what was removed from the playlist a moment before is still there", () => {
    using before = played(100);
    const gone = listOf(before).segments[0]!;
    before.play(30);
    expect(listOf(before).segments[0]!.number).toBeGreaterThan(gone.number);
    using after = new Radio(nextAir(before));
    expect(fetched(after, gone)).not.toBeNull();
    after.play(100);
    expect(fetched(after, gone)).toBeNull();
  });

  test("a playlist that promised other lengths is not taken", () => {
    using before = played(30);
    using after = new Radio(nextAir(before), { hls: { enabled: true, segment: 4 } });
    expect(after.hls.playlist).toBeNull();
    after.play(10);
    expect(listOf(after).segments.every(({ name }) => name.startsWith("later"))).toBe(true);
  });

  test("one that is read when audio was heard already is not taken", () => {
    using before = played(30);
    const air = nextAir(before);
    const window = air.earlierOf(before.mount.path)!;
    using after = new Radio(air);
    after.play(1);
    after.hls.resume(window);
    expect(after.hls.playlist).toBeNull();
  });
});

describe("the station's end", () => {
  test("completes the segment that grows: all that was broadcast is in the playlist", () => {
    using radio = played(45);
    radio.hls.complete();
    const all = audioOf(radio).map((frames) => frames?.length ?? 0);
    expect(all.reduce((sum, length) => sum + length, 0)).toBe(radio.mount.ring.head);
    expect(listOf(radio).isEnded).toBe(false);
  });

  test("answers clients that wait for that segment with the list as it was, since nobody could fetch it yet", async () => {
    using radio = played(45);
    const { list } = radio;
    const before = list.last;
    const { text, offered } = list;
    expect(offered).toBe(text);
    const isThere = list.waiting.wait(() => list.last > before, 60_000);
    radio.hls.complete();
    expect(await isThere).toBe(true);
    expect(list.last).toBe(before + 1);
    expect(list.offered).toBe(text);
  });
});

describe("behind the restart", () => {
  test.each([
    ["whole segments", {}, CD_QUALITY],
    ["parts", { hls: { enabled: true, part: 1 } }, AAC],
  ] as const)("in %s numbers go on, behind one discontinuity", (_, config, format) => {
    using before = played(45, config, format);
    before.hls.complete();
    const old = listOf(before);
    using after = new Radio(nextAir(before), config);
    after.playlist.format = format;
    after.play(12);
    const list = listOf(after);
    expect(list.sequence).toBe(old.sequence);
    expect(list.segments.slice(0, old.segments.length)).toEqual([...old.segments]);
    const first = list.segments[old.segments.length]!;
    expect(first.discontinuity).toBe(old.segments.at(-1)!.discontinuity + 1);
    expect(first.name).toStartWith("later");
    after.play(120);
    const later = listOf(after).segments;
    expect(later.every(({ name }) => name.startsWith("later"))).toBe(true);
    expect(new Set(later.map(({ discontinuity }) => discontinuity))).toEqual(
      new Set([first.discontinuity]),
    );
  });

  test("no date and no timestamp goes back, even if the run before was ahead of the clock", () => {
    using before = played(45);
    const frames = framesAt(before.mount.ring.head, 100, 1152, CD_QUALITY);
    before.mount.write(before.playlist, frames, before.air.wallMs);
    before.hls.complete();
    const last = listOf(before).segments.at(-1)!;
    using after = new Radio(nextAir(before, 0.5));
    after.play(12);
    const list = listOf(after).segments;
    const first = list.find(({ name }) => name.startsWith("later"))!;
    expect(first.number).toBe(last.number + 1);
    expect(first.dateMs).toBeGreaterThanOrEqual(Math.floor(last.dateMs + last.seconds * 1000));
    const stamps = [last, first].map((one) => Number(fetched(after, one)!.timestamp));
    expect(stamps[1]! - stamps[0]!).toBeGreaterThanOrEqual(Math.floor(last.seconds * 90_000) - 1);
  });

  test("titles stay, each with its id", () => {
    using before = played(45);
    const title = listOf(before).titles[0]!;
    using after = new Radio(nextAir(before));
    after.retitle("After", "Artist");
    after.play(12);
    const { titles } = listOf(after);
    expect(titles[0]).toEqual(title);
    expect(titles.map((one) => one["X-TITLE"])).toEqual(["Before", "After"]);
    expect(new Set(titles.map(({ ID }) => ID)).size).toBe(2);
  });

  test("other numbers than the next ones begin a list of their own", () => {
    using before = played(45);
    const air = nextAir(before);
    const old = listOf(before);
    const last = old.segments.at(-1)!;
    air.numbering = new Numbering(air.wall);
    using after = new Radio(air);
    expect(listOf(after).sequence).toBe(old.sequence);
    after.play(12);
    const list = listOf(after);
    expect(list.sequence).toBeGreaterThan(last.number + 1);
    expect(list.segments[0]!.discontinuity).toBeGreaterThan(last.discontinuity);
    expect(list.segments.every(({ name }) => name.startsWith("later"))).toBe(true);
    expect(fetched(after, last)).not.toBeNull();
  });

  test("silence in MP3 before the source is back leaves a playlist of AAC as it is", () => {
    using before = played(30, {}, AAC);
    before.hls.complete();
    const { text, last } = before.list;
    using after = new Radio(nextAir(before));
    const silence = new FakeInput("silence");
    Object.assign(silence, { isFiller: true, ready: true, format: CD_QUALITY });
    after.playlist.ready = false;
    after.mount.attach(silence);
    for (let i = 0; i < 300; i++) {
      after.air.wallMs += 26;
      const frames = framesAt(after.mount.ring.head, 1, 1152, CD_QUALITY);
      after.mount.write(silence, frames, after.air.wallMs);
    }
    expect(after.list.text).toBe(text);
    after.mount.detach(silence, after.air.wallMs);
    after.playlist.ready = true;
    after.playlist.format = AAC;
    after.play(12);
    expect(listOf(after).sequence).toBe(read(text).sequence);
    expect(after.list.last).toBeGreaterThan(last);
    expect(after.hls.playlistNamed("mp3")).toBeNull();
  });

  test("a playlist whose codec does not come back for a minute ends", () => {
    using before = played(45, {}, AAC);
    using after = new Radio(nextAir(before));
    after.play(20);
    expect(after.list.facts.name).toBe("mp3");
    const list = after.hls.playlistNamed("aac");
    expect(list?.isEnded).toBe(false);
    after.play(60);
    expect(list?.isEnded).toBe(true);
  });

  test("a second restart before anything was heard loses nothing", () => {
    using before = played(30);
    before.hls.complete();
    const { text } = before.list;
    using between = new Radio(nextAir(before));
    using after = new Radio(nextAir(between));
    expect(after.list.text).toBe(text);
    after.play(12);
    expect(listOf(after).sequence).toBe(read(text).sequence);
  });
});

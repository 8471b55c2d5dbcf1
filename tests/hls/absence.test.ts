// What players have in store after a restart: as much as if the station had never been away.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CD_QUALITY, FakeInput } from "../mount/fake-input.ts";
import { type TestMount, testMount } from "../support/config.ts";
import { AAC, Air, framesAt, type ListedSegment, nextAir, Radio, read } from "./hls-rig.ts";

const SEGMENT = 6;
/** All segments of a test stay listed. */
const HLS = { enabled: true, segment: SEGMENT, window: 60 };
/** More than a frame of each codec. */
const FRAME = 0.03;

const listed = (radio: Radio): readonly ListedSegment[] => read(radio.list.text).segments;

/** What players have had of it, in seconds. */
const published = (radio: Radio): number =>
  listed(radio).reduce((sum, one) => sum + one.seconds, 0);

function begun(config: TestMount = {}, format = CD_QUALITY, air = new Air()): Radio {
  const radio = new Radio(air, { hls: HLS, ...config });
  radio.playlist.format = format;
  return radio;
}

/** The same without a stop. */
function unbroken(seconds: number, config: TestMount = {}, format = CD_QUALITY): number {
  using radio = begun(config, format);
  radio.play(seconds);
  return published(radio);
}

/** The next run, whose playlist is not on air yet. */
function restarted(before: Radio, awaySeconds: number, format = CD_QUALITY): Radio {
  const radio = begun({}, format, nextAir(before, awaySeconds));
  radio.playlist.ready = false;
  return radio;
}

/** Each date is where the segment before ended, or later; returns by how much at most. */
function largestGapMs(segments: readonly ListedSegment[]): number {
  const gaps = segments.slice(1).map(({ dateMs }, i) => {
    const before = segments[i]!;
    return dateMs - before.dateMs - before.seconds * 1000;
  });
  // Those that approach the clock do so by a hundredth, and all are whole milliseconds.
  expect(Math.min(...gaps)).toBeGreaterThan(-10 * SEGMENT - 2);
  return Math.max(...gaps);
}

/** By how much the date of the next sample is ahead of the clock. */
function aheadSeconds({ air, hls, mount }: Radio): number {
  return ((hls.zeroMs ?? Number.NaN) - air.wallMs) / 1000 + mount.writtenSeconds;
}

/** Silence that fills the time of the step before. */
class Silence extends FakeInput {
  constructor(private readonly radio: Radio) {
    super("silence");
    this.ready = true;
    radio.mount.attach(this);
  }

  play(seconds: number): void {
    const { air, mount } = this.radio;
    for (let i = 0; i < Math.round(seconds * 38.28125); i++) {
      air.wallMs += 1000 / 38.28125;
      mount.write(this, framesAt(mount.ring.head, 1, 1152, CD_QUALITY), air.wallMs);
      air.tick();
    }
  }
}

describe("a playlist that is on air as the station starts", () => {
  test.each([
    ["MP3 in segments", {}, CD_QUALITY],
    ["AAC in parts", { hls: { ...HLS, part: 1 } }, AAC],
    ["MP3 of a group", { group: "radio" }, CD_QUALITY],
    ["a mount without a burst", { burstSeconds: 0, sourceGrace: 0 }, CD_QUALITY],
  ] as const)(
    "leaves players of %s no less than without the stop, and dates without a gap",
    (_, config, format) => {
      const tenths = fc.integer({ min: 1, max: 170 });
      fc.assert(
        fc.property(fc.integer({ min: 250, max: 600 }), tenths, (before, away) => {
          const [playedSeconds, awaySeconds] = [before / 10, away / 10];
          using first = begun(config, format);
          first.play(playedSeconds);
          using radio = begun(config, format, nextAir(first, awaySeconds));
          radio.play(33);
          const all = playedSeconds + awaySeconds + 33;
          expect(radio.mount.writtenSeconds).toBeGreaterThan(awaySeconds + 33 - FRAME);
          expect(published(radio)).toBeGreaterThan(unbroken(all - 0.2, config, format) - 4 * FRAME);
          expect(largestGapMs(listed(radio))).toBeLessThan(1000 * FRAME);
          expect(Math.abs(aheadSeconds(radio))).toBeLessThan(4 * FRAME);
        }),
        { numRuns: 10 },
      );
    },
  );

  test("makes up for three segments of a long absence, which is all that players have ever had in store", () => {
    using before = begun();
    before.play(45);
    using radio = begun({}, CD_QUALITY, nextAir(before, 40));
    radio.play(30);
    expect(radio.mount.writtenSeconds).toBeCloseTo(30 + 3 * SEGMENT, 0);
    expect(largestGapMs(listed(radio)) / 1000).toBeCloseTo(40 - 3 * SEGMENT, 0);
  });

  test("dates titles with the sound that they belong to", () => {
    using before = begun();
    before.play(45);
    using radio = begun({}, CD_QUALITY, nextAir(before, 4));
    radio.playlist.metadata = { artist: "", title: "After" };
    radio.play(12);
    const first = listed(radio).find(({ name }) => name.startsWith("later"))!;
    const title = read(radio.list.text).titles.find((one) => one["X-TITLE"] === "After")!;
    expect(Date.parse(title["START-DATE"]!)).toBe(first.dateMs);
  });

  test("that needs a while to write what is missing disturbs no date", () => {
    using before = begun();
    before.play(45);
    using radio = begun({}, CD_QUALITY, nextAir(before, 9));
    const { mount, air, playlist } = radio;
    mount.advance(air.wallMs);
    let owed = playlist.takeOwed();
    for (let i = 0; i < 90; i++) {
      air.wallMs += 100;
      owed += 0.1;
      const count = Math.min(8, Math.floor((owed * 44_100) / 1152));
      owed -= (count * 1152) / 44_100;
      mount.write(playlist, framesAt(mount.ring.head, count, 1152, CD_QUALITY), air.wallMs);
    }
    radio.play(20);
    expect(largestGapMs(listed(radio))).toBeLessThan(1000 * FRAME);
    expect(Math.abs(aheadSeconds(radio))).toBeLessThan(4 * FRAME);
  });

  test("makes up for both absences of a station that restarts twice before anything is heard", () => {
    using before = begun();
    before.play(45);
    using between = restarted(before, 3);
    using radio = begun({}, CD_QUALITY, nextAir(between, 4));
    radio.play(20);
    expect(radio.mount.writtenSeconds).toBeCloseTo(27, 0);
  });
});

describe("what comes before the playlist", () => {
  test("silence leaves it all to the playlist", () => {
    using before = begun();
    before.play(45);
    using radio = restarted(before, 4);
    new Silence(radio).play(3);
    radio.playlist.ready = true;
    radio.play(30);
    expect(radio.mount.writtenSeconds).toBeCloseTo(4 + 3 + 30, 0);
    expect(largestGapMs(listed(radio)) / 1000).toBeCloseTo(4, 0);
  });

  test("silence in another codec, which players of HLS do not get, is missing too", () => {
    using before = begun({}, AAC);
    before.play(45);
    using radio = restarted(before, 4, AAC);
    const silence = new Silence(radio);
    silence.play(3);
    const { writtenSeconds } = radio.mount;
    radio.playlist.ready = true;
    radio.play(30);
    expect(radio.mount.writtenSeconds - writtenSeconds).toBeCloseTo(4 + 3 + 30, 0);
    expect(largestGapMs(listed(radio))).toBeLessThan(1000 * FRAME);
  });

  test("a live source that comes back by itself leaves it to the playlist behind it, which makes up for it once", () => {
    using before = begun();
    before.play(45);
    using radio = restarted(before, 4);
    radio.connect();
    radio.play(60);
    expect(radio.mount.writtenSeconds).toBeCloseTo(60, 0);
    radio.playlist.ready = true;
    radio.disconnect();
    radio.play(30);
    expect(radio.mount.writtenSeconds).toBeCloseTo(4 + 90, 0);
    radio.connect();
    radio.play(10);
    radio.disconnect();
    radio.play(10);
    expect(radio.mount.writtenSeconds).toBeCloseTo(4 + 110, 0);
    expect(largestGapMs(listed(radio)) / 1000).toBeCloseTo(4, 0);
  });

  test("a source that brings as much at once as is missing leaves nothing to make up for", () => {
    using before = begun();
    before.play(45);
    using radio = restarted(before, 3);
    const { mount, air, live, playlist } = radio;
    radio.connect();
    mount.write(live, framesAt(0, Math.ceil((5 * 44_100) / 1152), 1152, CD_QUALITY), air.wallMs);
    playlist.ready = true;
    radio.disconnect();
    expect(playlist.takeOwed()).toBe(0);
  });
});

test("a mount whose HLS is switched off before anything was heard makes up for nothing", () => {
  using before = begun();
  before.play(45);
  using radio = restarted(before, 4);
  radio.mount.reconfigure(testMount({ hls: { ...HLS, enabled: false } }));
  radio.hls.follow();
  radio.playlist.ready = true;
  radio.mount.advance(radio.air.wallMs);
  expect(radio.playlist.takeOwed()).toBe(0);
});

// Parts of segments that grow (LL-HLS): what a player relies on that reads every version of the playlist.
import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { MediaFile } from "../../src/hls/media-segment.ts";
import { createOggParser } from "../../src/format/ogg/ogg.ts";
import { HlsStream } from "../../src/hls/hls-stream.ts";
import { Mount } from "../../src/mount/mount.ts";
import { oggChain, opusHead, opusPacket, opusTags } from "../format/ogg-builder.ts";
import { CD_QUALITY, keptLog } from "../mount/fake-input.ts";
import { audio } from "../native/known-audio.ts";
import { testMount, type TestMount } from "../support/config.ts";
import { AAC, Air, opened, Radio, read, START_MS, VORBIS } from "./hls-rig.ts";
import { Tape } from "./tapes.ts";

const TARGET = 1.15;
const HOLD_BACK = 3.45;

const WITH_PARTS: TestMount = { hls: { enabled: true, segment: 6, part: 1 } };

function aacRadio(config: TestMount = WITH_PARTS): Radio {
  const radio = new Radio(new Air(), config);
  radio.playlist.format = AAC;
  return radio;
}

interface Part {
  readonly name: string;
  readonly seconds: number;
  /** Media sequence number of its segment. */
  readonly number: number;
}

/** The parts of a playlist in order. */
function partsOf(text: string): Part[] {
  let number = read(text).sequence;
  return text.split("\n").flatMap((line) => {
    if (line !== "" && !line.startsWith("#")) number++;
    const [, seconds, name] =
      /^#EXT-X-PART:DURATION=([\d.]+),URI="([^"]+)",INDEPENDENT=YES$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, seconds: Number(seconds), number }];
  });
}

function hintOf(text: string): string | null {
  return /^#EXT-X-PRELOAD-HINT:TYPE=PART,URI="([^"]+)"$/m.exec(text)?.[1] ?? null;
}

function fileOf({ hls }: Radio, { name }: Pick<Part, "name">): MediaFile | null {
  const [, run = "", number, index] = /^(\w+)-(\d+)-(\d+)\.aac$/.exec(name) ?? [];
  return hls.part(run, Number(number), Number(index));
}

function framesOf(radio: Radio, part: Pick<Part, "name">): Buffer {
  const file = fileOf(radio, part);
  const bytes = file === null ? null : radio.hls.bytes(file);
  if (bytes === null) throw new Error(`${part.name} is not there`);
  return opened(bytes).frames;
}

/** Every version of the playlist while it plays. */
function versions(radio: Radio, seconds: number, step: number): string[] {
  const found: string[] = [];
  for (let i = 0; i < seconds / step; i++) {
    radio.play(step, step);
    const text = radio.hls.playlist?.text;
    if (text !== undefined && text !== found.at(-1)) found.push(text);
  }
  return found;
}

function addedTo(before: string, after: string): Part[] {
  const known = new Set(partsOf(before).map(({ name }) => name));
  return partsOf(after).filter(({ name }) => !known.has(name));
}

test("without the option a playlist has no word of parts, and no number of one is looked up", () => {
  using radio = aacRadio({ hls: { enabled: true } });
  radio.play(40);
  expect(radio.list.text).not.toMatch(/PART|PRELOAD/);
  expect(radio.hls.part(radio.list.facts.run, radio.list.last, 0)).toBeNull();
});

describe.each([0.02, 0.1, 0.7])("written in steps of %d s, a stream with parts", (step) => {
  const radio = aacRadio();
  afterAll(() => radio[Symbol.dispose]());
  const all = versions(radio, 60, step);
  const parts = new Map(all.flatMap(partsOf).map((part) => [part.name, part]));

  test("promises what its parts keep: a length, the last one of a segment aside, and a distance to hold", () => {
    expect(all.at(-1)).toContain(`CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${HOLD_BACK}\n`);
    expect(all.at(-1)).toContain(`#EXT-X-PART-INF:PART-TARGET=${TARGET}\n`);
    const list = [...parts.values()];
    for (const [i, { seconds, number }] of list.entries()) {
      const isLast = list[i + 1]?.number !== number;
      expect(seconds).toBeLessThanOrEqual(TARGET);
      if (!isLast) expect(seconds).toBeGreaterThanOrEqual(0.85 * TARGET);
    }
  });

  test("has six parts of each segment of six seconds, which together are the segment", () => {
    const segments = read(all.at(-1) ?? "").segments.slice(-3);
    for (const { number, seconds, name } of segments) {
      const own = [...parts.values()].filter((part) => part.number === number);
      expect(own.length).toBe(6);
      expect(own.reduce((sum, part) => sum + part.seconds, 0)).toBeCloseTo(seconds, 3);
      const [, run = ""] = /^(\w+)-/.exec(name) ?? [];
      const whole = opened(radio.hls.bytes(radio.hls.segment(run, number)!)!);
      const frames = Buffer.concat(own.map((part) => framesOf(radio, part)));
      expect(frames.equals(whole.frames)).toBe(true);
    }
  });

  test("hints each part before it comes, and nothing else", () => {
    const hints = all.slice(0, -1).flatMap((text) => hintOf(text) ?? []);
    const waited = hints.filter((name) => name !== hintOf(all.at(-1) ?? ""));
    expect(waited.filter((name) => !parts.has(name))).toEqual([]);
    for (const [i, after] of all.entries()) {
      const before = all[i - 1];
      const [first] = before === undefined ? [] : addedTo(before, after);
      if (before !== undefined && first !== undefined) expect(first.name).toBe(hintOf(before)!);
    }
  });

  test("lists parts near the end alone, and keeps those that it lists no more as long as again", () => {
    const text = all.at(-1) ?? "";
    const { segments } = read(text);
    const first = partsOf(text)[0]!;
    const behind = segments.filter(({ number }) => number >= first.number);
    const seconds = behind.reduce((sum, segment) => sum + segment.seconds, 0);
    expect(seconds).toBeLessThanOrEqual(3 * 6 + 6.1);
    const older = [...parts.values()].filter(({ number }) => number === first.number - 3);
    expect(older.length).toBeGreaterThan(0);
    for (const part of older) expect(framesOf(radio, part).length).toBeGreaterThan(0);
  });
});

test("however its frames arrive, the parts of a stream are its bytes in order, each once", () => {
  const steps = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 60, maxLength: 120 });
  fc.assert(
    fc.property(steps, (pieces) => {
      using radio = aacRadio({ hls: { enabled: true, segment: 2, part: 0.5 } });
      const heard: Buffer[] = [];
      const seen = new Set<string>();
      for (const hundredths of pieces) {
        radio.play(hundredths / 100, hundredths / 100);
        for (const part of partsOf(radio.hls.playlist?.text ?? "")) {
          if (!seen.has(part.name)) heard.push(framesOf(radio, part));
          seen.add(part.name);
        }
      }
      const bytes = Buffer.concat(heard);
      expect(bytes.equals(audio(0, bytes.length))).toBe(true);
    }),
    { numRuns: 15 },
  );
});

test("a part begins with the tag of its own moment, and has the title that begins with it", () => {
  using radio = aacRadio();
  radio.play(20);
  radio.retitle("Later", "A Band");
  radio.play(4);
  const parts = partsOf(radio.list.text).slice(-5);
  const stamps = parts.map((part) => opened(radio.hls.bytes(fileOf(radio, part)!)!).timestamp);
  for (const [i, { seconds }] of parts.slice(0, -1).entries()) {
    const step = Number((stamps[i + 1] ?? 0n) - (stamps[i] ?? 0n)) / 90_000;
    expect(Math.abs(step - seconds)).toBeLessThan(0.001);
  }
  const titles = parts.map((part) => fileOf(radio, part)?.title.title ?? "");
  expect(titles.at(-1)).toBe("Later");
  expect(titles[0]).not.toBe("Later");
});

test("another sample rate within a codec: its first part stands behind the discontinuity", () => {
  using radio = aacRadio();
  radio.play(20);
  radio.playlist.format = { ...AAC, sampleRate: 44_100 };
  radio.play(2);
  const lines = radio.list.text.split("\n");
  const at = lines.indexOf("#EXT-X-DISCONTINUITY");
  expect(lines[at + 1]).toStartWith("#EXT-X-PROGRAM-DATE-TIME:");
  expect(lines[at + 2]).toStartWith("#EXT-X-PART:");
  expect(lines.slice(at + 2).some((line) => line !== "" && !line.startsWith("#"))).toBe(false);
  const before = read(radio.list.text).discontinuities;
  radio.play(6);
  expect(read(radio.list.text).segments.at(-1)?.discontinuity).toBe(before + 1);
});

test("an initialization segment that a part needs is there before its segment is complete", () => {
  const air = new Air();
  const chains = [0, 99].map((gain) => {
    const head = opusHead({ preSkip: 312 });
    head[16] = gain;
    const pages = Array.from({ length: 15 }, () =>
      Array.from({ length: 50 }, () => opusPacket(80)),
    );
    return oggChain({ headers: [head, opusTags()], pages, serial: gain });
  });
  const tape = new Tape("playlist", createOggParser, chains.flat());
  const mount = new Mount(testMount(WITH_PARTS), keptLog().log, air.wall);
  const hls = new HlsStream(mount, air);
  tape.input.ready = true;
  mount.attach(tape.input);
  const maps = () => hls.playlist?.text.match(/(?<=EXT-X-MAP:.*-init)\d+/g) ?? [];
  while (maps().length < 2) tape.play(mount, 1, (air.wallMs += 1000));
  expect(hls.playlist?.growing?.init?.index).toBe(1);
  for (const index of maps())
    expect(hls.init(hls.playlist?.facts.run ?? "", Number(index))).not.toBeNull();
  mount.close();
});

test("a codec without HLS ends the playlist: no hint, and the parts so far are there", () => {
  using radio = aacRadio();
  radio.play(21);
  const { list } = radio;
  expect(hintOf(list.text)).not.toBeNull();
  radio.playlist.format = VORBIS;
  radio.play(1);
  expect(read(list.text).isEnded).toBe(true);
  expect(hintOf(list.text)).toBeNull();
  for (const part of partsOf(list.text)) expect(framesOf(radio, part).length).toBeGreaterThan(0);
});

test("a pause completes the segment with a short part; what follows is a part of the next one", () => {
  using radio = aacRadio();
  radio.play(21);
  const last = radio.list.last;
  radio.pause(10);
  expect(radio.list.last).toBe(last + 1);
  expect(hintOf(radio.list.text)).toMatch(new RegExp(`-${last + 2}-0\\.aac$`));
  radio.play(2);
  expect(partsOf(radio.list.text).at(-1)?.number).toBe(last + 2);
  expect(radio.list.text).toContain("#EXT-X-DISCONTINUITY\n");
});

test("MP3, frames that are long beside a part, and mounts of a group are offered as whole segments alone", () => {
  const mp3 = new Radio(new Air(), WITH_PARTS);
  mp3.playlist.format = CD_QUALITY;
  const grouped = aacRadio({ ...WITH_PARTS, group: "all" });
  const long = aacRadio({ hls: { enabled: true, segment: 6, part: 0.5 } });
  long.playlist.format = { ...AAC, sampleRate: 8000 };
  for (const radio of [mp3, grouped, long]) {
    radio.play(30);
    expect(radio.list.text).not.toContain("#EXT-X-PART:");
    expect(read(radio.list.text).segments.length).toBeGreaterThan(3);
    radio[Symbol.dispose]();
  }
  expect(mp3.list.text).not.toMatch(/PART|PRELOAD/);
  expect(grouped.list.text).not.toMatch(/PART|PRELOAD/);
});

test("numbers that players know of parts do not come back after a restart, nor does a discontinuity", () => {
  const air = new Air();
  const radio = new Radio(air, WITH_PARTS);
  radio.playlist.format = AAC;
  radio.play(21);
  radio.playlist.format = { ...AAC, sampleRate: 44_100 };
  radio.play(2);
  const number = partsOf(radio.list.text).at(-1)?.number ?? 0;
  const discontinuity = radio.list.lastDiscontinuity + 1;
  expect(number).toBe(radio.list.last + 1);
  radio[Symbol.dispose]();
  const later = new Air(START_MS, air.wallMs + 3000, "later");
  air.numbering.stop();
  later.numbering.restore(air.numbering.noted);
  using next = new Radio(later, WITH_PARTS);
  next.playlist.format = AAC;
  next.play(14);
  expect(read(next.list.text).sequence).toBe(number + 1);
  expect(read(next.list.text).discontinuities).toBeGreaterThan(discontinuity);
});

test("another length of parts counts from the next start, which the log says", () => {
  using radio = aacRadio({ hls: { enabled: true } });
  radio.play(14);
  const { config } = radio.mount;
  radio.mount.reconfigure({ ...config, hls: { ...config.hls, part: 1 } });
  radio.hls.follow();
  expect(radio.lines.at(-1)).toBe("info /stream: hls.part: 1 s count from the next start");
  radio.play(7);
  expect(radio.list.text).not.toContain("PART");
});

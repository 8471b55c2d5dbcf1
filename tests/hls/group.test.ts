// Mounts of one group by HLS: the same audio in two bit rates, as variants that a player changes between without a seam.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Frames } from "../../src/format/frame.ts";
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import { HlsStream } from "../../src/hls/hls-stream.ts";
import type { MediaSegment } from "../../src/hls/media-segment.ts";
import { Mount } from "../../src/mount/mount.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { FakeInput, keptLog } from "../mount/fake-input.ts";
import { testMount } from "../support/config.ts";
import { HlsValidator } from "../support/hls/validator.ts";
import { Air } from "./hls-rig.ts";
import { fetchFrom } from "./open-routes.ts";

const FRAME_MS = (1152 / 44_100) * 1000;

/** An encoder's output for one mount: frames that come in bursts, some milliseconds late. */
class Encoder {
  readonly mount: Mount;
  readonly hls: HlsStream;
  readonly #input = new FakeInput("live");
  readonly #parser = createMpegParser();
  readonly #frames: readonly Uint8Array[];
  readonly #beganMs: number;
  #written = 0;

  constructor(
    path: string,
    readonly air: Air,
    private readonly terms: {
      bitrate: number;
      burst: number;
      delayMs: (burst: number) => number;
      segment?: number;
    },
  ) {
    const { segment = 6 } = terms;
    const config = { path, group: "radio", hls: { enabled: true, segment } };
    this.mount = new Mount(testMount(config), keptLog().log, air.wall);
    this.hls = new HlsStream(this.mount, air);
    this.#beganMs = air.wallMs;
    this.#input.ready = true;
    this.mount.attach(this.#input);
    const { bitrate } = terms;
    this.#frames = mpegFrames(64, { bitrate, mode: "stereo", seed: 1 });
  }

  /** Brings the bursts that have come since it began. */
  advance(): void {
    const { burst, delayMs } = this.terms;
    const soundMs = this.air.wallMs - this.#beganMs;
    for (;;) {
      const number = this.#written / burst;
      if ((this.#written + burst) * FRAME_MS + delayMs(number) > soundMs) return;
      const pieces = Array.from({ length: burst }, (_, i) => this.#frameAt(this.#written + i));
      this.#written += burst;
      this.#write(this.#parser.push(concat(...pieces)));
    }
  }

  #frameAt(number: number): Uint8Array {
    return this.#frames[number % this.#frames.length] ?? new Uint8Array(0);
  }

  #write(frames: Frames): void {
    if (frames.count === 0) return;
    this.#input.format = this.#parser.format;
    this.mount.write(this.#input, frames, this.air.wallMs);
  }
}

/** A number that looks like chance. */
function jitter(most: number): (burst: number) => number {
  return (burst) => (Math.imul(burst + 1, 2_654_435_761) >>> 8) % most;
}

function play(air: Air, seconds: number, ...encoders: readonly Encoder[]): void {
  for (let i = 0; i < seconds * 250; i++) {
    air.wallMs += 4;
    for (const encoder of encoders) encoder.advance();
  }
  air.tick();
}

function listed({ hls }: Encoder): readonly MediaSegment[] {
  return hls.playlist?.listed ?? [];
}

describe("two mounts of one group that are fed by the same encoder", () => {
  const air = new Air();
  const high = new Encoder("/live/high", air, { bitrate: 128, burst: 10, delayMs: jitter(20) });
  const low = new Encoder("/low", air, { bitrate: 64, burst: 38, delayMs: jitter(20) });
  const validator = new HlsValidator({
    fetch: fetchFrom([high, low]),
    nowMs: () => air.wallMs,
    pollMs: 1000,
  });
  beforeAll(async () => {
    play(air, 10, high, low);
    await validator.open("http://radio/live/high/hls/index.m3u8");
    for (let second = 0; second < 120; second++) {
      play(air, 1, high, low);
      await validator.poll();
    }
    validator.finish();
  });
  afterAll(() => {
    for (const { mount } of [high, low]) mount.close();
  });

  test("are variants of one multivariant playlist, each by its address from the one that was asked for", () => {
    expect(validator.variants.map(({ url }) => url)).toEqual([
      "http://radio/live/high/hls/mp3.m3u8",
      "http://radio/low/hls/mp3.m3u8",
    ]);
    const [first, second] = validator.variants.map(({ attributes }) =>
      Number(attributes.get("AVERAGE-BANDWIDTH")),
    );
    expect(first! / second!).toBeCloseTo(2, 1);
  });

  test("have no problem", () => {
    expect(validator.problems).toEqual([]);
    expect(validator.segmentCount).toBeGreaterThan(2 * 20);
  });

  test("have segments of the same numbers, dates and samples", () => {
    const facts = (encoder: Encoder) =>
      listed(encoder).map(({ number, wallMs, samples, start }) => {
        return { number, wallMs, samples, start: start.in(90_000) };
      });
    expect(facts(low)).toEqual(facts(high));
  });

  test("can be joined anywhere: the frames of one follow those of the other without a gap", () => {
    const [one, other] = [listed(high), listed(low)];
    for (const [i, segment] of one.slice(0, -1).entries()) {
      const next = other[i + 1];
      expect(next?.start.in(44_100)).toBe(segment.start.plus(segment.samples).in(44_100));
    }
  });

  test("keep the same audio at the same moment: both have their frames from the same one of the encoder on", () => {
    const firstOf = (encoder: Encoder) => {
      const [segment] = listed(encoder);
      return Math.round(segment!.fromSeconds * 1000 - segment!.wallMs);
    };
    expect(Math.abs(firstOf(low) - firstOf(high))).toBeLessThan(1);
  });
});

test("a mount of a group that begins later has the numbers, the dates and the length that are there", () => {
  const air = new Air();
  const terms = { bitrate: 64, burst: 10, delayMs: () => 0 };
  const first = new Encoder("/first", air, terms);
  play(air, 45, first);
  const later = new Encoder("/later", air, { ...terms, segment: 4 });
  play(air, 40, first, later);
  const dates = new Map(listed(first).map(({ number, wallMs }) => [number, wallMs]));
  const [begin, ...others] = listed(later);
  expect(begin!.samples / 44_100).toBeLessThan(6);
  expect(others.length).toBe(6);
  expect(others.map(({ wallMs }) => wallMs)).toEqual(
    others.map(({ number }) => dates.get(number)!),
  );
  for (const { mount } of [first, later]) mount.close();
});

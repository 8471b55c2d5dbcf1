// A mount by HLS whose listeners hear its fallback while it has no programme, on a simulated clock, as the validator sees it.
import { describe, expect, test } from "bun:test";
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import { HlsStream } from "../../src/hls/hls-stream.ts";
import { Mount } from "../../src/mount/mount.ts";
import { mpegFrames } from "../format/mpeg-builder.ts";
import { keptLog } from "../mount/fake-input.ts";
import { testMount } from "../support/config.ts";
import { HlsValidator } from "../support/hls/validator.ts";
import { Air, opened, read } from "./hls-rig.ts";
import { fetchFrom } from "./open-routes.ts";
import { framesTape, type Tape, TAPES } from "./tapes.ts";

/** A station with two mounts, which write all the time; what the first writes is silence when it has no programme. */
class Pair implements Disposable {
  readonly air = new Air();
  readonly mount: Mount;
  readonly fallback: Mount;
  readonly hls: HlsStream;
  readonly validator: HlsValidator;
  readonly #fetch;

  constructor(
    readonly own: Tape,
    readonly other: Tape,
  ) {
    const { log } = keptLog();
    const hls = { enabled: true };
    this.mount = new Mount(testMount({ path: "/stream", hls }), log, this.air.wall);
    this.fallback = new Mount(testMount({ path: "/other" }), log, this.air.wall);
    this.hls = new HlsStream(this.mount, this.air);
    for (const [mount, tape] of [[this.mount, own] as const, [this.fallback, other] as const]) {
      tape.input.ready = true;
      mount.attach(tape.input);
    }
    const fetch = fetchFrom([{ mount: this.mount, hls: this.hls }]);
    this.#fetch = fetch;
    this.validator = new HlsValidator({ fetch, nowMs: () => this.air.wallMs, pollMs: 2000 });
  }

  /** The mount has no programme, or one again. */
  send(isAway: boolean): void {
    if (isAway) this.air.fallbacks.set(this.mount, this.fallback);
    else this.air.fallbacks.delete(this.mount);
  }

  async play(seconds: number): Promise<void> {
    for (let at = 0; at < seconds; at++) {
      this.air.wallMs += 1000;
      this.own.play(this.mount, 1, this.air.wallMs);
      this.other.play(this.fallback, 1, this.air.wallMs);
      this.air.tick();
      if (at % 2 === 1 && this.validator.variants.length > 0) await this.validator.poll();
    }
  }

  async frames(name: string): Promise<Buffer> {
    const { status, body } = await this.#fetch(`http://radio/stream/hls/${name}`);
    expect(status).toBe(200);
    return opened(body).frames;
  }

  retitle({ input }: Tape, mount: Mount, title: string): void {
    input.metadata = { title, artist: "" };
    mount.announce(input);
  }

  get list() {
    return read(this.hls.playlist?.text ?? "");
  }

  [Symbol.dispose](): void {
    this.mount.close();
    this.fallback.close();
  }
}

const INDEX = "http://radio/stream/hls/index.m3u8";

const other48 = () =>
  framesTape("playlist", createMpegParser, mpegFrames(400, { bitrate: 64, sampleRate: 48_000 }));

const PAIRS: readonly [string, () => Tape, () => Tape][] = [
  ...["mp3", "aac", "opus", "flac"].map((codec): [string, () => Tape, () => Tape] => {
    const tape = () => TAPES[codec]!("playlist");
    return [codec, tape, tape];
  }),
  ["mp3 of another rate", () => TAPES["mp3"]!("playlist"), other48],
];

describe.each(PAIRS)("a playlist of %s", (_, own, other) => {
  test("goes on with the fallback and back, each time behind a discontinuity", async () => {
    using pair = new Pair(own(), other());
    await pair.play(14);
    await pair.validator.open(INDEX);
    const first = pair.list.discontinuities;
    for (let time = 0; time < 5; time++) {
      for (const isAway of [true, false]) {
        pair.send(isAway);
        await pair.play(27);
        expect(pair.hls.playlist?.lastDiscontinuity).toBe(first + 2 * time + (isAway ? 1 : 2));
      }
    }
    pair.validator.finish();
    expect(pair.validator.problems.slice(0, 20)).toEqual([]);
    expect(pair.validator.segmentCount).toBeGreaterThan((10 * 27) / 6);
    expect(pair.hls.playlist?.isEnded).toBe(false);
  });
});

test("segments and titles are those of the mount that is heard, and its ring holds them", async () => {
  using pair = new Pair(TAPES["mp3"]!("playlist"), other48());
  pair.retitle(pair.own, pair.mount, "Own");
  pair.retitle(pair.other, pair.fallback, "Other");
  await pair.play(20);
  pair.send(true);
  await pair.play(20);
  const last = pair.list.segments.at(-1);
  const head = pair.fallback.ring.head;
  const ofOther = await pair.frames(last?.name ?? "");
  const { memory, capacity } = pair.fallback.ring;
  const written = Buffer.from(memory.subarray(0, Math.min(head, capacity)));
  expect(written.includes(ofOther)).toBe(true);
  expect(pair.list.titles.map((title) => title["X-TITLE"])).toEqual(["Own", "Other"]);
  pair.retitle(pair.own, pair.mount, "Not heard");
  pair.retitle(pair.other, pair.fallback, "Heard");
  await pair.play(10);
  pair.send(false);
  await pair.play(14);
  const titles = pair.list.titles.map((title) => title["X-TITLE"]);
  expect(titles).toEqual(["Own", "Other", "Heard", "Not heard"]);
});

test("a fallback of another codec is not followed: players could not go on in it", async () => {
  using pair = new Pair(TAPES["mp3"]!("playlist"), TAPES["aac"]!("playlist"));
  await pair.play(14);
  pair.send(true);
  await pair.play(14);
  expect(pair.hls.playlist?.facts.name).toBe("mp3");
  expect(pair.hls.playlist?.lastDiscontinuity).toBe(pair.list.discontinuities);
});

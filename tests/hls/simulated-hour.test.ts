// Mounts by HLS for an hour on a simulated clock, seen by the validator through the routes that serve it: a switch between
// live and playlist each minute, a title each ten seconds, and a restart in the middle.
import { describe, expect, test } from "bun:test";
import { HlsStream } from "../../src/hls/hls-stream.ts";
import { Numbering } from "../../src/hls/numbering.ts";
import { windowBytes, windowIn } from "../../src/hls/window-bytes.ts";
import { Mount } from "../../src/mount/mount.ts";
import { keptLog } from "../mount/fake-input.ts";
import { testMount } from "../support/config.ts";
import { type Fetch, HlsValidator } from "../support/hls/validator.ts";
import { Air, keptOf, START_MS } from "./hls-rig.ts";
import { fetchFrom } from "./open-routes.ts";
import { type Tape, TAPES } from "./tapes.ts";

interface Stream {
  readonly codec: string;
  /** Seconds; 0 without parts. */
  readonly part: number;
  readonly minutes: number;
}

/** One run of a mount, with its routes. */
class Run implements Disposable {
  readonly live: Tape;
  readonly playlist: Tape;
  readonly mount: Mount;
  readonly fetch: Fetch;
  readonly #hls: HlsStream;

  constructor(
    { codec, part }: Stream,
    private readonly air: Air,
  ) {
    const tape = TAPES[codec]!;
    [this.live, this.playlist] = [tape("live"), tape("playlist")];
    this.mount = new Mount(testMount({ hls: { enabled: true, part } }), keptLog().log, air.wall);
    this.#hls = new HlsStream(this.mount, air);
    this.fetch = fetchFrom([{ mount: this.mount, hls: this.#hls }]);
    this.playlist.input.ready = true;
    this.mount.attach(this.playlist.input);
  }

  play(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.air.wallMs += 1000;
      const tape = this.live.input.ready ? this.live : this.playlist;
      tape.play(this.mount, 1, this.air.wallMs);
      this.air.tick();
    }
  }

  /** Live comes, or goes. */
  switch(): void {
    const { input } = this.live;
    input.ready = !input.ready;
    if (input.ready) this.mount.attach(input);
    else this.mount.detach(input, this.air.wallMs);
    this.mount.advance(this.air.wallMs);
  }

  retitle(title: string): void {
    const { input } = this.live.input.ready ? this.live : this.playlist;
    input.metadata = { title, artist: "Artist" };
    this.mount.announce(input);
  }

  /** The station stops. Returns what the next one reads. */
  leave(): Uint8Array {
    const window = keptOf(this.#hls, this.air.wallMs);
    this.air.numbering.stop();
    this[Symbol.dispose]();
    return windowBytes(window);
  }

  [Symbol.dispose](): void {
    this.mount.close();
  }
}

/** Not all are seen for an hour. */
const STREAMS: readonly Stream[] = [
  { codec: "mp3", part: 0, minutes: 60 },
  { codec: "aac", part: 0, minutes: 20 },
  { codec: "opus", part: 0, minutes: 60 },
  { codec: "flac", part: 0, minutes: 20 },
  ...["aac", "opus", "flac"].map((codec) => ({ codec, part: 1, minutes: 6 })),
];

const INDEX = "http://radio/stream/hls/index.m3u8";
/** An hour is four seconds on a machine that does nothing else. */
const LIMIT_MS = 120_000;

/** A client reloads more often than it has to. */
const POLL_SECONDS = 2;

/** Both halves have a run of their own; a restart takes three seconds. */
async function validate(stream: Stream) {
  const { minutes } = stream;
  const before = new Air();
  let air = before;
  let run = new Run(stream, air);
  const validator = new HlsValidator({
    fetch: (url, headers) => run.fetch(url, headers),
    nowMs: () => air.wallMs,
    pollMs: POLL_SECONDS * 1000,
  });
  run.play(10);
  await validator.open(INDEX);
  for (let minute = 0; minute < minutes; minute++) {
    if (minute === minutes / 2) {
      const window = run.leave();
      air = restarted(air, window);
      run = new Run(stream, air);
      validator.restarted();
      run.play(10);
    }
    run.switch();
    await playMinute(run, validator, minute);
  }
  run[Symbol.dispose]();
  validator.finish();
  return validator;
}

function restarted({ wallMs, numbering }: Air, window: Uint8Array): Air {
  const air = new Air(START_MS, wallMs + 3000, "later");
  air.numbering = new Numbering(air.wall);
  air.numbering.restore(numbering.noted);
  const kept = windowIn(window);
  air.earlier.set(kept.path, kept);
  return air;
}

async function playMinute(run: Run, validator: HlsValidator, minute: number): Promise<void> {
  for (let at = 0; at < 60; at += POLL_SECONDS) {
    if (at % 10 === 0) run.retitle(`${minute}:${at}`);
    run.play(POLL_SECONDS);
    await validator.poll();
  }
}

describe.each(STREAMS)(
  "a stream of $codec over $minutes minutes, in parts of $part s",
  (stream) => {
    test(
      "has no problem",
      async () => {
        const validator = await validate(stream);
        expect(validator.problems.slice(0, 20)).toEqual([]);
        expect(validator.segmentCount).toBeGreaterThan(stream.minutes * 9.8);
        if (stream.part > 0) expect(validator.partCount).toBeGreaterThan(stream.minutes * 58);
        else expect(validator.partCount).toBe(0);
      },
      LIMIT_MS,
    );
  },
);

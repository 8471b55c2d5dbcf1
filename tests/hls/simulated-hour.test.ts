// Mounts by HLS for an hour on a simulated clock, seen by the validator through the routes that serve it: a switch between
// live and playlist each minute, a title each ten seconds, and a restart in the middle.
import { describe, expect, test } from "bun:test";
import { HlsStream } from "../../src/hls/hls-stream.ts";
import { Numbering } from "../../src/hls/numbering.ts";
import { Mount } from "../../src/mount/mount.ts";
import { keptLog } from "../mount/fake-input.ts";
import { testMount } from "../support/config.ts";
import { type Fetch, HlsValidator } from "../support/hls/validator.ts";
import { Air, START_MS } from "./hls-rig.ts";
import { fetchFrom } from "./open-routes.ts";
import { type Tape, TAPES } from "./tapes.ts";

/** One run of a mount, with its routes. */
class Run implements Disposable {
  readonly live: Tape;
  readonly playlist: Tape;
  readonly mount: Mount;
  readonly fetch: Fetch;

  constructor(
    codec: string,
    private readonly air: Air,
  ) {
    const tape = TAPES[codec]!;
    [this.live, this.playlist] = [tape("live"), tape("playlist")];
    this.mount = new Mount(testMount({ hls: { enabled: true } }), keptLog().log, air.wall);
    const hls = new HlsStream(this.mount, air);
    this.fetch = fetchFrom([{ mount: this.mount, hls }]);
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

  [Symbol.dispose](): void {
    this.mount.close();
  }
}

/** The other containers are seen for less than an hour. */
const MINUTES: Readonly<Record<string, number>> = { mp3: 60, aac: 20, opus: 60, flac: 20 };

const INDEX = "http://radio/stream/hls/index.m3u8";
/** A client reloads more often than it has to. */
const POLL_SECONDS = 2;

/** Both halves have a run of their own; a restart takes three seconds. */
async function validate(codec: string, minutes: number) {
  const before = new Air();
  let air = before;
  let run = new Run(codec, air);
  const validator = new HlsValidator({
    fetch: (url, headers) => run.fetch(url, headers),
    nowMs: () => air.wallMs,
    pollMs: POLL_SECONDS * 1000,
  });
  run.play(10);
  await validator.open(INDEX);
  for (let minute = 0; minute < minutes; minute++) {
    if (minute === minutes / 2) {
      run[Symbol.dispose]();
      air = restarted(air);
      run = new Run(codec, air);
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

function restarted({ wallMs, numbering }: Air): Air {
  const air = new Air(START_MS, wallMs + 3000, "later");
  air.numbering = new Numbering(air.wall);
  numbering.stop();
  air.numbering.restore(numbering.noted);
  return air;
}

async function playMinute(run: Run, validator: HlsValidator, minute: number): Promise<void> {
  for (let at = 0; at < 60; at += POLL_SECONDS) {
    if (at % 10 === 0) run.retitle(`${minute}:${at}`);
    run.play(POLL_SECONDS);
    await validator.poll();
  }
}

describe.each(Object.entries(MINUTES))("a stream of %s over %d minutes", (codec, minutes) => {
  test("has no problem", async () => {
    const validator = await validate(codec, minutes);
    expect(validator.problems.slice(0, 20)).toEqual([]);
    expect(validator.segmentCount).toBeGreaterThan(minutes * 9.8);
  });
});

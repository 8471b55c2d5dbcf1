// Three tones as tracks of a station with a crossfade: what a listener's decoder plays changes from one to the next without
// a gap, and each takes as long as its file less the fade.
import { expect, spyOn, test } from "bun:test";
import { utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { ChildConverter } from "../../src/convert/child-converter.ts";
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import { feed } from "../format/feed.ts";
import { DECODERS, hasMp3Programs, run } from "../format/mpeg/mp3-files.ts";
import { testConfig } from "../support/config.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

const RATE = 44_100;
const TONES = [300, 500, 800] as const;

/** Of each track, and of the fade: a third of what is no jingle. */
const TRACK_SECONDS = 10.5;
const FADE_SECONDS = 3;

const BYTES_A_SECOND = 16_000;
const WINDOW = RATE / 50;
const WINDOW_SECONDS = WINDOW / RATE;

/** How long a machine with much else to do may take to make a seam. */
const PATIENCE_SECONDS = 200;

/** Stands still between pause() and resume(): a station plays nothing meanwhile. */
class PausingClock implements Clock {
  #lostMs = 0;
  #pausedMs: number | null = null;

  nowMs(): number {
    return (this.#pausedMs ?? systemClock.nowMs()) - this.#lostMs;
  }

  pause(): void {
    this.#pausedMs ??= systemClock.nowMs();
  }

  resume(): void {
    if (this.#pausedMs !== null) this.#lostMs += systemClock.nowMs() - this.#pausedMs;
    this.#pausedMs = null;
  }
}

/** Lets time stand still while a seam is being made: neither the fades nor the test may depend on how long a busy machine
 * takes to make one. */
function timelessSeams(clock: PausingClock) {
  const { seam } = ChildConverter.prototype;
  const pairs: string[] = [];
  let pending = 0;
  const done = () => --pending === 0 && clock.resume();
  const spy = spyOn(ChildConverter.prototype, "seam").mockImplementation(async function (
    this: ChildConverter,
    wish,
  ) {
    pending++;
    clock.pause();
    try {
      return await seam.call(this, wish);
    } finally {
      pairs.push(`${basename(wish.from.path)} ${basename(wish.to.path)}`);
      // Whoever asked gets the answer before time goes on.
      setImmediate(done);
    }
  });
  return { pairs, [Symbol.dispose]: () => spy.mockRestore() };
}

/** "1.mp3" and so on: one tone each, equally loud. */
async function writeTones(folder: string): Promise<void> {
  for (const [i, hertz] of TONES.entries()) {
    const path = join(folder, `${i + 1}.mp3`);
    const source = `aevalsrc='0.2*sin(2*PI*${hertz}*t)|0.2*sin(2*PI*${hertz}*t)':s=${RATE}:d=${TRACK_SECONDS}`;
    const wav = await run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-f", "wav", "-"]);
    await run(["lame", "--quiet", "-b", "128", "-", path], wav);
    // One that was written just now might still grow.
    const lately = Date.now() / 1000 - 60;
    await utimes(path, lately, lately);
  }
}

/** Amplitude of a tone in the window that begins at `from`. */
function toneIn(samples: Float32Array, from: number, hertz: number): number {
  let [re, im] = [0, 0];
  for (let i = 0; i < WINDOW; i++) {
    const angle = (2 * Math.PI * hertz * i) / RATE;
    re += (samples[(from + i) * 2] ?? 0) * Math.cos(angle);
    im += (samples[(from + i) * 2] ?? 0) * Math.sin(angle);
  }
  return (2 * Math.hypot(re, im)) / WINDOW;
}

/** Window by window, the amplitudes of the tones. */
function tonesOf(samples: Float32Array): number[][] {
  const windows = Math.floor(samples.length / 2 / WINDOW);
  return Array.from({ length: windows }, (_, i) =>
    TONES.map((hertz) => toneIn(samples, i * WINDOW, hertz)),
  );
}

test.skipIf(!hasMp3Programs)(
  "three tracks are heard fading into each other",
  async () => {
    await using music = await scratch();
    await using state = await scratch();
    await writeTones(music.path);
    const clock = new PausingClock();
    using seams = timelessSeams(clock);
    const playlist = { directory: music.path, crossfade: FADE_SECONDS, trimSilence: 0.5 } as const;
    const config = testConfig([{ burstSeconds: 1, playlist }]);
    const library = { ...config.library, directory: state.path };
    await using radio = await startStation({ ...config, library }, clock);
    using listener = await Wire.listen(radio.sourcePort, "/stream");
    const seconds = 2 * (TRACK_SECONDS - FADE_SECONDS) + FADE_SECONDS + 1;
    const isHeard = () => listener.body.length > seconds * BYTES_A_SECOND;
    await until("the third is heard alone", isHeard, PATIENCE_SECONDS);
    expect(seams.pairs).toContain("1.mp3 2.mp3");
    expect(seams.pairs).toContain("2.mp3 3.mp3");
    expect(radio.logged.filter((line) => /skipped|silence|behind/.test(line))).toEqual([]);
    const { frames, garbageBytes } = feed(createMpegParser(), [listener.body]);
    // The last frame may be cut off.
    expect(garbageBytes).toBeLessThan(1500);
    for (const { decode } of DECODERS) expectFades(tonesOf(await decode(frames, music.path)));
  },
  240_000,
);

/** What was heard from the first window on, which has the first track. */
function expectFades(windows: number[][]): void {
  const sounding = windows.slice(4, -4);
  // Two tones at equal power are as loud as one: a gap or a click would show here.
  const power = sounding.map((tones) => Math.hypot(...tones));
  const median = power.toSorted((a, b) => a - b)[power.length >> 1] ?? 0;
  expect(Math.min(...power)).toBeGreaterThan(median * 0.7);
  expect(Math.max(...power)).toBeLessThan(median * 1.4);
  // Where a tone becomes louder than the one before it is the middle of the fade.
  const middles = [0, 1].map((i) =>
    windows.findIndex(
      (tones) => (tones[i + 1] ?? 0) > (tones[i] ?? 0) && (tones[i + 1] ?? 0) > median / 2,
    ),
  );
  const [one = 0, two = 0] = middles;
  const between = (two - one) * WINDOW_SECONDS;
  // To a frame and a window.
  expect(Math.abs(between - (TRACK_SECONDS - FADE_SECONDS))).toBeLessThan(0.06);
  const alone = Math.round((FADE_SECONDS / 2 + 0.1) / WINDOW_SECONDS);
  for (const [i, at] of middles.entries()) {
    expect(windows[at - alone]?.[i + 1]).toBeLessThan(median * 0.02);
    expect(windows[at + alone]?.[i]).toBeLessThan(median * 0.02);
  }
}

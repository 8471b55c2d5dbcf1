// What is in a recording of tones that follow each other: which, from when to when, how loud, and what is missing between.
import { run } from "../format/mpeg/mp3-files.ts";

/** Two channels in turn, 44.1 kHz. */
export type Recording = Float32Array;

export interface HeardTone {
  readonly hertz: number;
  /** Seconds from the recording's start. */
  readonly from: number;
  readonly to: number;
}

const RATE = 44_100;

/** Long enough to tell tones apart that differ by 90 Hz, and how far it moves each time. */
const WINDOW = 880;
const STEP = 440;

/** One sample of so many is enough for tones below 2 kHz. */
const EVERY = 4;

/** A period of the lowest tone. */
const PERIOD = 100;

/** Between two sounds; a sine of full level is never that quiet for longer. */
const SHORTEST_GAP_MS = 1;

/** The tones in the order in which they are heard. */
export function tonesIn(recording: Recording, known: readonly number[]): HeardTone[] {
  const samples = leftOf(recording, EVERY);
  const heard: HeardTone[] = [];
  const window = WINDOW / EVERY;
  for (let at = 0; at + window <= samples.length; at += STEP / EVERY) {
    const hertz = toneOf(samples.subarray(at, at + window), known);
    const last = heard.at(-1);
    const from = (at * EVERY) / RATE;
    const to = from + WINDOW / RATE;
    if (hertz !== null && last?.hertz === hertz) heard[heard.length - 1] = { ...last, to };
    else if (hertz !== null) heard.push({ hertz, from, to });
  }
  return heard;
}

/** Milliseconds of each stretch between sounds in which less than half of the level is heard, on average over `window`
 * samples: where two tones sound at once, there are beats. */
export function gapsBetween(recording: Recording, window = PERIOD): number[] {
  const samples = leftOf(recording);
  const energies = new Float64Array(samples.length + 1);
  for (let i = 0; i < samples.length; i++)
    energies[i + 1] = (energies[i] ?? 0) + (samples[i] ?? 0) ** 2;
  const mean = (from: number, to: number) =>
    ((energies[to] ?? 0) - (energies[from] ?? 0)) / (to - from);
  const least = mean(0, samples.length) / 4;
  const gaps: number[] = [];
  let lastLoud = -1;
  for (let at = 0; at + window < samples.length; at++) {
    if (mean(at, at + window) < least) continue;
    if (lastLoud >= 0) gaps.push(((at - lastLoud) / RATE) * 1000);
    lastLoud = at;
  }
  return gaps.filter((ms) => ms > SHORTEST_GAP_MS);
}

/** Integrated loudness in LUFS, as ffmpeg measures it, of a part of a recording. */
export async function loudnessOf(recording: Recording, { from, to }: HeardTone): Promise<number> {
  const part = partFrom(recording, from).slice(0, 2 * Math.round((to - from) * RATE));
  const input = `-f f32le -ar ${RATE} -ac 2 -i -`.split(" ");
  const measure = ["-af", "ebur128=metadata=1,ametadata=print:file=-", "-f", "null", "/dev/null"];
  const command = ["ffmpeg", "-v", "quiet", ...input, ...measure];
  const printed = await run(command, new Uint8Array(part.buffer));
  const values = Buffer.from(printed)
    .toString()
    .matchAll(/lavfi\.r128\.I=(\S+)/g);
  return Number([...values].at(-1)?.[1]);
}

export function partFrom(recording: Recording, seconds: number): Recording {
  return recording.subarray(2 * Math.round(seconds * RATE));
}

/** The left channel, or one of so many of its samples. */
function leftOf(recording: Recording, every = 1): Float32Array {
  const samples = new Float32Array(Math.ceil(recording.length / (2 * every)));
  for (let i = 0; i < samples.length; i++) samples[i] = recording[2 * every * i] ?? 0;
  return samples;
}

/** null if the window has no one tone. */
function toneOf(window: Float32Array, known: readonly number[]): number | null {
  let energy = 0;
  for (const sample of window) energy += sample * sample;
  const powers = known.map((hertz) => powerAt(window, hertz));
  const most = Math.max(...powers);
  // All of the energy of a tone is at its frequency.
  const isTone = energy > 1e-6 * window.length && (2 * most) / window.length > 0.5 * energy;
  return isTone ? (known[powers.indexOf(most)] ?? null) : null;
}

/** By Goertzel's recursion. */
function powerAt(window: Float32Array, hertz: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hertz * EVERY) / RATE);
  let [last, before] = [0, 0];
  for (const sample of window) [last, before] = [sample + factor * last - before, last];
  return last * last + before * before - factor * last * before;
}

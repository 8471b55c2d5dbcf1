// True peak by ITU-R BS.1770-4: the highest value between the samples too, found at four times the sample rate.
import type { Pcm } from "./pcm.ts";

/** Samples that each value in between depends on. */
const TAPS = 12;

/** From this rate on, two values a sample are enough; from twice this rate, one. */
const FINE_RATE = 96_000;

function factorOf(sampleRate: number): number {
  if (sampleRate >= 2 * FINE_RATE) return 1;
  return sampleRate >= FINE_RATE ? 2 : 4;
}

/** The filters for the places between two samples: a sinc under a Hann window. */
function filtersOf(sampleRate: number): Float64Array[] {
  const factor = factorOf(sampleRate);
  return Array.from({ length: factor - 1 }, (_, index) => {
    const offset = (index + 1) / factor;
    return Float64Array.from({ length: TAPS }, (_, tap) => {
      const distance = tap - (TAPS / 2 - 1) - offset;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / (TAPS / 2 + 0.5));
      return (window * Math.sin(Math.PI * distance)) / (Math.PI * distance);
    });
  });
}

export class TruePeak {
  readonly #filters: readonly Float64Array[];
  /** The last samples of each channel, in front of the piece that follows. */
  readonly #work: Float32Array[];
  #peak = 0;

  constructor(sampleRate: number, channels: number) {
    this.#filters = filtersOf(sampleRate);
    this.#work = Array.from({ length: channels }, () => new Float32Array(TAPS));
  }

  add({ channels }: Pcm): void {
    for (const [at, samples] of channels.entries()) this.#addChannel(at, samples);
  }

  /** What was added so far counts only as what goes before: audio that begins in the middle has edges of its own. */
  restart(): void {
    this.#peak = 0;
  }

  /** dBTP; null for silence. */
  get decibels(): number | null {
    return this.#peak === 0 ? null : 20 * Math.log10(this.#peak);
  }

  #addChannel(at: number, samples: Float32Array): void {
    const needed = TAPS + samples.length;
    const held = this.#work[at] ?? new Float32Array(TAPS);
    const work = held.length >= needed ? held : new Float32Array(needed);
    if (work !== held) work.set(held.subarray(0, TAPS));
    work.set(samples, TAPS);
    this.#peak = Math.max(this.#peak, highest(work.subarray(TAPS, needed)));
    for (const filter of this.#filters) {
      this.#peak = Math.max(this.#peak, highestBetween(work, samples.length, filter));
    }
    work.copyWithin(0, samples.length, needed);
    this.#work[at] = work;
  }
}

function highest(samples: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i] ?? 0));
  return peak;
}

function highestBetween(work: Float32Array, count: number, filter: Float64Array): number {
  let peak = 0;
  for (let i = 1; i <= count; i++) {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++) sum += (filter[tap] ?? 0) * (work[i + tap] ?? 0);
    peak = Math.max(peak, Math.abs(sum));
  }
  return peak;
}

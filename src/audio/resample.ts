// Changes the sample rate with a windowed sinc: 80 dB down beyond half the lower rate. Sample 0 stays at time 0.
import { lengthOf, type Pcm, type PcmStream } from "./pcm.ts";

/** Zero crossings of the sinc on each side; more make the slope steeper. */
const CROSSINGS = 32;

/** The Kaiser window's: 80 dB. */
const BETA = 7.86;

/** Middle of the slope, as a share of half the lower rate: what it lets pass ends 1 kHz below 20 kHz at 44.1 kHz. */
const CUTOFF = 0.925;

/** Places between two samples with a filter of their own. Rates with a common divisor never need more. */
const MAX_PHASES = 1024;

export class Resampler {
  readonly #step: number;
  readonly #phases: number;
  readonly #taps: number;
  readonly #filters: Float32Array;
  /** Per channel: samples from #start on, counted from the first one of all. */
  #held: Float32Array[] = [];
  #start: number;
  #end = 0;
  /** Samples returned so far. */
  #count = 0;

  /** Hz. */
  constructor(
    private readonly from: number,
    private readonly to: number,
  ) {
    const scale = Math.min(1, to / from);
    const half = Math.ceil(CROSSINGS / scale);
    this.#step = from / to;
    this.#phases = Math.min(MAX_PHASES, to / commonDivisor(from, to));
    this.#taps = 2 * half;
    this.#filters = filters(this.#phases, half, scale * CUTOFF);
    this.#start = -half;
  }

  add(pcm: Pcm): Pcm {
    this.#hold(pcm.channels, lengthOf(pcm));
    return this.#take(this.#end - this.#taps / 2);
  }

  /** The last samples. */
  finish(): Pcm {
    const end = this.#end;
    this.#hold(
      this.#held.map(() => new Float32Array(this.#taps)),
      this.#taps,
    );
    return this.#take(end);
  }

  #hold(channels: readonly Float32Array[], length: number): void {
    const kept = this.#end - this.#start;
    this.#held = channels.map((samples, at) => {
      const joined = new Float32Array(kept + length);
      joined.set(this.#held[at] ?? []);
      joined.set(samples, kept);
      return joined;
    });
    this.#end += length;
  }

  /** What stands before sample `end` of the input. */
  #take(end: number): Pcm {
    const count = Math.max(0, Math.ceil((end * this.to) / this.from) - this.#count);
    const channels = this.#held.map((samples) => this.#filtered(samples, count));
    this.#count += count;
    this.#forget();
    return { sampleRate: this.to, channels };
  }

  #filtered(samples: Float32Array, count: number): Float32Array {
    const filtered = new Float32Array(count);
    const before = this.#taps / 2 - 1 + this.#start;
    for (let i = 0; i < count; i++) {
      const place = (this.#count + i) * this.#step;
      const whole = Math.floor(place);
      const phase = Math.round((place - whole) * this.#phases);
      filtered[i] = this.#sum(samples, whole - before, phase * this.#taps);
    }
    return filtered;
  }

  #sum(samples: Float32Array, first: number, filter: number): number {
    const [taps, filters] = [this.#taps, this.#filters];
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      sum += (filters[filter + tap] ?? 0) * (samples[first + tap] ?? 0);
    }
    return sum;
  }

  #forget(): void {
    const first = Math.floor(this.#count * this.#step) - this.#taps / 2;
    const drop = Math.max(0, Math.min(first, this.#end) - this.#start);
    this.#held = this.#held.map((samples) => samples.slice(drop));
    this.#start += drop;
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** One filter per phase and one more, for a place that rounds up to the next sample. */
function filters(phases: number, half: number, cutoff: number): Float32Array {
  const taps = 2 * half;
  const all = new Float32Array((phases + 1) * taps);
  for (let phase = 0; phase <= phases; phase++) {
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - (half - 1) - phase / phases;
      all[phase * taps + tap] = cutoff * sinc(cutoff * distance) * kaiser(distance / half);
    }
  }
  return all;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA);
}

/** The modified Bessel function of order 0. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Pieces at this sample rate, whatever theirs. */
export async function* resampled(pieces: PcmStream, sampleRate: number): AsyncGenerator<Pcm> {
  let resampler: Resampler | null = null;
  let from = sampleRate;
  for await (const pcm of pieces) {
    if (pcm.sampleRate !== from) {
      if (resampler !== null) yield resampler.finish();
      from = pcm.sampleRate;
      resampler = from === sampleRate ? null : new Resampler(from, sampleRate);
    }
    yield resampler === null ? pcm : resampler.add(pcm);
  }
  if (resampler !== null) yield resampler.finish();
}

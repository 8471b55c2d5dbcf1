// Measures audio as it streams by: duration, loudness, true peak, and where the sound begins and ends.
import { Loudness } from "./loudness.ts";
import { lengthOf, type Pcm } from "./pcm.ts";
import { TruePeak } from "./true-peak.ts";

/** Quieter than this is no sound: -60 dBFS. */
const SOUND = 0.001;

/** A fade has begun where the loudness stays this far below the track's for the rest of it. */
const FADE_LU = 10;

export interface Measured {
  /** Exact, without what an encoder put in front or behind. */
  readonly seconds: number;
  /** Hz, from the first piece. */
  readonly sampleRate: number;
  /** From the first piece. */
  readonly channels: number;
  /** LUFS, integrated; null for silence and for less than 400 ms. */
  readonly loudness: number | null;
  /** dBTP; null for silence. */
  readonly truePeak: number | null;
  /** Seconds from the start to the first sound; 0 for silence. */
  readonly cueIn: number;
  /** Seconds from the start to the end of the last sound; all of it for silence. */
  readonly cueOut: number;
  /** Seconds from the start: nothing after it is nearly as loud as the track; at most cueOut. */
  readonly fadeFrom: number;
}

export class PcmMeter {
  #format: { readonly sampleRate: number; readonly channels: number } | null = null;
  #loudness: Loudness | null = null;
  #peak: TruePeak | null = null;
  /** Of pieces at earlier sample rates. */
  #secondsBefore = 0;
  #samples = 0;
  #rate = 1;
  #cueIn: number | null = null;
  #cueOut: number | null = null;

  add(pcm: Pcm): void {
    this.#begin(pcm);
    const before = this.#seconds;
    this.#loudness?.add(pcm);
    this.#peak?.add(pcm);
    const first = pcm.channels.map((samples) => samples.findIndex(isSound)).filter((at) => at >= 0);
    const last = Math.max(...pcm.channels.map((samples) => samples.findLastIndex(isSound)));
    if (first.length > 0) this.#cueIn ??= before + Math.min(...first) / pcm.sampleRate;
    if (last >= 0) this.#cueOut = before + (last + 1) / pcm.sampleRate;
    this.#samples += lengthOf(pcm);
  }

  get #seconds(): number {
    return this.#secondsBefore + this.#samples / this.#rate;
  }

  get measured(): Measured {
    const cueOut = this.#cueOut ?? this.#seconds;
    const loudness = this.#loudness?.integrated ?? null;
    return {
      seconds: this.#seconds,
      sampleRate: this.#format?.sampleRate ?? 0,
      channels: this.#format?.channels ?? 0,
      loudness,
      truePeak: this.#peak?.decibels ?? null,
      cueIn: this.#cueIn ?? 0,
      cueOut,
      fadeFrom: Math.min(cueOut, this.#fadeFrom(loudness)),
    };
  }

  /** The few files whose rate or channels change are measured by their first part. */
  #begin({ sampleRate, channels: { length } }: Pcm): void {
    if (sampleRate !== this.#rate) this.#changeRate(sampleRate);
    if (this.#format?.sampleRate === sampleRate && this.#format.channels === length) return;
    if (this.#format !== null) {
      this.#loudness = this.#peak = null;
      return;
    }
    this.#format = { sampleRate, channels: length };
    this.#loudness = new Loudness(sampleRate, length);
    this.#peak = new TruePeak(sampleRate, length);
  }

  #changeRate(sampleRate: number): void {
    this.#secondsBefore = this.#seconds;
    this.#samples = 0;
    this.#rate = sampleRate;
  }

  #fadeFrom(loudness: number | null): number {
    if (loudness === null || this.#loudness === null) return this.#seconds;
    const { curve, stepsPerSecond } = this.#loudness;
    const last = curve.findLastIndex((lufs) => lufs > loudness - FADE_LU);
    return last < 0 ? this.#seconds : (last + 1) / stepsPerSecond;
  }
}

function isSound(sample: number): boolean {
  return sample > SOUND || sample < -SOUND;
}

// Integrated loudness by ITU-R BS.1770-4 as audio streams by, and its curve in steps of 100 ms.
import { KWeighting } from "./k-weighting.ts";
import { lengthOf, type Pcm } from "./pcm.ts";

const STEPS_PER_SECOND = 10;

/** A gating block has four steps, of which three are the next one's too. */
const STEPS_PER_BLOCK = 4;

const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;

/** Below full scale, of a mean square of 1. */
const OFFSET_LUFS = -0.691;

/** All pieces must have the sample rate and channels given here. */
export class Loudness {
  readonly #filters: readonly KWeighting[];
  readonly #stepSamples: number;
  /** Mean squares of the whole steps, summed over the channels. */
  readonly #steps: number[] = [];
  #sum = 0;
  #count = 0;

  constructor(sampleRate: number, channels: number) {
    this.#filters = Array.from({ length: channels }, () => new KWeighting(sampleRate));
    this.#stepSamples = Math.round(sampleRate / STEPS_PER_SECOND);
  }

  add(pcm: Pcm): void {
    const length = lengthOf(pcm);
    for (let from = 0; from < length;) {
      const to = Math.min(length, from + this.#stepSamples - this.#count);
      for (const [at, filter] of this.#filters.entries()) {
        const samples = pcm.channels[at];
        if (samples !== undefined) this.#sum += filter.energy(samples, from, to);
      }
      this.#count += to - from;
      if (this.#count === this.#stepSamples) this.#endStep();
      from = to;
    }
  }

  #endStep(): void {
    this.#steps.push(this.#sum / this.#stepSamples);
    this.#sum = this.#count = 0;
  }

  /** LUFS; null for less than 400 ms and for silence. */
  get integrated(): number | null {
    const blocks = this.#blocks().filter((energy) => lufs(energy) > ABSOLUTE_GATE_LUFS);
    const gate = lufs(mean(blocks)) + RELATIVE_GATE_LU;
    const loud = blocks.filter((energy) => lufs(energy) > gate);
    return loud.length === 0 ? null : lufs(mean(loud));
  }

  /** LUFS of each 100 ms; -Infinity for silence. */
  get curve(): readonly number[] {
    return this.#steps.map(lufs);
  }

  /** The curve's steps a second. */
  get stepsPerSecond(): number {
    return STEPS_PER_SECOND;
  }

  #blocks(): number[] {
    const blocks: number[] = [];
    for (let end = STEPS_PER_BLOCK; end <= this.#steps.length; end++) {
      let sum = 0;
      for (let at = end - STEPS_PER_BLOCK; at < end; at++) sum += this.#steps[at] ?? 0;
      blocks.push(sum / STEPS_PER_BLOCK);
    }
    return blocks;
  }
}

function lufs(energy: number): number {
  return OFFSET_LUFS + 10 * Math.log10(energy);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

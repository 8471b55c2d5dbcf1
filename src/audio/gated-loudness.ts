// Pure: loudness by ITU-R BS.1770-4 of audio without an end, from its steps of 100 ms, in bounded memory.

const STEPS_PER_BLOCK = 4;

/** Short-term loudness by EBU Tech 3341: three seconds. */
const SHORT_TERM_STEPS = 30;

const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;

/** Blocks are counted in classes as wide as this, so the relative gate is as exact. */
const CLASS_LU = 0.1;
const LOUDEST_LUFS = 10;
const CLASSES = (LOUDEST_LUFS - ABSOLUTE_GATE_LUFS) / CLASS_LU;

export class GatedLoudness {
  /** Gating blocks by class, and their energy. */
  readonly #counts = new Float64Array(CLASSES);
  readonly #sums = new Float64Array(CLASSES);
  /** Energies of the latest steps, the last one last; without a gap. */
  #steps: readonly number[] = [];

  /** LUFS of further steps of 100 ms; `isGap`: something between them and the ones before is not known. */
  add(steps: readonly number[], isGap = false): void {
    if (isGap) this.#steps = [];
    for (const lufs of steps) {
      this.#steps = [...this.#steps, energyOf(lufs)].slice(-SHORT_TERM_STEPS);
      if (this.#steps.length >= STEPS_PER_BLOCK)
        this.#count(mean(this.#steps.slice(-STEPS_PER_BLOCK)));
    }
  }

  /** LUFS of the last three seconds, as far as known; null for silence. */
  get shortTerm(): number | null {
    const lufs = lufsOf(mean(this.#steps));
    return this.#steps.length > 0 && lufs > ABSOLUTE_GATE_LUFS ? lufs : null;
  }

  /** LUFS of all of it; null for silence, and for less than 400 ms. */
  get integrated(): number | null {
    const all = this.#meanFrom(0);
    if (all === null) return null;
    const gate = Math.max(0, classOf(lufsOf(all) + RELATIVE_GATE_LU));
    const loud = this.#meanFrom(gate);
    return loud === null ? null : lufsOf(loud);
  }

  #count(energy: number): void {
    const at = classOf(lufsOf(energy));
    if (at < 0) return;
    const index = Math.min(at, CLASSES - 1);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sums[index] = (this.#sums[index] ?? 0) + energy;
  }

  /** The mean energy of the blocks from a class on. */
  #meanFrom(first: number): number | null {
    let [sum, count] = [0, 0];
    for (let at = first; at < CLASSES; at++) {
      count += this.#counts[at] ?? 0;
      sum += this.#sums[at] ?? 0;
    }
    return count === 0 ? null : sum / count;
  }
}

function classOf(lufs: number): number {
  return Math.floor((lufs - ABSOLUTE_GATE_LUFS) / CLASS_LU);
}

function energyOf(lufs: number): number {
  return 10 ** (lufs / 10);
}

function lufsOf(energy: number): number {
  return 10 * Math.log10(energy);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

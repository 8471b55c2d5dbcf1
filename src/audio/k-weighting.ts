// The filter of ITU-R BS.1770-4 that weighs frequencies as ears do, at any sample rate: a shelf, then a high-pass.

/** One second-order section, in direct form; a0 is 1. */
interface Section {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/** The standard gives coefficients for 48 kHz only: these are the analog prototypes they come from. */
function shelf(sampleRate: number): Section {
  const q = 0.7071752369554196;
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b0: (high + (band * k) / q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (band * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  };
}

function highPass(sampleRate: number): Section {
  const q = 0.5003270373238773;
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const a0 = 1 + k / q + k * k;
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 };
}

/** The filter of one channel. */
export class KWeighting {
  readonly #first: Section;
  readonly #second: Section;
  // Two delayed values of each section, in transposed form.
  #s1 = 0;
  #s2 = 0;
  #t1 = 0;
  #t2 = 0;

  constructor(sampleRate: number) {
    this.#first = shelf(sampleRate);
    this.#second = highPass(sampleRate);
  }

  /** The sum of squares of the weighted samples. */
  energy(samples: Float32Array, from: number, to: number): number {
    const { b0, b1, b2, a1, a2 } = this.#first;
    const { a1: c1, a2: c2 } = this.#second;
    let [s1, s2, t1, t2, sum] = [this.#s1, this.#s2, this.#t1, this.#t2, 0];
    for (let i = from; i < to; i++) {
      const x = samples[i] ?? 0;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      const z = y + t1;
      t1 = -2 * y - c1 * z + t2;
      t2 = y - c2 * z;
      sum += z * z;
    }
    [this.#s1, this.#s2, this.#t1, this.#t2] = [s1, s2, t1, t2];
    return sum;
  }
}

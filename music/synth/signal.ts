// Sample buffers and the small arithmetic every voice and effect shares; all audio is 44.1 kHz, nominally -1 to 1.

export const sampleRate = 44_100;
export const tau = 2 * Math.PI;

export interface Stereo {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** Uniform in 0 to 1. */
export type Random = () => number;

export function samplesIn(seconds: number): number {
  return Math.round(seconds * sampleRate);
}

export function silence(seconds: number): Stereo {
  const length = samplesIn(seconds);
  return { left: new Float32Array(length), right: new Float32Array(length) };
}

/** Mulberry32: the same seed gives the same piece on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Samples of a function of time in seconds. */
export function render(seconds: number, sampleAt: (time: number) => number): Float32Array {
  const samples = new Float32Array(samplesIn(seconds));
  for (let i = 0; i < samples.length; i++) samples[i] = sampleAt(i / sampleRate);
  return samples;
}

export function noise(random: Random): number {
  return random() * 2 - 1;
}

/** Corrects the step of a saw or pulse so that it does not alias (polyBLEP). */
function stepCorrection(phase: number, step: number): number {
  if (phase < step) return 2 * (phase / step) - (phase / step) ** 2 - 1;
  if (phase > 1 - step) return ((phase - 1) / step + 1) ** 2;
  return 0;
}

/** Band-limited saw; `phase` in 0 to 1, `step` is the phase advance per sample. */
export function saw(phase: number, step: number): number {
  return 2 * phase - 1 - stepCorrection(phase, step);
}

/** Band-limited pulse that is high for `duty` of each period. */
export function pulse(phase: number, step: number, duty: number): number {
  const rise = stepCorrection(phase, step);
  const fall = stepCorrection((phase + 1 - duty) % 1, step);
  return (phase < duty ? 1 : -1) + rise - fall;
}

export interface Envelope {
  readonly attack: number;
  readonly decay: number;
  /** Level held until the key is let go, 0 to 1. */
  readonly sustain: number;
  readonly release: number;
}

/** Level of a key held for `held` seconds, as a function of time; times are in seconds. */
export function envelope(shape: Envelope, held: number): (time: number) => number {
  const whileHeld = (time: number): number => {
    if (time < shape.attack) return time / shape.attack;
    const fall = Math.exp((-4 * (time - shape.attack)) / shape.decay);
    return shape.sustain + (1 - shape.sustain) * fall;
  };
  const atRelease = whileHeld(held);
  return (time) => {
    if (time < held) return whileHeld(time);
    return atRelease * Math.max(0, 1 - (time - held) / shape.release) ** 2;
  };
}

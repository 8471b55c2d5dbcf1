// Second-order filters (the audio-EQ cookbook's forms), run in place over a buffer.

import { sampleRate, tau } from "./signal.ts";

export type FilterKind = "lowpass" | "highpass" | "bandpass";

interface Coefficients {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

function numerators(kind: FilterKind, cosine: number, alpha: number): [number, number, number] {
  if (kind === "bandpass") return [alpha, 0, -alpha];
  const sign = kind === "lowpass" ? -1 : 1;
  const edge = (1 + sign * cosine) / 2;
  return [edge, -sign * 2 * edge, edge];
}

function coefficients(kind: FilterKind, hertz: number, q: number): Coefficients {
  const omega = (tau * Math.min(hertz, sampleRate * 0.45)) / sampleRate;
  const alpha = Math.sin(omega) / (2 * q);
  const [b0, b1, b2] = numerators(kind, Math.cos(omega), alpha);
  const a0 = 1 + alpha;
  return {
    b0: b0 / a0,
    b1: b1 / a0,
    b2: b2 / a0,
    a1: (-2 * Math.cos(omega)) / a0,
    a2: (1 - alpha) / a0,
  };
}

/** One sample at a time, so that a voice can move the cutoff while it sounds. */
export function sweepingFilter(
  kind: FilterKind,
  q = Math.SQRT1_2,
): (input: number, hertz: number) => number {
  let [x1, x2, y1, y2, current] = [0, 0, 0, 0, -1];
  let c = coefficients(kind, 1000, q);
  return (input, hertz) => {
    if (hertz !== current) c = coefficients(kind, (current = hertz), q);
    const output = c.b0 * input + c.b1 * x1 + c.b2 * x2 - c.a1 * y1 - c.a2 * y2;
    [x2, x1, y2, y1] = [x1, input, y1, output];
    return output;
  };
}

/** Filters a buffer in place and hands it back. */
export function filter(
  samples: Float32Array,
  kind: FilterKind,
  hertz: number,
  q = Math.SQRT1_2,
): Float32Array {
  const run = sweepingFilter(kind, q);
  for (let i = 0; i < samples.length; i++) samples[i] = run(samples[i] ?? 0, hertz);
  return samples;
}

// The last step of a piece: fades at both ends, and a limiter no sample gets past.

import { samplesIn } from "./signal.ts";
import type { Stereo } from "./signal.ts";

const lookaheadSamples = samplesIn(0.005);
const releasePerSample = 1 / samplesIn(0.12);

/** Gain each sample needs so that `ceiling` holds, with an immediate fall and a slow recovery. */
function neededGain(input: Stereo, gain: number, ceiling: number): Float32Array {
  let current = 1;
  return input.left.map((left, i) => {
    const peak = Math.max(Math.abs(left), Math.abs(input.right[i] ?? 0)) * gain;
    const needed = peak > ceiling ? ceiling / peak : 1;
    current = Math.min(needed, current + (1 - current) * releasePerSample * 4);
    return current;
  });
}

/** Lowest value among the next `width` samples, for each sample. */
function minimumAhead(values: Float32Array, width: number): Float32Array {
  const lowest = new Float32Array(values.length);
  const queue: number[] = [];
  let head = 0;
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i] ?? 1;
    while (queue.length > head && (values[queue.at(-1) ?? 0] ?? 1) >= value) queue.pop();
    queue.push(i);
    if ((queue[head] ?? 0) > i + width) head++;
    lowest[i] = values[queue[head] ?? i] ?? 1;
  }
  return lowest;
}

/** Mean of the last `width` values: turns the limiter's steps into ramps. */
function smooth(values: Float32Array, width: number): Float32Array {
  let sum = (values[0] ?? 1) * width;
  return values.map((value, i) => {
    sum += value - (values[Math.max(0, i - width)] ?? 1);
    return Math.min(1, sum / width);
  });
}

/**
 * Amplifies by `gain` and keeps every sample within `ceiling`.
 * The ramp down ends where the peak is, because the minimum looks as far ahead as the mean looks back.
 */
export function limit(input: Stereo, gain: number, ceiling: number): Stereo {
  const ahead = minimumAhead(neededGain(input, gain, ceiling), lookaheadSamples);
  const ramp = smooth(ahead, lookaheadSamples);
  const apply = (samples: Float32Array): Float32Array =>
    samples.map((sample, i) => {
      const limited = sample * gain * (ramp[i] ?? 1);
      return Math.max(-ceiling, Math.min(ceiling, limited));
    });
  return { left: apply(input.left), right: apply(input.right) };
}

/** Fades both ends with a raised cosine; times are in seconds. */
export function fade(input: Stereo, fadeIn: number, fadeOut: number): Stereo {
  const length = input.left.length;
  const curve = (share: number): number => 0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, share));
  const level = (i: number): number =>
    curve(i / samplesIn(fadeIn)) * curve((length - 1 - i) / samplesIn(fadeOut));
  return {
    left: input.left.map((sample, i) => sample * level(i)),
    right: input.right.map((sample, i) => sample * level(i)),
  };
}

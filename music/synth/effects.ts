// Rooms, echoes and the mastering chain; every effect takes a stereo buffer and returns a new one of the same length.

import { filter } from "./filter.ts";
import { sampleRate, samplesIn, tau } from "./signal.ts";
import type { Stereo } from "./signal.ts";

// Mutually prime lengths (samples) keep the echoes of the eight lines from falling together.
const roomLengths = [1433, 1601, 1867, 2053, 2251, 2399, 2617, 2797] as const;

export interface Room {
  /** Seconds to fall by 60 dB. */
  readonly seconds: number;
  /** Share of treble lost on each pass, 0 to 1. */
  readonly damping: number;
  readonly size: number;
}

interface DelayLine {
  readonly samples: Float32Array;
  readonly gain: number;
  at: number;
  damped: number;
}

function roomLines(room: Room): DelayLine[] {
  return roomLengths.map((length) => {
    const size = Math.round(length * room.size);
    const gain = 10 ** ((-3 * size) / sampleRate / room.seconds);
    return { samples: new Float32Array(size), gain, at: 0, damped: 0 };
  });
}

/** Feedback delay network of eight lines, mixed by a Householder reflection; wet signal only. */
export function reverb(input: Stereo, room: Room): Stereo {
  const lines = roomLines(room);
  const left = new Float32Array(input.left.length);
  const right = new Float32Array(input.left.length);
  for (let i = 0; i < left.length; i++) {
    let sum = 0;
    for (const line of lines) {
      const echo = line.samples[line.at] ?? 0;
      line.damped = echo * (1 - room.damping) + line.damped * room.damping;
      sum += line.damped * line.gain;
    }
    let [wetLeft, wetRight] = [0, 0];
    lines.forEach((line, index) => {
      const isLeft = index % 2 === 0;
      const dry = (isLeft ? input.left[i] : input.right[i]) ?? 0;
      const echo = line.damped * line.gain;
      const sign = index % 4 < 2 ? 1 : -1;
      if (isLeft) wetLeft += sign * echo;
      else wetRight += sign * echo;
      line.samples[line.at] = dry + echo - sum / 4;
      line.at = (line.at + 1) % line.samples.length;
    });
    left[i] = wetLeft * 0.35;
    right[i] = wetRight * 0.35;
  }
  return { left: filter(left, "highpass", 160), right: filter(right, "highpass", 160) };
}

/** Ping-pong echo every `seconds`; wet signal only, each echo duller than the last. */
export function echo(input: Stereo, seconds: number, feedback: number): Stereo {
  const gap = samplesIn(seconds);
  const left = new Float32Array(input.left.length);
  const right = new Float32Array(input.left.length);
  let [dullLeft, dullRight] = [0, 0];
  for (let i = gap; i < left.length; i++) {
    const heard = ((input.left[i - gap] ?? 0) + (input.right[i - gap] ?? 0)) / 2;
    dullLeft += 0.45 * (heard + feedback * (right[i - gap] ?? 0) - dullLeft);
    dullRight += 0.45 * (feedback * (left[i - gap] ?? 0) - dullRight);
    left[i] = dullLeft;
    right[i] = dullRight;
  }
  return { left, right };
}

/** Tape: two slow wobbles of pitch, a gentle saturation and no extreme treble. */
export function tape(input: Stereo, depthSeconds = 0.0011): Stereo {
  const wobble = (samples: Float32Array, phase: number): Float32Array => {
    const output = samples.map((_, i) => {
      const time = i / sampleRate;
      const sway = Math.sin(tau * 0.55 * time + phase) + 0.25 * Math.sin(tau * 6.1 * time);
      const from = i - sampleRate * depthSeconds * (1.4 + sway);
      const whole = Math.floor(from);
      const [a, b] = [samples[whole] ?? 0, samples[whole + 1] ?? 0];
      return Math.tanh(1.2 * (a + (b - a) * (from - whole))) / 1.2;
    });
    return filter(output, "lowpass", 6800);
  };
  return { left: wobble(input.left, 0), right: wobble(input.right, 0.9) };
}

/** Slow auto-pan, as on the suitcase electric pianos. */
export function tremolo(input: Stereo, hertz: number, depth: number): Stereo {
  const sway = (i: number): number => depth * Math.sin((tau * hertz * i) / sampleRate);
  return {
    left: input.left.map((sample, i) => sample * (1 - depth / 2 + sway(i) / 2)),
    right: input.right.map((sample, i) => sample * (1 - depth / 2 - sway(i) / 2)),
  };
}

/** Makes room for the kick: dips by `depth` at each time (seconds) and recovers over 0.25 s. */
export function duck(input: Stereo, times: readonly number[], depth: number): Stereo {
  const gain = new Float32Array(input.left.length).fill(1);
  for (const time of times) {
    const start = samplesIn(time);
    for (let i = 0; i < samplesIn(0.25) && start + i < gain.length; i++) {
      const dip = 1 - depth * Math.min(1, i / 200) * (1 - i / samplesIn(0.25)) ** 2;
      gain[start + i] = Math.min(gain[start + i] ?? 1, dip);
    }
  }
  return {
    left: input.left.map((sample, i) => sample * (gain[i] ?? 1)),
    right: input.right.map((sample, i) => sample * (gain[i] ?? 1)),
  };
}

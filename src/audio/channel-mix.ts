// Mixes channels: surround to stereo, stereo to mono, mono to stereo, without ever becoming louder than full scale.
import type { Pcm } from "./pcm.ts";

const SIDE = Math.SQRT1_2;

/** Shares of a channel on the left and on the right. */
type Shares = readonly [left: number, right: number];

const LEFT: Shares = [1, 0];
const RIGHT: Shares = [0, 1];
const CENTRE: Shares = [SIDE, SIDE];
const LOW: Shares = [0, 0];
const BACK_LEFT: Shares = [SIDE, 0];
const BACK_RIGHT: Shares = [0, SIDE];
const BACK: Shares = [0.5, 0.5];

/** By the number of channels, in WAV's order. */
const LAYOUTS: Readonly<Record<number, readonly Shares[]>> = {
  1: [[1, 1]],
  2: [LEFT, RIGHT],
  3: [LEFT, RIGHT, CENTRE],
  4: [LEFT, RIGHT, BACK_LEFT, BACK_RIGHT],
  5: [LEFT, RIGHT, CENTRE, BACK_LEFT, BACK_RIGHT],
  6: [LEFT, RIGHT, CENTRE, LOW, BACK_LEFT, BACK_RIGHT],
  7: [LEFT, RIGHT, CENTRE, LOW, BACK, BACK_LEFT, BACK_RIGHT],
  8: [LEFT, RIGHT, CENTRE, LOW, BACK_LEFT, BACK_RIGHT, BACK_LEFT, BACK_RIGHT],
};

/** With this many channels: the same piece if it has them already. */
export function mixed(pcm: Pcm, count: number): Pcm {
  if (pcm.channels.length === count) return pcm;
  const [left, right] = stereo(pcm.channels);
  return { ...pcm, channels: count === 1 ? [mean(left, right)] : [left, right] };
}

function stereo(channels: readonly Float32Array[]): [Float32Array, Float32Array] {
  const shares = LAYOUTS[channels.length] ?? [LEFT, RIGHT];
  return [side(channels, shares, 0), side(channels, shares, 1)];
}

function side(
  channels: readonly Float32Array[],
  shares: readonly Shares[],
  at: 0 | 1,
): Float32Array {
  const scale = 1 / shares.reduce((sum, share) => sum + share[at], 0);
  const mix = new Float32Array(channels[0]?.length ?? 0);
  for (const [index, samples] of channels.entries()) {
    const factor = (shares[index]?.[at] ?? 0) * scale;
    if (factor === 0) continue;
    for (let i = 0; i < mix.length; i++) mix[i] = (mix[i] ?? 0) + factor * (samples[i] ?? 0);
  }
  return mix;
}

function mean(left: Float32Array, right: Float32Array): Float32Array {
  return left.map((sample, i) => (sample + (right[i] ?? 0)) / 2);
}

// Pure: mixes the end of one track with the start of the next.

/** Samples of one track on the common time line. */
export interface Part {
  readonly channels: readonly Float32Array[];
  /** Sample of the time line at which they begin; outside of them is silence. */
  readonly at: number;
}

/** Samples on the time line between which one track fades out and the other in. */
export interface Fade {
  readonly from: number;
  readonly to: number;
}

/** -1 dBFS: as for levels that are changed in passing. */
const MAX_PEAK = 10 ** (-1 / 20);

/** How much of the curves is of equal gain instead of equal power, tried in this order. */
const SHAPES = [0, 0.25, 0.5, 0.75, 1];

/**
 * The samples from <= i < to of the time line: before the fade those of `a` alone, behind it those of `b` alone. The curves
 * are of equal power (cosine and sine): two tracks are not correlated, so their powers add up and the loudness stays.
 * Where that would exceed both -1 dBFS and the tracks' own peaks, the curves approach equal gain, which cannot.
 */
export function crossfade(a: Part, b: Part, fade: Fade, from: number, to: number): Float32Array[] {
  const limit = Math.max(MAX_PEAK, peakOf(a.channels), peakOf(b.channels));
  for (const shape of SHAPES) {
    const mix = a.channels.map((_, i) =>
      mixed(channelOf(a, i), channelOf(b, i), fade, shape, from, to),
    );
    if (shape === 1 || peakOf(mix) <= limit) return mix;
  }
  return [];
}

interface Channel {
  readonly samples: Float32Array;
  readonly at: number;
}

function channelOf({ channels, at }: Part, index: number): Channel {
  return { samples: channels[index] ?? new Float32Array(0), at };
}

function mixed(
  a: Channel,
  b: Channel,
  fade: Fade,
  shape: number,
  from: number,
  to: number,
): Float32Array {
  const mix = new Float32Array(to - from);
  for (let t = from; t < to; t++) {
    const done = Math.min(1, Math.max(0, (t - fade.from) / (fade.to - fade.from)));
    const before = a.samples[t - a.at] ?? 0;
    const after = b.samples[t - b.at] ?? 0;
    mix[t - from] = gainAt(1 - done, shape) * before + gainAt(done, shape) * after;
  }
  return mix;
}

/** `x`: 0 where the track is silent, 1 where it is alone. */
function gainAt(x: number, shape: number): number {
  if (x === 0 || x === 1) return x;
  return (1 - shape) * Math.sin((x * Math.PI) / 2) + shape * x;
}

function peakOf(channels: readonly Float32Array[]): number {
  let peak = 0;
  for (const samples of channels) {
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  }
  return peak;
}

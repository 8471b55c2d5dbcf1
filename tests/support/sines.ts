// A sine that is cut into files, and what is missing of it when they are heard one after the other.
import { utimes } from "node:fs/promises";
import { run } from "../format/mpeg/mp3-files.ts";

export const SINE_RATE = 44_100;
const HERTZ = 441.7;

/** One channel of 16 bits. */
function wav(samples: Int16Array): Uint8Array {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  const fields = [16, 1 | (1 << 16), SINE_RATE, SINE_RATE * 2, 2 | (16 << 16)];
  fields.forEach((field, i) => head.writeUInt32LE(field, 16 + i * 4));
  head.write("data", 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, new Uint8Array(samples.buffer)]);
}

/** Samples [from, to) of a sine as a file of LAME's; silence of some seconds before and after it. */
export async function encodeSine(
  path: string,
  [from, to]: readonly [number, number],
  options: string,
  silence: readonly [number, number] = [0, 0],
): Promise<void> {
  const before = Math.round(silence[0] * SINE_RATE);
  const samples = new Int16Array(before + to - from + Math.round(silence[1] * SINE_RATE));
  for (let i = from; i < to; i++) {
    samples[before + i - from] = 16_000 * Math.sin((2 * Math.PI * HERTZ * i) / SINE_RATE);
  }
  await run(["lame", "--quiet", ...options.split(" "), "-", path], wav(samples));
  // One that was written just now might still grow.
  const lately = Date.now() / 1000 - 60;
  await utimes(path, lately, lately);
}

/** Milliseconds of each stretch in which a sine is quieter than half of what it is, between its first and last sound. */
export function gapsOf(samples: Float32Array): number[] {
  const period = Math.round(SINE_RATE / HERTZ);
  const isLoud = (at: number) => {
    let sum = 0;
    for (let i = at; i < at + period; i++) sum += (samples[i] ?? 0) ** 2;
    return Math.sqrt(sum / period) > (0.5 * (16_000 / 32_768)) / Math.SQRT2;
  };
  const gaps: number[] = [];
  let lastLoud = -1;
  for (let at = 0; at + period < samples.length; at += 4) {
    if (!isLoud(at)) continue;
    if (lastLoud >= 0 && at - lastLoud > 4) gaps.push(((at - lastLoud) / SINE_RATE) * 1000);
    lastLoud = at;
  }
  return gaps;
}

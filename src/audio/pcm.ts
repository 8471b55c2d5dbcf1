// Decoded audio on its way through the converter, and the error of audio that cannot be decoded.

/** Samples per channel, all of one length, nominally between -1 and 1. Holds until the next piece is asked for. */
export interface Pcm {
  /** Hz */
  readonly sampleRate: number;
  /** At least one. */
  readonly channels: readonly Float32Array[];
}

/** Pieces of one track, in playing order; the sample rate may change between two. */
export type PcmStream = AsyncIterable<Pcm>;

/** A file without audio that can be decoded; the message is a short reason: "it is empty". */
export class AudioError extends Error {
  override readonly name: string = "AudioError";
}

/** Nothing built in decodes it; another program may. */
export class UnknownAudioError extends AudioError {
  override readonly name = "UnknownAudioError";
}

export function lengthOf({ channels }: Pcm): number {
  return channels[0]?.length ?? 0;
}

/** `factor`: of amplitude; 1 returns the same piece. */
export function amplified(pcm: Pcm, factor: number): Pcm {
  if (factor === 1) return pcm;
  return { ...pcm, channels: pcm.channels.map((samples) => samples.map((x) => x * factor)) };
}

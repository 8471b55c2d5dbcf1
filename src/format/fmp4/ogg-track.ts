// What a chain of Ogg Opus or FLAC is as a track of MP4.
import type { StreamFormat } from "../frame.ts";
import { identifyFlac } from "../ogg/flac-in-ogg.ts";
import type { OggCodec } from "../ogg/ogg-codec.ts";
import { OGG_BOS, oggFieldsOf, oggPageLength, piecesOf } from "../ogg/ogg-page.ts";
import { identifyOpus } from "../ogg/opus.ts";
import { blockSizes, flacEntry, flacInfo } from "./flac-entry.ts";
import { initSegment } from "./init-segment.ts";
import { opusEntry, prerollDescription } from "./opus-entry.ts";

export interface Track {
  readonly format: StreamFormat;
  /** Samples that decoders discard at its start. */
  readonly preSkip: number;
  /** Decoders that start in mid-track have to converge. */
  readonly needsPreroll: boolean;
  /** The initialization segment; one object as long as the track lasts. */
  readonly init: Uint8Array<ArrayBuffer>;
  /** Equal for tracks that one decoder can decode, if its `blocks` fit. */
  readonly setup: string;
  /** Samples of the shortest and of the longest packet; 0 if that does not matter. */
  readonly blocks: readonly [shortest: number, longest: number];
  /** Samples per channel that a packet decodes to; 0 if it is not audio. */
  samplesOf(packet: Uint8Array): number;
  /** The same, with another number of samples to discard. */
  withPreSkip(preSkip: number): Track;
}

/** A track whose packets are longer could not be cut into segments of even length. */
export const MAX_BLOCK_SECONDS = 0.45;

/** The track for a chain with this preamble; null if its codec or its channels have no place in MP4, or its packets are too
 * long. */
export function trackOf(preamble: Uint8Array): Track | null {
  const packet = firstPacket(preamble);
  if (packet === null) return null;
  const opus = identifyOpus(packet);
  if (opus !== null) return opusTrack(packet, opus);
  const flac = identifyFlac(packet);
  return flac === null ? null : flacTrack(packet, flac);
}

/** Whether a decoder of this track can go on with the packets of the next one. */
export function canContinue(track: Track, next: Track): boolean {
  const [shortest, longest] = track.blocks;
  const fits = next.blocks[0] >= shortest && next.blocks[1] <= longest;
  return track.setup === next.setup && fits;
}

function firstPacket(preamble: Uint8Array): Uint8Array | null {
  const length = oggPageLength(preamble, 0) ?? 0;
  if (length === 0 || length > preamble.length) return null;
  const page = oggFieldsOf(preamble.subarray(0, length));
  const [first] = (page.flags & OGG_BOS) === 0 ? [] : piecesOf(page);
  return first?.isEnd === true ? first.bytes : null;
}

/** Chains differ in their pre-skip, which a decoder that is running does not skip. */
function opusTrack(packet: Uint8Array, codec: OggCodec, preSkip = codec.preSkip): Track | null {
  const { format, samplesOf } = codec;
  const [entry, setup] = [opusEntry(packet, preSkip), opusEntry(packet, 0)];
  if (entry === null || setup === null) return null;
  const groups = prerollDescription();
  const init = initSegment({ sampleRate: format.sampleRate, preSkip, entry, groups });
  const track: Track = {
    format,
    preSkip,
    needsPreroll: true,
    init,
    setup: setup.toHex(),
    blocks: [0, 0],
    samplesOf,
    withPreSkip: (other) =>
      other === preSkip ? track : (opusTrack(packet, codec, other) ?? track),
  };
  return track;
}

function flacTrack(packet: Uint8Array, { format, samplesOf }: OggCodec): Track | null {
  const info = flacInfo(packet);
  const blocks = blockSizes(info);
  if (blocks[1] > MAX_BLOCK_SECONDS * format.sampleRate) return null;
  const entry = flacEntry(info, format);
  const { sampleRate, channels, bitsPerSample } = format;
  const init = initSegment({ sampleRate, preSkip: 0, entry, groups: new Uint8Array(0) });
  const track: Track = {
    format,
    preSkip: 0,
    needsPreroll: false,
    init,
    setup: `${sampleRate} ${channels} ${bitsPerSample}`,
    blocks,
    samplesOf,
    withPreSkip: () => track,
  };
  return track;
}

// Writes the packets of one mount as fragments: the times of a track are those of its decoder.
import type { Frames } from "../frame.ts";
import { concatBytes } from "../parts/bytes.ts";
import { splitFrames } from "../frame-slice.ts";
import { box, fullBox, u32, u64 } from "./box.ts";
import { TRACK_ID } from "./init-segment.ts";
import { prerollGroup } from "./opus-entry.ts";
import type { Track } from "./ogg-track.ts";

/** Flags of tfhd: offsets count from the moof; a duration for all samples. */
const BASE_IS_MOOF = 0x2_0000;
const HAS_DEFAULT_DURATION = 0x8;

/** Flags of trun: where the data begins; a duration and a size for each sample. */
const HAS_OFFSET = 0x1;
const HAS_DURATIONS = 0x100;
const HAS_SIZES = 0x200;

const BOX_HEAD_BYTES = 8;
const LONG_TIME = 1;

export interface Fragment {
  readonly track: Track;
  /** Packets in order, as PacketFrames gives them. */
  readonly frames: readonly Frames[];
  /** Playing time of the mount before the first one, in samples. */
  readonly position: number;
  /** Greater than that of the fragment before. */
  readonly sequence: number;
}

interface Sample {
  readonly bytes: Uint8Array;
  readonly duration: number;
}

export class FragmentWriter {
  #track: Track | null = null;
  /** Samples of the track that were decoded and do not count as time. */
  #skipped = 0;

  /** A moof and its mdat. Fragments must be written in order. */
  write({ track, frames, position, sequence }: Fragment): Uint8Array<ArrayBuffer> {
    if (track !== this.#track) this.#skipped = 0;
    this.#track = track;
    const packets = frames.flatMap(splitFrames);
    const samples = packets.map(({ bytes }) => ({ bytes, duration: track.samplesOf(bytes) }));
    const decodeTime = position + this.#skipped;
    for (const [i, { duration }] of samples.entries())
      this.#skipped += duration - (packets[i]?.samples ?? 0);
    const moof = movieFragment(sequence >>> 0, decodeTime, samples, track.needsPreroll);
    return concatBytes([moof, box("mdat", ...samples.map(({ bytes }) => bytes))]);
  }
}

function movieFragment(
  sequence: number,
  decodeTime: number,
  samples: readonly Sample[],
  needsPreroll: boolean,
): Uint8Array {
  const withOffset = (offset: number): Uint8Array => {
    const groups = needsPreroll ? [prerollGroup(samples.length)] : [];
    const time = fullBox("tfdt", LONG_TIME, 0, u64(decodeTime));
    const track = box("traf", trackHeader(samples), time, trackRun(samples, offset), ...groups);
    return box("moof", fullBox("mfhd", 0, 0, u32(sequence)), track);
  };
  return withOffset(withOffset(0).length + BOX_HEAD_BYTES);
}

/** The duration that all samples have; null if they differ. */
function commonDuration(samples: readonly Sample[]): number | null {
  const first = samples[0]?.duration ?? 0;
  return samples.every(({ duration }) => duration === first) ? first : null;
}

function trackHeader(samples: readonly Sample[]): Uint8Array {
  const duration = commonDuration(samples);
  if (duration === null) return fullBox("tfhd", 0, BASE_IS_MOOF, u32(TRACK_ID));
  return fullBox("tfhd", 0, BASE_IS_MOOF + HAS_DEFAULT_DURATION, u32(TRACK_ID, duration));
}

function trackRun(samples: readonly Sample[], offset: number): Uint8Array {
  const hasDurations = commonDuration(samples) === null;
  const flags = HAS_OFFSET + HAS_SIZES + (hasDurations ? HAS_DURATIONS : 0);
  const table = samples.flatMap(({ bytes, duration }) =>
    hasDurations ? [duration, bytes.length] : [bytes.length],
  );
  return fullBox("trun", 0, flags, u32(samples.length, offset, ...table));
}

// The sample entry of Opus: what OpusHead says, in the order and byte order of MP4.
import { concatBytes } from "../parts/bytes.ts";
import { ascii, box, u16, u32 } from "./box.ts";
import { audioEntry } from "./sample-entry.ts";

const CHANNELS_AT = 9;
const RATE_AT = 12;
const GAIN_AT = 16;
const FAMILY_AT = 18;
/** Number of streams, number of coupled ones, and a byte for each channel. */
const MAPPING_AT = 19;

const SIMPLE = 0;
/** Families with speakers, and without an order: others need a matrix. */
const MAPPED: readonly number[] = [1, 255];

/** `head`: the packet OpusHead. null for channels that cannot be described. */
export function opusEntry(head: Uint8Array, preSkip: number): Uint8Array<ArrayBuffer> | null {
  const channels = head[CHANNELS_AT] ?? 0;
  const mapping = mappingOf(head, channels);
  if (mapping === null) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const specific = box(
    "dOps",
    Uint8Array.of(0, channels),
    u16(preSkip),
    u32(view.getUint32(RATE_AT, true)),
    u16(view.getUint16(GAIN_AT, true)),
    mapping,
  );
  return audioEntry("Opus", { channels, bitsPerSample: 16, sampleRate: 48_000 }, specific);
}

/** The family, and the table that all but the simplest have. */
function mappingOf(head: Uint8Array, channels: number): Uint8Array | null {
  const family = head[FAMILY_AT] ?? 0;
  if (family === SIMPLE) return channels === 1 || channels === 2 ? Uint8Array.of(family) : null;
  const end = MAPPING_AT + 2 + channels;
  if (!MAPPED.includes(family) || head.length < end) return null;
  return concatBytes([Uint8Array.of(family), head.subarray(MAPPING_AT, end)]);
}

/** Decoders that start in mid-stream need 80 ms to converge: four packets of the usual 20 ms. */
const PREROLL_PACKETS = -4;

/** Describes that, for the samples that belong to the group. */
export function prerollDescription(): Uint8Array<ArrayBuffer> {
  return box("sgpd", u32(2 ** 24), ascii("roll"), u32(2, 1), u16(PREROLL_PACKETS));
}

/** Puts all samples of a fragment into the group. */
export function prerollGroup(samples: number): Uint8Array<ArrayBuffer> {
  return box("sbgp", u32(0), ascii("roll"), u32(1, samples, 1));
}

// Decodes Ogg Opus with libopus: the samples between the pre-skip and the last granule, at 48 kHz.
import * as opus from "opus-decoder";
import { inFrontOrder } from "./channel-order.ts";
import { oggPackets, type OggPacket } from "./ogg-packets.ts";
import { amplified, AudioError, type Pcm } from "./pcm.ts";
import { withAllOf } from "./whole-package.ts";

const HEAD_BYTES = 19;
const MAPPING_AT = 18;
const SAMPLE_RATE = 48_000;

/** What an OpusHead packet says. */
interface OpusHead {
  readonly channels: number;
  readonly preSkip: number;
  /** Factor of the output gain. */
  readonly gain: number;
  readonly streamCount: number;
  readonly coupledStreamCount: number;
  readonly channelMappingTable: number[];
}

export async function* decodeOpus(chunks: Iterable<Uint8Array>): AsyncGenerator<Pcm> {
  const packets = oggPackets(chunks);
  const first = packets.next();
  const head = first.done === true ? null : parseHead(first.value.bytes);
  if (head === null) throw new AudioError("its Opus header is damaged");
  const decoder = new (withAllOf(opus).OpusDecoder)({ ...head, preSkip: 0 });
  await decoder.ready;
  try {
    yield* trimmed(decoded(decoder, packets), head);
  } finally {
    decoder.free();
  }
}

function parseHead(packet: Uint8Array): OpusHead | null {
  if (packet.length < HEAD_BYTES) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const channels = view.getUint8(9);
  const common = {
    channels,
    preSkip: view.getUint16(10, true),
    gain: 10 ** (view.getInt16(16, true) / 256 / 20),
  };
  if (view.getUint8(MAPPING_AT) === 0) return channels < 1 || channels > 2 ? null : plain(common);
  if (channels < 1 || packet.length < HEAD_BYTES + 2 + channels) return null;
  const [streamCount = 0, coupledStreamCount = 0, ...rest] = packet.subarray(HEAD_BYTES);
  return {
    ...common,
    streamCount,
    coupledStreamCount,
    channelMappingTable: rest.slice(0, channels),
  };
}

function plain(head: Pick<OpusHead, "channels" | "preSkip" | "gain">): OpusHead {
  const channelMappingTable = head.channels === 1 ? [0] : [0, 1];
  return { ...head, streamCount: 1, coupledStreamCount: head.channels - 1, channelMappingTable };
}

interface DecodedPacket {
  readonly channels: readonly Float32Array[];
  /** Granule position of the stream's end, once it is known. */
  readonly end: number | null;
}

function* decoded(
  decoder: opus.OpusDecoder,
  packets: Iterable<OggPacket>,
): Generator<DecodedPacket> {
  for (const { bytes, granule, isLast } of packets) {
    if (Buffer.from(bytes.subarray(0, 8)).toString("latin1") === "OpusTags") continue;
    const { channelData, samplesDecoded } = decoder.decodeFrame(bytes);
    if (samplesDecoded > 0) yield { channels: channelData, end: isLast ? granule : null };
  }
}

/** Cuts the pre-skip off the start and what lies behind the last granule off the end. */
function* trimmed(packets: Iterable<DecodedPacket>, head: OpusHead): Generator<Pcm> {
  let at = 0;
  for (const { channels, end } of packets) {
    const length = channels[0]?.length ?? 0;
    const from = Math.min(length, Math.max(0, head.preSkip - at));
    const to = end === null ? length : Math.max(from, Math.min(length, end - at));
    at += length;
    if (to === from) continue;
    const kept = channels.map((samples) => samples.subarray(from, to));
    yield amplified({ sampleRate: SAMPLE_RATE, channels: inFrontOrder(kept) }, head.gain);
  }
}

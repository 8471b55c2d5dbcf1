// New layer III frames out of given ones: with another bit rate, and with main data that begins elsewhere.
import { bitratesOf, frameLength } from "../sync/mpeg.ts";
import { type Layer3Frame, putBits, sealCrc } from "./layer3.ts";

const HEADER_BYTES = 4;

/** A size that a frame can have without playing longer or shorter. */
export interface FrameSize {
  /** Of its bit rate, in the header. */
  readonly index: number;
  readonly slotBytes: number;
}

/** The frame's own size and all larger ones, in order. */
export function sizesFrom({ header, slot }: Layer3Frame): readonly FrameSize[] {
  const { version, format, padded, bitrate } = header;
  const bitrates = bitratesOf(version, 3);
  const sizeOf = (kbps: number): FrameSize => {
    const length = frameLength(version, 3, kbps, format.sampleRate, padded);
    return { index: bitrates.indexOf(kbps), slotBytes: length - slot };
  };
  return bitrates.filter((kbps) => kbps >= bitrate).map(sizeOf);
}

/** A frame with the side information of `like`, but for where its main data begins, and an empty slot. */
export function reframed(
  like: Layer3Frame,
  { index, slotBytes }: FrameSize,
  mainDataBegin: number,
): Layer3Frame {
  const bytes = emptyFrame(like, index, slotBytes);
  bytes.set(like.bytes.subarray(like.sideInfo, like.slot), like.sideInfo);
  return sealed({ ...like, bytes, slotBytes, mainDataBegin });
}

/** A silent frame with the header of `like`: its side information says that it has no main data. */
export function silentLike(like: Layer3Frame, { index, slotBytes }: FrameSize): Layer3Frame {
  const bytes = emptyFrame(like, index, slotBytes);
  return sealed({ ...like, bytes, slotBytes, mainDataBegin: 0, needBytes: 0 });
}

function emptyFrame(like: Layer3Frame, index: number, slotBytes: number): Uint8Array {
  const bytes = new Uint8Array(like.slot + slotBytes);
  bytes.set(like.bytes.subarray(0, HEADER_BYTES));
  bytes[2] = ((bytes[2] ?? 0) & 0x0f) | (index << 4);
  return bytes;
}

function sealed(frame: Layer3Frame): Layer3Frame {
  const bits = frame.header.version === 1 ? 9 : 8;
  // In two parts, as putBits takes eight bits at most.
  putBits(frame.bytes, frame.sideInfo * 8, 8, frame.mainDataBegin >> (bits - 8));
  if (bits === 9) putBits(frame.bytes, frame.sideInfo * 8 + 8, 1, frame.mainDataBegin & 1);
  sealCrc(frame);
  return frame;
}

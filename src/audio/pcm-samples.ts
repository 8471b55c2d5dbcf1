// Interleaved samples of WAV and AIFF, of every usual width, as floating point.

export interface SampleLayout {
  readonly sampleRate: number;
  readonly channels: number;
  /** Of one sample. */
  readonly bytes: 1 | 2 | 3 | 4 | 8;
  readonly isFloat: boolean;
  readonly isLittleEndian: boolean;
  /** WAV's bytes are unsigned, AIFF's are not. */
  readonly isUnsigned: boolean;
}

type ReadSample = (view: DataView, at: number) => number;

/** `bytes`: whole sample frames. */
export function deinterleaved(bytes: Uint8Array, layout: SampleLayout): Float32Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const stride = layout.bytes * layout.channels;
  const count = Math.floor(bytes.length / stride);
  const read = readerOf(layout);
  return Array.from({ length: layout.channels }, (_, channel) => {
    const samples = new Float32Array(count);
    for (let i = 0, at = channel * layout.bytes; i < count; i++, at += stride) {
      samples[i] = read(view, at);
    }
    return samples;
  });
}

function readerOf({ bytes, isFloat, isLittleEndian: isLe, isUnsigned }: SampleLayout): ReadSample {
  if (isFloat) return floatReader(bytes, isLe);
  switch (bytes) {
    case 1:
      return isUnsigned
        ? (view, at) => (view.getUint8(at) - 128) / 128
        : (view, at) => view.getInt8(at) / 128;
    case 2:
      return (view, at) => view.getInt16(at, isLe) / 2 ** 15;
    case 3:
      return isLe
        ? (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23
        : (view, at) => (view.getInt16(at) * 2 ** 8 + view.getUint8(at + 2)) / 2 ** 23;
    default:
      return (view, at) => view.getInt32(at, isLe) / 2 ** 31;
  }
}

/** Not a number and infinity would poison every filter behind. */
function floatReader(bytes: number, isLe: boolean): ReadSample {
  const read: ReadSample =
    bytes === 8 ? (view, at) => view.getFloat64(at, isLe) : (view, at) => view.getFloat32(at, isLe);
  return (view, at) => {
    const sample = read(view, at);
    return Number.isFinite(sample) ? sample : 0;
  };
}

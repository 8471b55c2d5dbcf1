// How WAV and AIFF describe their samples.
import type { SampleLayout } from "./pcm-samples.ts";

const MAX_CHANNELS = 8;

/** Formats of WAV: integers, floating point, and one that names its format further behind. */
const INTEGER = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const SUBFORMAT_AT = 24;

/** The chunk "fmt "; null for compressed audio and what makes no sense. */
export function wavLayout(chunk: DataView): SampleLayout | null {
  if (chunk.byteLength < 16) return null;
  const tag = chunk.getUint16(0, true);
  const isExtended = tag === EXTENSIBLE && chunk.byteLength >= SUBFORMAT_AT + 2;
  const format = isExtended ? chunk.getUint16(SUBFORMAT_AT, true) : tag;
  if (format !== INTEGER && format !== FLOAT) return null;
  return checked({
    sampleRate: chunk.getUint32(4, true),
    channels: chunk.getUint16(2, true),
    bits: chunk.getUint16(14, true),
    isFloat: format === FLOAT,
    isLittleEndian: true,
    isUnsigned: true,
  });
}

/** Types of AIFC that are not compressed. */
const TYPES: Readonly<Record<string, { isFloat: boolean; isLittleEndian: boolean }>> = {
  NONE: { isFloat: false, isLittleEndian: false },
  twos: { isFloat: false, isLittleEndian: false },
  sowt: { isFloat: false, isLittleEndian: true },
  fl32: { isFloat: true, isLittleEndian: false },
  FL32: { isFloat: true, isLittleEndian: false },
  fl64: { isFloat: true, isLittleEndian: false },
  FL64: { isFloat: true, isLittleEndian: false },
};
const TYPE_AT = 18;

/** The chunk "COMM", of 18 bytes in AIFF and more in AIFC; null for compressed audio and what makes no sense. */
export function aiffLayout(chunk: DataView): SampleLayout | null {
  if (chunk.byteLength < TYPE_AT) return null;
  const type = chunk.byteLength < TYPE_AT + 4 ? "NONE" : textAt(chunk, TYPE_AT);
  const kind = TYPES[type];
  if (kind === undefined) return null;
  return checked({
    sampleRate: Math.round(extendedAt(chunk, 8)),
    channels: chunk.getUint16(0),
    bits: chunk.getUint16(6),
    isUnsigned: false,
    ...kind,
  });
}

function textAt(chunk: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => chunk.getUint8(at + i)));
}

/** A floating-point number of 80 bits. */
function extendedAt(chunk: DataView, at: number): number {
  const exponent = (chunk.getUint16(at) & 0x7fff) - 16_383 - 63;
  return Number(chunk.getBigUint64(at + 2)) * 2 ** exponent;
}

interface Described extends Omit<SampleLayout, "bytes"> {
  readonly bits: number;
}

function checked({ bits, ...layout }: Described): SampleLayout | null {
  const bytes = bytesOf(Math.ceil(bits / 8), layout.isFloat);
  const { channels, sampleRate } = layout;
  const isSane = channels >= 1 && channels <= MAX_CHANNELS && sampleRate > 0;
  return bytes === null || !isSane ? null : { ...layout, bytes };
}

function bytesOf(bytes: number, isFloat: boolean): SampleLayout["bytes"] | null {
  if (isFloat) return bytes === 4 || bytes === 8 ? bytes : null;
  return bytes === 1 || bytes === 2 || bytes === 3 || bytes === 4 ? bytes : null;
}

// A square icon of a logo of any shape: on a ground of one colour, since home screens show what is transparent as black.
import { inflateSync } from "node:zlib";
import { newBitmap } from "../lib/bitmap.ts";
import { rgbOf } from "../lib/colour.ts";

/** The rest is a margin, unless the logo fills the square. */
const SHARE = 0.84;

const MAX_PIXELS = 25_000_000;

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of each. */
  readonly bytes: Uint8Array;
}

/** The PNGs that Bun writes: eight bits, with alpha, not interlaced. */
export function readPng(png: Uint8Array): Pixels {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (png[24] !== 8 || png[25] !== 6 || png[28] !== 0) throw new Error("another kind of PNG");
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 8 <= png.length;) {
    const length = view.getUint32(at);
    const name = Buffer.from(png.subarray(at + 4, at + 8)).toString("latin1");
    if (name === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const packed = inflateSync(Buffer.concat(parts));
  return { width, height, bytes: unfiltered(packed, width * 4, height) };
}

/** Each line begins with the number of its filter, and is the difference from a guess. */
function unfiltered(packed: Uint8Array, stride: number, height: number): Uint8Array {
  const bytes = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = packed[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < 4 ? 0 : (bytes[at - 4] ?? 0);
      const above = y === 0 ? 0 : (bytes[at - stride] ?? 0);
      const corner = x < 4 || y === 0 ? 0 : (bytes[at - stride - 4] ?? 0);
      bytes[at] = (packed[y * (stride + 1) + 1 + x] ?? 0) + guess(filter, left, above, corner);
    }
  }
  return bytes;
}

function guess(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) return 0;
  const sum = left + above - corner;
  const [a, b, c] = [Math.abs(sum - left), Math.abs(sum - above), Math.abs(sum - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

function fillsSquare({ width, height, bytes }: Pixels): boolean {
  if (width !== height) return false;
  for (let at = 3; at < bytes.length; at += 4) if (bytes[at] !== 255) return false;
  return true;
}

/** A bitmap file of `side` pixels with the picture in its middle. */
function onGround(pixels: Pixels, side: number, ground: string): Uint8Array<ArrayBuffer> {
  const { file, rowAt } = newBitmap(side, side);
  const under = rgbOf(ground).toReversed();
  const [left, top] = [(side - pixels.width) >> 1, (side - pixels.height) >> 1];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const from = offsetOf(pixels, x - left, y - top);
      const alpha = from < 0 ? 0 : (pixels.bytes[from + 3] ?? 0) / 255;
      for (let i = 0; i < 3; i++) {
        const over = alpha === 0 ? 0 : (pixels.bytes[from + 2 - i] ?? 0);
        file[rowAt(y) + x * 3 + i] = Math.round(over * alpha + (under[i] ?? 0) * (1 - alpha));
      }
    }
  return file;
}

/** -1 outside of the picture. */
function offsetOf({ width, height }: Pixels, x: number, y: number): number {
  return x >= 0 && y >= 0 && x < width && y < height ? (y * width + x) * 4 : -1;
}

/** A PNG. Rejects if the logo cannot be decoded. */
export async function squareIcon(
  logo: Uint8Array<ArrayBuffer>,
  side: number,
  ground: string,
  share = SHARE,
): Promise<Uint8Array<ArrayBuffer>> {
  const pixelsAt = async (most: number) => {
    const image = new Bun.Image(logo, { maxPixels: MAX_PIXELS });
    return readPng(await image.resize(most, most, { fit: "inside" }).png().bytes());
  };
  const whole = await pixelsAt(side);
  const pixels = fillsSquare(whole) ? whole : await pixelsAt(Math.round(side * share));
  return new Uint8Array(await new Bun.Image(onGround(pixels, side, ground)).png().bytes());
}

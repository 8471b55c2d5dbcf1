// Pure: an uncompressed bitmap file of three bytes a pixel, which Bun.Image turns into any other kind.

const HEAD_BYTES = 54;

export interface Bitmap {
  readonly file: Uint8Array<ArrayBuffer>;
  /** Where the pixels of a row begin, from the top. */
  rowAt(y: number): number;
}

/** A black one; each pixel is blue, green and red. */
export function newBitmap(width: number, height: number): Bitmap {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const file = new Uint8Array(HEAD_BYTES + stride * height);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(2, file.length, true);
  view.setUint32(10, HEAD_BYTES, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  // Negative: the first row is the top one.
  view.setInt32(22, -height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  return { file, rowAt: (y) => HEAD_BYTES + y * stride };
}

// Pure: FLAC's picture block, which Ogg has in comments too.

/** Block of this type in FLAC. */
export const PICTURE_BLOCK = 6;

/** The picture in a block: type, media type, description, four numbers, and the picture. */
export function blockPicture(block: Buffer): Uint8Array | null {
  const afterMedia = skip(block, 4);
  const afterText = skip(block, afterMedia);
  const from = afterText + 20;
  if (from > block.length) return null;
  return block.subarray(from, from + block.readUInt32BE(from - 4));
}

/** The end of a text that begins with its length. */
function skip(block: Buffer, at: number): number {
  return at + 4 > block.length ? block.length : at + 4 + block.readUInt32BE(at);
}

// The picture in a FLAC file's own blocks: the front cover, else the first.
import type { RangeReader } from "../../format/tags/extent.ts";
import { isText } from "../../format/parts/bytes.ts";
import { blockPicture, PICTURE_BLOCK } from "./picture-block.ts";
import { FRONT_COVER } from "./picture-type.ts";

const MARK = "fLaC";
const BLOCK_HEAD_BYTES = 4;
const LAST_BLOCK = 0x80;
const MAX_BLOCKS = 64;

/** Limit of a block's fields beside its picture, such as its description. */
const MAX_FIELDS_BYTES = 4096;

interface Block {
  readonly at: number;
  readonly length: number;
  /** 3 is the front cover. */
  readonly type: number;
}

/** A picture of at most `maxBytes`; null without one. Rejects only if the reader does. */
export async function flacPicture(
  reader: RangeReader,
  start: number,
  maxBytes: number,
): Promise<Uint8Array | "too large" | null> {
  if (!isText(await reader(start, MARK.length), 0, MARK)) return null;
  const blocks = await pictureBlocks(reader, start + MARK.length);
  const shown = blocks.filter(({ length }) => length <= maxBytes + MAX_FIELDS_BYTES);
  if (shown.length === 0 && blocks.length > 0) return "too large";
  const block = shown.find(({ type }) => type === FRONT_COVER) ?? shown[0];
  if (block === undefined) return null;
  return blockPicture(Buffer.from(await reader(block.at, block.length)));
}

async function pictureBlocks(reader: RangeReader, start: number): Promise<Block[]> {
  const blocks: Block[] = [];
  for (let at = start, count = 0; count < MAX_BLOCKS; count++) {
    const head = await reader(at, BLOCK_HEAD_BYTES + 4);
    if (head.length < BLOCK_HEAD_BYTES) break;
    const [kind = 0, high = 0, middle = 0, low = 0, , , , type = 0] = head;
    const length = (high << 16) | (middle << 8) | low;
    const isPicture = (kind & ~LAST_BLOCK) === PICTURE_BLOCK;
    if (isPicture) blocks.push({ at: at + BLOCK_HEAD_BYTES, length, type });
    if ((kind & LAST_BLOCK) !== 0) break;
    at += BLOCK_HEAD_BYTES + length;
  }
  return blocks;
}

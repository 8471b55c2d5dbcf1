// Pure: which samples of one decoded stream are in another one, and which are not.

export interface Stretch {
  /** Frames of samples from the begin. */
  readonly from: number;
  readonly length: number;
}

export interface Compared {
  /** Frames of samples that are the same in both. */
  readonly same: number;
  readonly total: number;
  /** What is not in the other. */
  readonly differing: readonly Stretch[];
  /** Frames of samples of the other stream that were left out between two that are in both. */
  readonly leftOut: readonly Stretch[];
}

/** Stereo of 16 bits. */
const FRAME_BYTES = 4;

/** So many samples in a row are found nowhere else, unless they are silence. */
const KEY_FRAMES = 1024;
const AUDIBLE = 1000;

/** How far a search goes on behind samples that are nowhere: at first, and at most. */
const STEP_FRAMES = 64;
const LONGEST_STEP_FRAMES = 4096;

/** What was left out is shorter. */
const LOOK_AHEAD_FRAMES = 60 * 48_000;

const BLOCK_BYTES = 1 << 16;

/** Looks for `one` in `others`, which are parts of one stream in their order. */
export function compareSamples(one: Buffer, others: readonly Buffer[]): Compared {
  const other = Buffer.concat(others);
  const differing: Stretch[] = [];
  const leftOut: Stretch[] = [];
  let [same, at, cursor] = [0, 0, -1];
  let missing = 0;
  const total = Math.floor(one.length / FRAME_BYTES);
  while (at < total) {
    const found = find(one, at, ahead(other, cursor), Math.max(0, cursor));
    if (found < 0) {
      const step = Math.min(Math.max(STEP_FRAMES, missing), LONGEST_STEP_FRAMES, total - at);
      missing += step;
      at += step;
      continue;
    }
    const back = sharedBefore(one, at, other, found, missing);
    if (missing > back) differing.push({ from: at - missing, length: missing - back });
    same += back;
    missing = 0;
    if (cursor >= 0 && found - back > cursor)
      leftOut.push({ from: at - back, length: found - back - cursor });
    const length = sharedLength(one, at, other, found);
    same += length;
    at += length;
    cursor = found + length;
  }
  if (missing > 0) differing.push({ from: at - missing, length: missing });
  return { same, total, differing, leftOut };
}

/** What may come next; all while nothing was found. */
function ahead(other: Buffer, cursor: number): Buffer {
  return cursor < 0 ? other : other.subarray(0, (cursor + LOOK_AHEAD_FRAMES) * FRAME_BYTES);
}

/** Where the samples of `one` at `at` are in `other`, from `from` on; -1 if nowhere. */
function find(one: Buffer, at: number, other: Buffer, from: number): number {
  const key = one.subarray(at * FRAME_BYTES, (at + KEY_FRAMES) * FRAME_BYTES);
  if (!isAudible(key)) return -1;
  for (let found = from * FRAME_BYTES; ; found++) {
    found = other.indexOf(key, found);
    if (found < 0) return -1;
    if (found % FRAME_BYTES === 0) return found / FRAME_BYTES;
  }
}

function isAudible(key: Buffer): boolean {
  for (let at = 0; at + FRAME_BYTES <= key.length; at += FRAME_BYTES)
    if (Math.abs(key.readInt16LE(at)) > AUDIBLE) return true;
  return false;
}

function sharedLength(one: Buffer, at: number, other: Buffer, found: number): number {
  let [a, b] = [at * FRAME_BYTES, found * FRAME_BYTES];
  const from = a;
  for (
    let block = BLOCK_BYTES;
    block >= FRAME_BYTES;
    block = block === FRAME_BYTES ? 0 : FRAME_BYTES
  ) {
    while (a + block <= one.length && one.compare(other, b, b + block, a, a + block) === 0)
      [a, b] = [a + block, b + block];
  }
  return (a - from) / FRAME_BYTES;
}

/** How many frames in front of both places are the same, of `most` at most. */
function sharedBefore(one: Buffer, at: number, other: Buffer, found: number, most: number): number {
  let count = 0;
  while (count < most && count < found) {
    const [a, b] = [(at - count - 1) * FRAME_BYTES, (found - count - 1) * FRAME_BYTES];
    if (one.compare(other, b, b + FRAME_BYTES, a, a + FRAME_BYTES) !== 0) break;
    count++;
  }
  return count;
}

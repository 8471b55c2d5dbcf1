// Pure: what servers of one cluster say to each other about places in a stream, in the head of a relay's request and of its
// answer.

/** Of a request: the audio behind this place of a ring is wanted, if it is held. */
export const FROM_HEADER = "cycast-from";

/** Of an answer: where its audio comes from. */
export const PLACE_HEADER = "cycast-place";

/** Of an answer: its first audio, in seconds on the timeline of its mount. */
export const POSITION_HEADER = "cycast-position";

export interface RingPoint {
  /** 16 hexadecimal digits. */
  readonly run: string;
  readonly position: number;
}

export interface OriginPlace extends RingPoint {
  /** Bytes of audio that come before the one at the position. */
  readonly leadBytes: number;
}

const POINT = /^([\da-f]{16})\.(\d{1,15})$/;
const PLACE = /^([\da-f]{16})\.(\d{1,15})\.(\d{1,9})$/;

export function pointValue({ run, position }: RingPoint): string {
  return `${run}.${position}`;
}

export function readPoint(text: string | null | undefined): RingPoint | null {
  const [, run, position] = POINT.exec(text ?? "") ?? [];
  return run === undefined ? null : { run, position: Number(position) };
}

export function placeValue({ run, position, leadBytes }: OriginPlace): string {
  return `${run}.${position}.${leadBytes}`;
}

export function readPlace(text: string | null | undefined): OriginPlace | null {
  const [, run, position, lead] = PLACE.exec(text ?? "") ?? [];
  return run === undefined ? null : { run, position: Number(position), leadBytes: Number(lead) };
}

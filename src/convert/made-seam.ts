// What the converter's child sends of a crossfade, or why there is none.

/** What the child sends. */
export interface MadeSeam {
  /** As in Seam. */
  readonly cut: number;
  readonly resume: number;
  readonly middle: number;
  /** The frames in base64. */
  readonly audio: string;
}

/** Two tracks that are not to be faded; the message is a sentence. */
export class NoSeamError extends Error {
  override readonly name = "NoSeamError";
}

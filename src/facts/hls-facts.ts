// A mount as it is offered by HLS.
export interface HlsFacts {
  /** Path of the multivariant playlist. */
  readonly path: string;
  /** The moment, in milliseconds since 1970, at which the mount's timeline was 0 by the dates of its playlist; null before
   * the first segment. */
  readonly zeroMs: number | null;
}

// Pure: how long the player of an HLS session has listened, by the media sequence numbers that its playlists had.

/** A segment, as a media playlist lists it. */
export interface ListedSegment {
  readonly sequence: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Where it begins on the mount's timeline. */
  readonly fromSeconds: number;
}

/** Players begin this many segments before the end of the list: RFC 8216, 6.3.3. */
const BEHIND = 3;

export class HeardSegments {
  /** Playlists that the player got. */
  polls = 0;
  /** Of segments that were new in a playlist after the first one, which are as many as were played meanwhile. */
  seconds = 0;
  bytes = 0;
  /** Where it began on the timeline; NaN before the first playlist with segments. */
  fromSeconds = Number.NaN;
  #newest = -1;

  /** It got a playlist with these, the oldest first. */
  see(listed: readonly ListedSegment[]): void {
    this.polls++;
    const last = listed.at(-1);
    if (last === undefined) return;
    if (this.#newest < 0) this.fromSeconds = (listed.at(-BEHIND) ?? listed[0] ?? last).fromSeconds;
    else this.#hear(listed);
    this.#newest = Math.max(this.#newest, last.sequence);
  }

  #hear(listed: readonly ListedSegment[]): void {
    for (let at = listed.length - 1; at >= 0; at--) {
      const segment = listed[at];
      if (segment === undefined || segment.sequence <= this.#newest) return;
      this.seconds += segment.seconds;
      this.bytes += segment.bytes;
    }
  }
}

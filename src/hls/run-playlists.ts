// The playlists of a run, by codec: the one that grows, those that have ended, and the one that an earlier run has left.
import type { StreamFormat } from "../format/frame.ts";
import { MAX_UNIT_SECONDS } from "./containers.ts";
import type { KeptSegments } from "./kept-segments.ts";
import type { Keepable } from "./kept-window.ts";
import { MediaPlaylist } from "./media-playlist.ts";
import type { GrowingSegment, MediaSegment } from "./media-segment.ts";
import type { PlaylistFacts } from "./playlist-text.ts";

export interface PlaylistTerms {
  readonly run: string;
  readonly segmentSeconds: number;
  /** 0: without parts. */
  readonly partSeconds: number;
  /** Playlists of other mounts promise the same. */
  readonly isGrouped: boolean;
  /** The last discontinuity sequence number that was used. */
  readonly discontinuity: () => number;
  readonly onBegin: (format: StreamFormat) => void;
}

export class RunPlaylists {
  readonly byName = new Map<string, MediaPlaylist>();
  #current: MediaPlaylist | null = null;
  /** That of an earlier run, while no segment has followed. */
  #earlier: MediaPlaylist | null = null;

  constructor(private readonly terms: PlaylistTerms) {}

  get current(): MediaPlaylist | null {
    return this.#current;
  }

  /** The name of the playlist that an earlier run has left; null behind its first segment of this run. */
  get expected(): string | null {
    return this.#earlier?.facts.name ?? null;
  }

  /** What a playlist promises that begins with this segment. */
  factsOf({ container, format }: GrowingSegment, discontinuity: number): PlaylistFacts {
    const { run, segmentSeconds, isGrouped } = this.terms;
    const unitSeconds = isGrouped ? MAX_UNIT_SECONDS : container.unitSeconds;
    const targetSeconds = Math.round(segmentSeconds + unitSeconds);
    const partSeconds = container.hasParts ? this.terms.partSeconds : 0;
    const name = container.playlistName(format) ?? "";
    return { name, targetSeconds, partSeconds, run, discontinuity };
  }

  /** Goes on with the playlist of an earlier run. */
  resume(earlier: MediaPlaylist): void {
    [this.#current, this.#earlier] = [earlier, earlier];
    this.byName.set(earlier.facts.name, earlier);
  }

  /** Players that play one family of codecs can not go on in another: its playlist ends. */
  forSegment(segment: MediaSegment): MediaPlaylist {
    const name = nameOf(segment);
    if (this.#current?.facts.name !== name) this.end();
    if (this.expected === name) this.#goOn(segment);
    return this.#current ?? this.#begin(segment);
  }

  /** null: the first segment of a playlist is listed when it is complete, since no player can begin with less. */
  forParts(growing: GrowingSegment): MediaPlaylist | null {
    const current = this.#current;
    if (current === null || current.facts.name !== nameOf(growing)) return null;
    if (current !== this.#earlier) return current;
    if (!this.#isNext(growing)) return null;
    this.#earlier = null;
    return current;
  }

  /** The current one gets no more segments. One of an earlier run waits for its source to be back. */
  end(): void {
    if (this.#current !== this.#earlier) this.#current?.end();
    this.#current = null;
  }

  /** That source is not expected any more. */
  giveUp(): void {
    if (this.#earlier === this.#current) return;
    this.#earlier?.end();
    this.#earlier = null;
  }

  close(): void {
    this.end();
    this.giveUp();
  }

  /** Ended ones hold their segments. */
  forget(isGone: (number: number) => boolean): void {
    for (const [name, { isEnded, last }] of this.byName)
      if (isEnded && isGone(last)) this.byName.delete(name);
  }

  /** What the next run needs to go on with the current one; null if there is nothing to go on with. */
  keepable({ all }: KeptSegments): Keepable | null {
    const playlist = this.#current;
    const first = playlist?.listed[0];
    if (playlist === null || first === undefined) return null;
    const { facts, last, titles, discontinuitySequence: discontinuity } = playlist;
    const { name, targetSeconds, partSeconds } = facts;
    const isOwn = (one: MediaSegment) => one.number <= last && nameOf(one) === name;
    const sequence = first.number;
    const segments = unbroken(all.filter(isOwn));
    return { name, targetSeconds, partSeconds, discontinuity, sequence, titles, segments };
  }

  #begin(segment: MediaSegment): MediaPlaylist {
    const playlist = new MediaPlaylist(this.factsOf(segment, this.terms.discontinuity() + 1));
    this.#current = playlist;
    this.byName.set(playlist.facts.name, playlist);
    this.terms.onBegin(segment.format);
    return playlist;
  }

  /** Other numbers than the next ones need an empty list. */
  #goOn(segment: MediaSegment): void {
    const earlier = this.#earlier;
    if (earlier === null) return;
    if (!this.#isNext(segment))
      earlier.clear(Math.max(this.terms.discontinuity(), earlier.lastDiscontinuity) + 1);
    [this.#current, this.#earlier] = [earlier, null];
  }

  /** The playlist of the earlier run can go on with it, behind its discontinuity. */
  #isNext({ number }: GrowingSegment): boolean {
    const earlier = this.#earlier;
    if (earlier === null || number !== earlier.last + 1) return false;
    return this.terms.discontinuity() <= earlier.lastDiscontinuity;
  }
}

function nameOf({ container, format }: GrowingSegment): string {
  return container.playlistName(format) ?? "";
}

/** The newest ones, back to a number that is missing. */
function unbroken(segments: readonly MediaSegment[]): readonly MediaSegment[] {
  const isBreak = ({ number }: MediaSegment, i: number) =>
    number !== (segments[i - 1]?.number ?? 0) + 1;
  return segments.slice(Math.max(0, segments.findLastIndex(isBreak)));
}

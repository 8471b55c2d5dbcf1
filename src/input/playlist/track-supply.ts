// The tracks of a mount's playlist, one after the other. The playlist may be replaced while one of its tracks plays.
import { shownPath } from "../../lib/path-text.ts";
import { failureOf } from "../../library/playable.ts";
import type { Playable } from "../../library/entry.ts";
import type { Chosen } from "../../library/state.ts";
import type { Mount } from "../../mount/mount.ts";
import type { NextTrack, TrackSound } from "../../mount/roles.ts";
import type { Playlist } from "./playlist.ts";
import type { Track } from "./track.ts";
import { TrackFinder } from "./track-finder.ts";

export class TrackSupply {
  #finder: TrackFinder;
  readonly #finders = new WeakMap<Track, TrackFinder>();
  /** What next() gave last: its playlist can leave out that one alone. */
  #last: Track | null = null;

  constructor(
    private readonly mount: Mount,
    /** The playlist as the mount's settings have it now. */
    private readonly build: () => Playlist,
    private readonly onChanged: () => void,
  ) {
    this.#finder = this.#newFinder();
  }

  /** What the next track comes from. */
  get playlist(): Playlist {
    return this.#finder.playlist;
  }

  #newFinder(): TrackFinder {
    const playlist = this.build();
    playlist.onChanged = this.onChanged;
    return new TrackFinder(this.mount, playlist);
  }

  replace(): void {
    const before = this.#finder;
    this.#finder = this.#newFinder();
    before.close();
    before.playlist.close();
  }

  /** null if nothing can be played. */
  async next(): Promise<Track | null> {
    for (;;) {
      const finder = this.#finder;
      const track = await finder.next();
      if (track !== null) this.#own(track, finder);
      if (finder === this.#finder) return track;
      await track?.close();
    }
  }

  /** A track from its start once more; null if that is not possible now. */
  async again(track: Track): Promise<Track | null> {
    const finder = this.#finders.get(track);
    const chosen = this.chosen(track);
    if (finder !== this.#finder || chosen === null) return null;
    const anew = await finder.open(chosen);
    if (anew !== null) this.#own(anew, finder);
    return anew;
  }

  #own(track: Track, finder: TrackFinder): void {
    this.#finders.set(track, finder);
    this.#last = track;
  }

  /** Opens what is likely to be the next track. Rejects with TrackError or the file system's error. */
  peek(coming: Playable): Promise<Track> {
    return this.#finder.peek(coming);
  }

  /** What the playlist knows about the track; null if that is long ago. */
  chosen(track: Track): Chosen | null {
    return this.#listOf(track).chosen(track.path);
  }

  /** The track cannot be read on, permanently or temporarily depending on the error. */
  leaveOut(track: Track, error: unknown): void {
    if (track === this.#last) return this.#finders.get(track)?.leaveOut(error);
    this.mount.log.repeated(`${this.nameOf(track)} ends early: ${failureOf(error).why}`);
  }

  heard(track: Track): void {
    this.#listOf(track).heard(track.path);
    const line = `now playing ${shownPath(this.sourceOf(track))}`;
    this.mount.log.often("now playing the next track", () => ({ text: line }));
  }

  /** The track's file, of which a converted copy may be read. */
  sourceOf(track: Track): string {
    return this.#listOf(track).sourceOf(track.path);
  }

  nameOf(track: Track): string {
    return this.#listOf(track).nameOf(track.path);
  }

  describe(track: Track): NextTrack {
    const [path, seconds] = [this.sourceOf(track), this.secondsOf(track)];
    return { path, metadata: track.metadata, seconds };
  }

  soundOf(track: Track): TrackSound {
    const list = this.#listOf(track);
    const { loudness = null, seconds = null } = list.chosen(track.path) ?? {};
    return { seconds, loudness, gain: list.config.loudness === "off" ? null : track.gain };
  }

  /** null if unknown. */
  secondsOf(track: Track): number | null {
    return this.chosen(track)?.seconds ?? null;
  }

  close(): void {
    this.#finder.close();
    this.playlist.close();
  }

  #listOf(track: Track): Playlist {
    return this.#finders.get(track)?.playlist ?? this.playlist;
  }
}

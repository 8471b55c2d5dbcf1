// The tracks of a mount's playlist, one after the other. The playlist may be replaced while one of its tracks plays.
import { shownPath } from "../../lib/path-text.ts";
import type { Mount } from "../../mount/mount.ts";
import type { NextTrack, TrackSound } from "../../mount/roles.ts";
import type { Playlist } from "./playlist.ts";
import type { Track } from "./track.ts";
import { TrackFinder } from "./track-finder.ts";

export class TrackSupply {
  #finder: TrackFinder;
  readonly #finders = new WeakMap<Track, TrackFinder>();

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
      if (track !== null) this.#finders.set(track, finder);
      if (finder === this.#finder) return track;
      await track?.close();
    }
  }

  /** The track cannot be read on, permanently or temporarily depending on the error. */
  leaveOut(track: Track, error: unknown): void {
    this.#finders.get(track)?.leaveOut(error);
  }

  heard(track: Track): void {
    this.#listOf(track).heard(track.path);
    const line = `now playing ${shownPath(this.sourceOf(track))}`;
    this.mount.log.often("now playing the next track", line);
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
    return this.#listOf(track).chosen(track.path)?.seconds ?? null;
  }

  close(): void {
    this.#finder.close();
    this.playlist.close();
  }

  #listOf(track: Track): Playlist {
    return this.#finders.get(track)?.playlist ?? this.playlist;
  }
}

// Which track the playlist plays next: the first that can be opened and fits what the mount plays.
import { describeFormat, sameFormat, type StreamFormat } from "../../format/frame.ts";
import type { Opener } from "../../lib/open-file.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Playlist } from "./playlist.ts";
import { Track, TrackError } from "./track.ts";

/** What is wrong with the file itself; other errors of the system pass. */
const LASTING_ERRORS: ReadonlySet<string> = new Set([
  "EACCES",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOENT",
  "ENXIO",
  "EPERM",
]);

export class TrackFinder {
  /** Of the first track: what is read ahead must fit together before the mount has a format. */
  #format: StreamFormat | null = null;
  #isClosed = false;

  constructor(
    private readonly mount: Mount,
    private readonly playlist: Playlist,
    private readonly disk: Opener,
  ) {}

  /** Each file is tried once; null when none will do. */
  async next(): Promise<Track | null> {
    const tried = new Set<string>();
    await this.playlist.look();
    for (;;) {
      const path = await this.playlist.next();
      if (path === null || tried.has(path) || this.#isClosed) return null;
      tried.add(path);
      const track = await this.#open(path);
      if (track !== null) return track;
    }
  }

  /** The track that next() gave last has failed: for good, or for this time, as the error says. */
  leaveOut(error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const reason = error instanceof TrackError ? error.message : `it cannot be read (${code})`;
    const isLasting = error instanceof TrackError ? error.isLasting : LASTING_ERRORS.has(code);
    if (isLasting) this.playlist.reject(reason);
    else this.playlist.pass(reason);
  }

  /** Opens no more. */
  close(): void {
    this.#isClosed = true;
  }

  async #open(path: string): Promise<Track | null> {
    try {
      return await this.#fitting(await Track.open(path, this.disk));
    } catch (error) {
      this.leaveOut(error);
      return null;
    }
  }

  /** Throws TrackError, the track closed, when it does not fit what is played here. */
  async #fitting(track: Track): Promise<Track> {
    const misfit = this.#misfit(track);
    if (misfit === null) {
      this.#format = track.format;
      return track;
    }
    await track.close();
    throw misfit;
  }

  /** The configured codec, else the commonest ending, says which track decides for all others. */
  #misfit(track: Track): TrackError | null {
    const { format, path } = track;
    const its = describeFormat(format);
    const { format: codec } = this.mount.config.playlist;
    if (codec !== "auto" && codec !== format.codec)
      return new TrackError(`it is ${its}, not ${codec}`);
    const common = this.playlist.commonEnding;
    const isFirst = this.#format === null && codec === "auto";
    if (isFirst && !path.toLowerCase().endsWith(common)) {
      return new TrackError(`${common} comes first, no ending is commoner here`, false);
    }
    const wanted = this.#format ?? (this.mount.accepts(format) ? format : this.mount.format);
    if (wanted === null || sameFormat(format, wanted)) return null;
    return new TrackError(`it is ${its}, the mount is ${describeFormat(wanted)}`);
  }
}

// Finds the playlist's next track: the first that can be opened and has the mount's format.
import { describeFormat, sameFormat, type StreamFormat } from "../../format/frame.ts";
import { within } from "../../lib/within.ts";
import { failureOf, TrackError } from "../../library/playable.ts";
import type { Playable } from "../../library/entry.ts";
import type { Chosen } from "../../library/state.ts";
import type { Metadata } from "../../mount/metadata.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Level } from "./level.ts";
import type { Playlist } from "./playlist.ts";
import { metadataOfName } from "./file-title.ts";
import { Track } from "./track.ts";

/** After this long the next track is chosen from the files known so far, and the scan goes on. A shuffle may begin
 * with any of them. */
const MAX_LOOK_MS = 1000;
const MAX_SHUFFLED_LOOK_MS = 400;

const MAX_SAID = 1000;

export class TrackFinder {
  /** The previous track's format, used if the playlist does not know its own. */
  #format: StreamFormat | null = null;
  #isClosed = false;
  /** Sentences that need not be said again. */
  readonly #said = new Set<string>();

  constructor(
    private readonly mount: Mount,
    readonly playlist: Playlist,
  ) {}

  /** Tries each file once; null if none can be played. */
  async next(): Promise<Track | null> {
    const tried = new Set<string>();
    const { config, format } = this.mount;
    this.playlist.required = config.onFormatChange === "refuse" ? format : null;
    const { shuffle } = config.playlist;
    await within(shuffle ? MAX_SHUFFLED_LOOK_MS : MAX_LOOK_MS, this.playlist.look());
    for (;;) {
      const chosen = await this.playlist.next();
      if (chosen === null || tried.has(chosen.path) || this.#isClosed) return null;
      tried.add(chosen.path);
      const track = await this.open(chosen);
      if (track !== null) return track;
    }
  }

  /** The last result of next() failed, permanently or temporarily depending on the error. */
  leaveOut(error: unknown): void {
    const { why, isLasting } = failureOf(error);
    if (isLasting) this.playlist.reject(why);
    else this.playlist.pass(why);
  }

  /** Stops opening files. */
  close(): void {
    this.#isClosed = true;
  }

  /** The last result of next(); null if it cannot be opened, and is left out. */
  async open(chosen: Chosen): Promise<Track | null> {
    try {
      return this.#noted(await this.#fitting(await this.peek(chosen)));
    } catch (error) {
      this.leaveOut(error);
      return null;
    }
  }

  /** Says once of a file that it is incomplete; what is there plays. */
  #noted(track: Track): Track {
    const missing = Math.round((1 - track.partThere) * 100);
    const sentence = `${this.playlist.nameOf(track.path)} is cut short: ${missing} % of it is missing`;
    if (missing === 0 || this.#said.has(sentence)) return track;
    if (this.#said.size >= MAX_SAID) this.#said.clear();
    this.#said.add(sentence);
    this.mount.log.warn(sentence);
    return track;
  }

  /** Rejects with TrackError or the file system's error. */
  peek(file: Playable): Promise<Track> {
    const disk = this.playlist.diskOf(file);
    const { loudness, trimSilence } = this.mount.config.playlist;
    const sound = {
      loudness,
      trimSilence,
      measured: levelOf(file),
      isCopy: file.path !== file.source,
    };
    return Track.open(file.path, disk, metadataOf(file), sound);
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

  /** The file was measured before, but may have changed since. */
  #misfit({ format }: Track): TrackError | null {
    const its = describeFormat(format);
    const { format: codec } = this.mount.config.playlist;
    if (codec !== "auto" && codec !== format.codec)
      return new TrackError(`it is ${its}, not ${codec}`);
    const wanted = this.playlist.format ?? this.#format;
    if (wanted === null || sameFormat(format, wanted)) return null;
    return new TrackError(`it is ${its}, the mount is ${describeFormat(wanted)}`);
  }
}

function levelOf({ loudness, truePeak }: Playable): Level | null {
  return loudness === null ? null : { loudness, peak: truePeak };
}

/** A converted copy has no tags. */
function metadataOf({ path, source, tags }: Playable): Metadata | null {
  return path === source ? null : (tags ?? metadataOfName(source));
}

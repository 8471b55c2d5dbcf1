// Finds the playlist's next track: the first that can be opened and has the mount's format.
import { describeFormat, sameFormat, type StreamFormat } from "../../format/frame.ts";
import { audioExtent } from "../../format/tags/extent.ts";
import { wallClock } from "../../lib/clock.ts";
import type { Opener } from "../../lib/open-file.ts";
import { within } from "../../lib/within.ts";
import { failureOf, TrackError } from "../../library/playable.ts";
import type { Playable } from "../../library/entry.ts";
import { filePartThere } from "../../library/part-there.ts";
import type { Chosen } from "../../library/state.ts";
import type { Metadata } from "../../mount/metadata.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Level } from "./level.ts";
import type { Playlist } from "./playlist.ts";
import { metadataOfName } from "./file-title.ts";
import { GROWING_MS, Track } from "./track.ts";

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
      const track = await this.#fitting(await this.peek(chosen));
      await this.#note(track, chosen);
      return track;
    } catch (error) {
      this.leaveOut(error);
      return null;
    }
  }

  /** Says once of a file that it is incomplete; what is there plays. */
  async #note({ path, partThere, format }: Track, { source }: Chosen): Promise<void> {
    const isMp3 = format.codec === "mp3" && path === source;
    const part = isMp3 ? partThere : await this.#sourcePart(source);
    if (part === null) return this.#say(path, "its end is missing");
    const missing = Math.round((1 - part) * 100);
    if (missing > 0) this.#say(path, `${missing} % of it is missing`);
  }

  #say(path: string, what: string): void {
    const sentence = `${this.playlist.nameOf(path)} is cut short: ${what}`;
    if (this.#said.has(sentence)) return;
    if (this.#said.size >= MAX_SAID) this.#said.clear();
    this.#said.add(sentence);
    this.mount.log.warn(sentence);
  }

  /** The part that is there of the file, of which a copy may play. 1 if it cannot be read. */
  async #sourcePart(source: string): Promise<number | null> {
    const look = lookAt(this.playlist.disk, source);
    const seen = await within(MAX_LOOK_MS, look).catch(() => null);
    return seen === null ? 1 : seen.part;
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

async function lookAt(disk: Opener, path: string): Promise<{ readonly part: number | null }> {
  const file = await disk.open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const reader = async (offset: number, length: number) => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    };
    const isGrowing = wallClock.nowMs() - mtimeMs < GROWING_MS;
    return { part: isGrowing ? 1 : await filePartThere(reader, await audioExtent(reader, size)) };
  } finally {
    await file.close();
  }
}

function levelOf({ loudness, truePeak }: Playable): Level | null {
  return loudness === null ? null : { loudness, peak: truePeak };
}

/** A converted copy has no tags. */
function metadataOf({ path, source, tags }: Playable): Metadata | null {
  return path === source ? null : (tags ?? metadataOfName(source));
}

// One file of the playlist: its metadata, and its audio in whole frames, read in blocks.
import { basename, extname } from "node:path";
import type { PlaylistConfig } from "../../config/config.ts";
import { audioExtent, type Extent } from "../../format/tags/extent.ts";
import { type FrameParser, type Frames, NO_FRAMES, type StreamFormat } from "../../format/frame.ts";
import { copyFrames, sliceFrames } from "../../format/frame-slice.ts";
import { type InfoFrame, readInfoFrame } from "../../format/mpeg/info-frame.ts";
import { STEP_DB } from "../../format/mpeg/global-gain.ts";
import { TrackShape } from "../../format/mpeg/track-shape.ts";
import { isInfoFrame } from "../../format/sync/mpeg.ts";
import { wallClock } from "../../lib/clock.ts";
import type { OpenFile, Opener } from "../../lib/open-file.ts";
import { shownPath } from "../../lib/path-text.ts";
import { plainText } from "../../lib/text.ts";
import {
  MAX_GARBAGE_BYTES,
  NO_AUDIO,
  NO_FILE,
  parserFor,
  TrackError,
} from "../../library/playable.ts";
import { parseInfoFrame, partThere } from "../../library/mp3-length.ts";
import { readTags } from "../../library/tags.ts";
import { type Metadata, NO_METADATA, splitTitle } from "../../mount/metadata.ts";
import { bestLevel, gainDb, gainSteps, type Level, levelOfReplayGain } from "./level.ts";
import { levelOfTexts, readLevel } from "./level-tags.ts";

const READ_BYTES = 65_536;

/** A file modified this recently may still grow: uploads pause. */
const GROWING_MS = 2000;

/** How the playlist wants a track. */
export interface Sound extends Pick<PlaylistConfig, "loudness" | "trimSilence"> {
  /** What was measured; its own tags come before that. */
  readonly measured: Level | null;
  /** A copy of the converter's, which appears complete: it is no upload that may still grow. */
  readonly isCopy?: boolean;
}

const AS_IT_IS: Sound = { loudness: "off", trimSilence: "off", measured: null };

export class Track {
  #offset: number;
  #isEnded = false;
  #metadata = NO_METADATA;
  /** Frames read while detecting the format. */
  #first: Frames | null = null;
  /** Time of the file's last change, in milliseconds since 1970. */
  #writtenMs = 0;
  #info: InfoFrame | null = null;
  #partThere = 1;
  #shape: TrackShape | null = null;
  /** The latest batch; null before the first and after the last. */
  #read: Frames | null = null;

  private constructor(
    readonly path: string,
    private readonly file: OpenFile,
    private size: number,
    private extent: Extent,
    private readonly parser: FrameParser,
    private readonly isCopy: boolean,
  ) {
    this.#offset = extent.start;
  }

  /** Opens a file and reads its first frames. `metadata`: if known already. Throws TrackError, or the file system's
   * error. */
  static async open(
    path: string,
    disk: Opener,
    metadata: Metadata | null = null,
    sound = AS_IT_IS,
  ): Promise<Track> {
    const file = await disk.open(path);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new TrackError(NO_FILE);
      if (stat.size === 0) throw new TrackError("it is empty");
      const track = await Track.#prepare(path, file, stat.size, sound);
      track.#metadata = metadata ?? track.#metadata;
      track.#writtenMs = stat.mtimeMs;
      return track;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  static async #prepare(path: string, file: OpenFile, size: number, sound: Sound): Promise<Track> {
    const reader = (offset: number, length: number) => read(file, offset, length);
    const extent = await audioExtent(reader, size);
    const parser = await parserFor(reader, extent, { gainOf: (texts) => gainOf(texts, sound) });
    const track = new Track(path, file, size, extent, parser, sound.isCopy === true);
    const inStream = await track.#readFirst();
    if (track.format.codec === "mp3") await track.#shapeTo(sound);
    track.#metadata = inStream ?? (await readTags(reader, extent, size)) ?? metadataOfName(path);
    return track;
  }

  /** From the stream's headers, else from tags, else from the file name. */
  get metadata(): Metadata {
    return this.#metadata;
  }

  /** The part of its audio that was there when it was opened, as far as MP3 says: 1 for all, and while it may grow. */
  get partThere(): number {
    return this.#mayGrow ? 1 : this.#partThere;
  }

  get format(): StreamFormat {
    const { format } = this.parser;
    if (format === null) throw new TrackError(NO_AUDIO);
    return format;
  }

  /** dB by which its frames are changed as they go out; null if they are not, as in other codecs than MP3. */
  get gain(): number | null {
    return this.#shape === null ? null : this.#shape.steps * STEP_DB;
  }

  /** kbit/s, averaged over the frames read so far. */
  get bitrate(): number {
    return this.parser.bitrate;
  }

  /** Sets the level and the ends of the MP3 that next() gives. Throws the file system's error. */
  async #shapeTo({ loudness, trimSilence, measured }: Sound): Promise<void> {
    const tagged = loudness === "off" ? null : await this.#taggedLevel();
    const level = bestLevel(tagged, measured ?? this.#encoderLevel);
    const isTrimmed = trimSilence !== "off";
    this.#shape = new TrackShape({
      steps: gainSteps(level, loudness),
      silence: isTrimmed ? trimSilence : null,
      ends: isTrimmed ? this.#info : null,
    });
  }

  #taggedLevel(): Promise<Level | null> {
    const reader = (offset: number, length: number) => read(this.file, offset, length);
    return readLevel(reader, this.extent, this.size);
  }

  /** The level measured by its encoder, from the info frame. */
  get #encoderLevel(): Level | null {
    const { replayGain = null, peak = null } = this.#info ?? {};
    return replayGain === null ? null : levelOfReplayGain(replayGain, peak);
  }

  /** Bytes of omitted frames that the first frames of next() may refer to. */
  get before(): Uint8Array {
    return this.#shape?.before ?? new Uint8Array(0);
  }

  /** The next frames, in memory of their own; null at the end. With `canWait`, returns no frames at the end of a file
   * that may still grow. Throws the file system's error. */
  async next(canWait = false): Promise<Frames | null> {
    const shape = this.#shape;
    for (;;) {
      const frames = await this.#readOn(canWait || (shape?.holdsAny ?? false));
      if (shape === null) return frames;
      if (frames?.count === 0) return canWait ? frames : this.#released(shape);
      const shaped = frames === null ? this.#rest(shape) : shape.push(frames);
      this.#read = frames;
      if (frames === null || shaped.count > 0) return shaped.count > 0 ? shaped : null;
    }
  }

  /** What was held back of a file that still grows: its end is not known in time. */
  #released(shape: TrackShape): Frames {
    return this.#read === null ? NO_FRAMES : shape.release(this.#read);
  }

  /** What was held back until its end was known. */
  #rest(shape: TrackShape): Frames {
    return this.#read === null ? NO_FRAMES : shape.end(this.#read);
  }

  async #readOn(canWait: boolean): Promise<Frames | null> {
    const first = this.#first;
    this.#first = null;
    if (first !== null) return first;
    const limit = this.#offset + MAX_GARBAGE_BYTES;
    let frames = this.parser.next();
    while (frames.count === 0 && !this.#isEnded && this.#offset < limit) {
      if (this.#offset >= this.extent.end && !(await this.#hasGrown())) {
        if (canWait && this.#mayGrow) return NO_FRAMES;
        this.#isEnded = true;
        frames = this.parser.end();
      } else frames = await this.#parse();
    }
    return frames.count === 0 ? null : copyFrames(frames);
  }

  /** Waits for a pending read; after this, next() returns null. */
  async close(): Promise<void> {
    this.#isEnded = true;
    this.#read = null;
    await this.file.close();
  }

  /** Drops the info frame, which gives the file's length to players: on air it would be a gap and a wrong length.
   * Returns the stream's own metadata, if any. */
  async #readFirst(): Promise<Metadata | null> {
    const frames = await this.next();
    if (frames === null) throw new TrackError(NO_AUDIO);
    const first = frames.bytes.subarray(0, frames.table[0]);
    const isInfo = isInfoFrame(first);
    this.#info = readInfoFrame(first);
    if (isInfo)
      this.#partThere = partThere(parseInfoFrame(first), this.extent.end - this.extent.start);
    const audio = isInfo ? sliceFrames(frames, 1) : frames;
    this.#first = audio.count > 0 ? audio : await this.next();
    if (this.#first === null) throw new TrackError(NO_AUDIO);
    return frames.metadata ?? null;
  }

  async #parse(): Promise<Frames> {
    const length = Math.min(READ_BYTES, this.extent.end - this.#offset);
    const chunk = await read(this.file, this.#offset, length);
    this.#offset += chunk.length;
    if (chunk.length > 0) return this.parser.push(chunk);
    this.#isEnded = true;
    return this.parser.end();
  }

  /** Whether the file has grown since the last check; updates the extent. */
  async #hasGrown(): Promise<boolean> {
    const { size, mtimeMs } = await this.file.stat();
    this.#writtenMs = Math.max(mtimeMs, size > this.size ? wallClock.nowMs() : 0);
    if (size <= this.size) return false;
    this.size = size;
    const { end } = await audioExtent((offset, length) => read(this.file, offset, length), size);
    this.extent = { start: this.extent.start, end };
    return this.#offset < end;
  }

  get #mayGrow(): boolean {
    return !this.isCopy && wallClock.nowMs() - this.#writtenMs < GROWING_MS;
  }
}

/** Of Opus, by its comments. */
function gainOf(texts: readonly (readonly [string, string])[], sound: Sound): number {
  return gainDb(bestLevel(levelOfTexts(texts), sound.measured), sound.loudness);
}

async function read(file: OpenFile, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}

/** "01 Artist - Title.mp3": drops the track number; the part before " - " is the artist. */
export function metadataOfName(path: string): Metadata {
  const shown = shownPath(path);
  const name = plainText(basename(shown, extname(shown)).replaceAll("_", " "));
  // "01 …" and "7. …" begin with a track number; "50 Cent" and "99 Luftballons" do not.
  const bare = name.replace(/^(?:0\d{1,2}[.\s-]+|\d{1,3}(?:\.|\s*-)\s+)(?=\S)/, "");
  return splitTitle(bare);
}

// One file of the playlist: its metadata, and its audio in whole frames, read in blocks.
import { audioExtent, type Extent } from "../../format/tags/extent.ts";
import { type FrameParser, type Frames, NO_FRAMES, type StreamFormat } from "../../format/frame.ts";
import { copyFrames, sliceFrames } from "../../format/frame-slice.ts";
import { type InfoFrame, readInfoFrame } from "../../format/mpeg/info-frame.ts";
import { STEP_DB } from "../../format/mpeg/global-gain.ts";
import type { TrackShape } from "../../format/mpeg/track-shape.ts";
import { type OggEnd, oggEndOf } from "../../format/ogg/ogg-end.ts";
import { createOggParser } from "../../format/ogg/ogg.ts";
import { isInfoFrame } from "../../format/sync/mpeg.ts";
import { wallClock } from "../../lib/clock.ts";
import { bytesAt, type OpenFile, type Opener } from "../../lib/open-file.ts";
import {
  MAX_GARBAGE_BYTES,
  NO_AUDIO,
  NO_FILE,
  parserFor,
  TrackError,
} from "../../library/playable.ts";
import { parseInfoFrame, partThere } from "../../library/mp3-length.ts";
import { fileVersion } from "../../library/converter.ts";
import { readTags } from "../../library/tags.ts";
import { type Metadata, NO_METADATA } from "../../mount/metadata.ts";
import { HeaderGain } from "./header-gain.ts";
import type { Level } from "./level.ts";
import { metadataOfName } from "./file-title.ts";
import { readLevel } from "./level-tags.ts";
import { AS_IT_IS, shapeOf, type Sound } from "./sound.ts";

const READ_BYTES = 65_536;

/** A file modified this recently may still grow: uploads pause. */
export const GROWING_MS = 2000;

type Stat = Parameters<typeof fileVersion>[0];

export class Track {
  private size: number;
  /** As by fileVersion(). */
  readonly version: string;
  #offset: number;
  #isEnded = false;
  #metadata = NO_METADATA;
  /** Frames that were read before they were wanted. */
  #first: Frames | null = null;
  /** Time of the file's last change, in milliseconds since 1970. */
  #writtenMs = 0;
  #info: InfoFrame | null = null;
  #partThere = 1;
  #shape: TrackShape | null = null;
  /** Number of the next frame to be read, the info frame not counted. */
  #count = 0;
  #stop: number | null = null;
  #format: StreamFormat | null = null;
  /** Of Ogg: where its stream is. */
  #end: OggEnd | null = null;
  /** The latest batch; null before the first and after the last. */
  #read: Frames | null = null;

  private constructor(
    readonly path: string,
    private readonly file: OpenFile,
    stat: Stat,
    private extent: Extent,
    private parser: FrameParser,
    private readonly isCopy: boolean,
    private readonly header: HeaderGain,
  ) {
    this.#offset = extent.start;
    this.size = stat.size;
    this.version = fileVersion(stat);
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
      return await Track.#prepare(path, file, stat, sound, metadata);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  static async #prepare(
    path: string,
    file: OpenFile,
    stat: Stat,
    sound: Sound,
    title: Metadata | null,
  ): Promise<Track> {
    const { size } = stat;
    const reader = (offset: number, length: number) => bytesAt(file, offset, length);
    const extent = await audioExtent(reader, size);
    const header = new HeaderGain(sound, title);
    const parser = await parserFor(reader, extent, header.options);
    const track = new Track(path, file, stat, extent, parser, sound.isCopy === true, header);
    const inStream = await track.#readFirst();
    if (track.format.codec === "mp3")
      track.#shape = await shapeOf(sound, track.#info, () => track.#taggedLevel());
    track.#end = oggEndOf(track.format.codec);
    const own = inStream ?? (await readTags(reader, extent, size)) ?? metadataOfName(path);
    track.#metadata = title ?? own;
    track.#writtenMs = stat.mtimeMs;
    return track;
  }

  /** As it is known already, else from the stream's headers, from tags, or from the file name. */
  get metadata(): Metadata {
    return this.#metadata;
  }

  /** Of its audio, when it was opened, as far as MP3 says: 1 for all, and while it may grow. */
  get partThere(): number {
    return this.#mayGrow ? 1 : this.#partThere;
  }

  get format(): StreamFormat {
    const format = this.parser.format ?? this.#format;
    if (format === null) throw new TrackError(NO_AUDIO);
    return format;
  }

  /** dB by which its frames, or Opus by its header, are changed as they go out; null if they are not. */
  get gain(): number | null {
    if (this.format.codec === "opus") return this.header.decibels;
    return this.#shape === null ? null : this.#shape.steps * STEP_DB;
  }

  /** By which the gain fields of MP3 are changed. */
  get steps(): number {
    return this.#shape?.steps ?? 0;
  }

  /** kbit/s, averaged over the frames read so far. */
  get bitrate(): number {
    return this.parser.bitrate;
  }

  /** Of MP3 and Ogg: next() begins with the frame of this number. To be called before next(). */
  beginAt(frame: number): void {
    this.#shape = this.#shape?.from(frame) ?? null;
    if (this.#end === null) return;
    this.#format = this.format;
    this.parser = createOggParser({ ...this.header.options, startPage: frame });
    this.#offset = this.extent.start;
    this.#first = null;
  }

  /** Of MP3 and Ogg: next() ends before the frame of this number; with the file for null, and if that is over. */
  stopAt(frame: number | null): void {
    const canStop = this.#shape !== null || this.#end !== null;
    this.#stop = canStop && frame !== null && frame >= this.#count ? frame : null;
  }

  /** Of Ogg that was stopped: an empty page that ends its stream; null if it has ended by itself. */
  get lastPage(): Frames | null {
    const [bytes, like] = [this.#end?.page() ?? null, this.#read];
    if (bytes === null || like === null) return null;
    const table = Uint32Array.of(bytes.length, 0, 0);
    return { ...like, bytes, table, samples: Uint32Array.of(0), count: 1, seconds: 0 };
  }

  /** next() has given all frames before the one to stop at. */
  get isStopped(): boolean {
    return this.#stop !== null && this.#count >= this.#stop;
  }

  #taggedLevel(): Promise<Level | null> {
    const reader = (offset: number, length: number) => bytesAt(this.file, offset, length);
    return readLevel(reader, this.extent, this.size);
  }

  /** Bytes of omitted frames that the first frames of next() may refer to. */
  get before(): Uint8Array {
    return this.#shape?.before ?? new Uint8Array(0);
  }

  /** The next frames, about `limit` at most, in memory of their own; null at the end. With `canWait`, none at the end of a file
   * that may still grow. Throws the file system's error. */
  async next(canWait = false, limit = Number.POSITIVE_INFINITY): Promise<Frames | null> {
    const shape = this.#shape;
    for (;;) {
      if (this.isStopped) return shape?.holdsAny === true ? this.#released(shape) : null;
      const read = await this.#readOn(canWait || (shape?.holdsAny ?? false));
      const frames = this.#upToStop(read, limit);
      if (shape === null) return this.#passed(frames);
      if (frames?.count === 0) return canWait ? frames : this.#released(shape);
      const shaped = frames === null ? this.#rest(shape) : shape.push(frames);
      this.#read = frames;
      if (frames === null || shaped.count > 0) return shaped.count > 0 ? shaped : null;
    }
  }

  #passed(frames: Frames | null): Frames | null {
    if (frames === null || frames.count === 0) return frames;
    this.#end?.pass(frames);
    return (this.#read = frames);
  }

  /** What is beyond the stop, or the limit, is kept for later. */
  #upToStop(frames: Frames | null, limit: number): Frames | null {
    if (frames === null) return null;
    const left = Math.min(limit, (this.#stop ?? Number.POSITIVE_INFINITY) - this.#count);
    this.#count += Math.min(left, frames.count);
    if (left >= frames.count) return frames;
    this.#first = sliceFrames(frames, left);
    return sliceFrames(frames, 0, left);
  }

  /** What was held back and is not the end, or whose end is not known in time. */
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

  /** Waits for a pending read; next() returns null then. */
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
    const { start, end } = this.extent;
    if (isInfo) this.#partThere = partThere(parseInfoFrame(first), end - start);
    const audio = isInfo ? sliceFrames(frames, 1) : frames;
    this.#first = audio.count > 0 ? audio : await this.next();
    if (this.#first === null) throw new TrackError(NO_AUDIO);
    this.#count = 0;
    return frames.metadata ?? null;
  }

  async #parse(): Promise<Frames> {
    const length = Math.min(READ_BYTES, this.extent.end - this.#offset);
    const chunk = await bytesAt(this.file, this.#offset, length);
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
    const { end } = await audioExtent((offset, length) => bytesAt(this.file, offset, length), size);
    this.extent = { start: this.extent.start, end };
    return this.#offset < end;
  }

  get #mayGrow(): boolean {
    return !this.isCopy && wallClock.nowMs() - this.#writtenMs < GROWING_MS;
  }
}

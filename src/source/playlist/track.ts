// One file of the playlist: its metadata, and its audio as whole frames, read a little at a time.
import { basename, extname } from "node:path";
import { createParser } from "../../format/create-parser.ts";
import { codecName, DETECT_BYTES, type DetectedCodec, Detector } from "../../format/detect.ts";
import { audioExtent, type Extent, type RangeReader } from "../../format/extent.ts";
import type { FrameParser, Frames, StreamFormat } from "../../format/frame.ts";
import { copyFrames, sliceFrames } from "../../format/frame-slice.ts";
import { isInfoFrame } from "../../format/mpeg.ts";
import type { OpenFile, Opener } from "../../lib/open-file.ts";
import { plainText } from "../../lib/text.ts";
import { type Metadata, NO_METADATA, splitTitle } from "../../mount/metadata.ts";
import { readTags } from "./tags.ts";

const READ_BYTES = 65_536;

/** What files are played from; WebM has no place to start in them that players agree on. */
const PLAYABLE: ReadonlySet<DetectedCodec> = new Set(["mp3", "aac", "ogg"]);

/** So much without a frame is the end of what can be played. */
const MAX_GARBAGE_BYTES = 16 << 20;

/** A file that cannot be played; the message says why in a few words. */
export class TrackError extends Error {
  override readonly name = "TrackError";

  /** Not lasting: the file may be played when others have changed. */
  constructor(
    message: string,
    readonly isLasting = true,
  ) {
    super(message);
  }
}

export class Track {
  #offset: number;
  #isEnded = false;
  #metadata = NO_METADATA;
  /** Frames read while finding out the format. */
  #first: Frames | null = null;

  private constructor(
    readonly path: string,
    private readonly file: OpenFile,
    private readonly extent: Extent,
    private readonly parser: FrameParser,
  ) {
    this.#offset = extent.start;
  }

  /** Opens a file and reads up to its first frames. Throws TrackError, or the file system's error. */
  static async open(path: string, disk: Opener): Promise<Track> {
    const file = await disk.open(path);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new TrackError("it is not a file");
      return await Track.#prepare(path, file, stat.size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  static async #prepare(path: string, file: OpenFile, size: number): Promise<Track> {
    const reader = (offset: number, length: number) => read(file, offset, length);
    const extent = await audioExtent(reader, size);
    const track = new Track(path, file, extent, await parserFor(reader, extent));
    const told = await track.#readFirst();
    track.#metadata = told ?? (await readTags(reader, extent, size)) ?? metadataOfName(path);
    return track;
  }

  /** From what its stream says, else from its tags, else from its name. */
  get metadata(): Metadata {
    return this.#metadata;
  }

  get format(): StreamFormat {
    const { format } = this.parser;
    if (format === null) throw new TrackError(NO_AUDIO);
    return format;
  }

  /** kbit/s, the average of what was read so far. */
  get bitrate(): number {
    return this.parser.bitrate;
  }

  /** The next frames, the caller's to keep; null at the end. Throws the file system's error. */
  async next(): Promise<Frames | null> {
    const first = this.#first;
    this.#first = null;
    if (first !== null) return first;
    const limit = this.#offset + MAX_GARBAGE_BYTES;
    let frames = this.parser.next();
    while (frames.count === 0 && !this.#isEnded && this.#offset < limit) {
      frames = await this.#parse();
    }
    return frames.count === 0 ? null : copyFrames(frames);
  }

  /** Waits for a read under way; next() then gives nothing more. */
  async close(): Promise<void> {
    this.#isEnded = true;
    await this.file.close();
  }

  /** The info frame says the file's length to players: on air it would be a gap and a wrong length.
   * Returns what the stream says is playing, if it does. */
  async #readFirst(): Promise<Metadata | null> {
    const frames = await this.next();
    if (frames === null) throw new TrackError(NO_AUDIO);
    const isInfo = isInfoFrame(frames.bytes.subarray(0, frames.table[0]));
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
}

const NO_AUDIO = "it holds no audio that can be played";

/** By the first bytes behind its tags, whatever the file is called. */
async function parserFor(reader: RangeReader, extent: Extent): Promise<FrameParser> {
  const codec = await codecOf(reader, extent);
  const parser = PLAYABLE.has(codec) ? createParser(codec) : null;
  if (parser !== null) return parser;
  throw new TrackError(
    codec === "unknown" ? NO_AUDIO : `it is ${codecName(codec)}, which cannot be played`,
  );
}

/** A file shorter than two frames tells nothing for sure; MPEG audio can be so short. */
async function codecOf(reader: RangeReader, { start, end }: Extent): Promise<DetectedCodec> {
  const detector = new Detector();
  const last = Math.min(end, start + MAX_GARBAGE_BYTES);
  for (let at = start; at < last;) {
    const chunk = await reader(at, Math.min(DETECT_BYTES, last - at));
    const codec = chunk.length === 0 ? "mp3" : detector.push(chunk);
    if (codec !== null) return codec;
    at += chunk.length;
  }
  return "mp3";
}

async function read(file: OpenFile, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}

/** "01 Artist - Title.mp3": a track number is dropped, and a part before " - " is the artist. */
export function metadataOfName(path: string): Metadata {
  const name = plainText(basename(path, extname(path)).replaceAll("_", " "));
  // "01 …" and "7. …" are numbers of tracks, "50 Cent" and "99 Luftballons" are not.
  const bare = name.replace(/^(?:0\d{1,2}[.\s-]+|\d{1,3}(?:\.|\s*-)\s+)(?=\S)/, "");
  return splitTitle(bare);
}

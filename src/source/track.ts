// One file of the playlist: its metadata, and its audio as whole frames, read a little at a time.
import { type FileHandle, open } from "node:fs/promises";
import { basename, extname } from "node:path";
import { codecName, detectCodec } from "../format/detect.ts";
import { audioExtent } from "../format/extent.ts";
import { FRAME_WORDS, type FrameParser, type Frames, type StreamFormat } from "../format/frame.ts";
import { createMpegParser, isInfoFrame } from "../format/mpeg.ts";
import type { Metadata } from "../mount/metadata.ts";

const READ_BYTES = 65_536;

/** A file that cannot be played; the message says why in a few words. */
export class TrackError extends Error {
  override readonly name = "TrackError";
}

export class Track {
  #offset: number;
  #parser: FrameParser = createMpegParser();
  #ended = false;
  /** Frames read while finding out the format. */
  #first: Frames | null = null;

  private constructor(
    readonly path: string,
    readonly metadata: Metadata,
    private readonly file: FileHandle,
    start: number,
    private readonly end: number,
  ) {
    this.#offset = start;
  }

  /** Opens a file and reads up to its first frames. Throws TrackError, or the file system's error. */
  static async open(path: string): Promise<Track> {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const extent = await audioExtent((offset, length) => read(file, offset, length), size);
      const metadata = await trackMetadata(path);
      const track = new Track(path, metadata, file, extent.start, extent.end);
      await track.#readFirst();
      return track;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Throws TrackError before the first frame, which open() has read. */
  get format(): StreamFormat {
    const format = this.#parser.format;
    if (format === null) throw new TrackError("it holds no MP3 frames");
    return format;
  }

  /** kbit/s, the average of what was read so far. */
  get bitrate(): number {
    return this.#parser.bitrate;
  }

  /** The next frames, the caller's to keep; null at the end. */
  async next(): Promise<Frames | null> {
    const first = this.#first;
    this.#first = null;
    if (first !== null) return first;
    while (!this.#ended) {
      const frames = await this.#parse();
      if (frames.count > 0) return copyFrames(frames);
    }
    return null;
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.file.close();
  }

  /** The info frame says the file's length to players: on air it would be a gap and a wrong length. */
  async #readFirst(): Promise<void> {
    const frames = await this.next();
    if (frames === null) throw new TrackError(await this.#whatElse());
    const isInfo = isInfoFrame(frames.bytes.subarray(0, frames.table[0]));
    const audio = isInfo ? framesFrom(frames, 1) : frames;
    this.#first = audio.count > 0 ? audio : await this.next();
    if (this.#first === null) throw new TrackError("it holds no audio");
  }

  async #parse(): Promise<Frames> {
    const chunk = await read(
      this.file,
      this.#offset,
      Math.min(READ_BYTES, this.end - this.#offset),
    );
    this.#offset += chunk.length;
    if (chunk.length > 0) return this.#parser.push(chunk);
    this.#ended = true;
    return this.#parser.end();
  }

  async #whatElse(): Promise<string> {
    const codec = detectCodec(await read(this.file, 0, READ_BYTES)) ?? "unknown";
    const isOther = codec !== "mp3" && codec !== "unknown";
    return isOther
      ? `it is ${codecName(codec)}, which cannot be played yet`
      : "it holds no MP3 frames";
  }
}

async function read(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}

function copyFrames(frames: Frames): Frames {
  const { count, seconds } = frames;
  return {
    bytes: frames.bytes.slice(),
    table: frames.table.slice(),
    samples: frames.samples.slice(),
    count,
    seconds,
  };
}

/** A view of frames[from .. to); seconds in proportion, as all frames of MP3 play equally long. */
export function framesFrom(frames: Frames, from: number, to: number = frames.count): Frames {
  const table = frames.table.subarray(from * FRAME_WORDS, to * FRAME_WORDS);
  const start = byteLength(frames.table, 0, from);
  const bytes = frames.bytes.subarray(start, start + byteLength(frames.table, from, to));
  const samples = frames.samples.subarray(from, to);
  const count = to - from;
  return { bytes, table, samples, count, seconds: (frames.seconds * count) / frames.count };
}

function byteLength(table: Uint32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += table[i * FRAME_WORDS] ?? 0;
  return sum;
}

/** Artist and title from the tags, else from the file name. */
async function trackMetadata(path: string): Promise<Metadata> {
  const named = metadataOfName(path);
  try {
    // Loaded with the first track: it is not needed before the station listens.
    const { parseFile } = await import("music-metadata");
    const { common } = await parseFile(path, { skipCovers: true, duration: false });
    const title = common.title?.trim() ?? "";
    return title === "" ? named : { artist: common.artist?.trim() ?? "", title };
  } catch {
    // Broken tags are no reason not to play: the audio is judged by its frames.
    return named;
  }
}

/** "01 Artist - Title.mp3": the number is dropped, and a part before " - " is the artist. */
export function metadataOfName(path: string): Metadata {
  const name = basename(path, extname(path)).replaceAll("_", " ").trim();
  const bare = name.replace(/^\d{1,3}[.\s-]+(?=\S)/, "");
  const [, artist = "", title = bare] = /^(.+?) - (.+)$/.exec(bare) ?? [];
  return { artist: artist.trim(), title: title.trim() };
}

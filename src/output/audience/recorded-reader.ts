// Cuts what is read of a recorded file into whole frames, which are pages in Ogg.
import { contentTypeOf, isOgg } from "../../format/content-type.ts";
import { createParser } from "../../format/create-parser.ts";
import type { FrameParser, Frames, StreamFormat } from "../../format/frame.ts";
import { splitFrames } from "../../format/frame-slice.ts";
import { type StoredPage, StoredPages } from "../../format/ogg/stored-pages.ts";
import type { OpenFile } from "../../lib/open-file.ts";
import type { Past, RecordedPlace } from "../../mount/past.ts";
import { headersAt } from "./recorded-headers.ts";

export interface RecordedFrame {
  readonly bytes: Uint8Array;
  readonly micros: number;
  /** Per channel. */
  readonly samples: number;
  /** null: it is none of Ogg. */
  readonly page: StoredPage | null;
}

export interface RecordedReader {
  /** The frames that are complete now. Throws if they cannot be played. */
  push(chunk: Uint8Array): readonly RecordedFrame[];
  /** A last frame that waited for another one. */
  end(): readonly RecordedFrame[];
}

/** Of a file from a place on. Rejects when the disk fails, and when the file cannot be played from there. */
export async function openReader(
  past: Past,
  place: RecordedPlace,
  file: OpenFile,
): Promise<RecordedReader> {
  if (!isOgg(place.format)) return new SyncReader(place.format);
  const pages = new StoredPages(place.origin);
  pages.enter(await headersAt(past, place, file), place.byte > place.headBytes);
  return new PageReader(pages, place.format);
}

class SyncReader implements RecordedReader {
  readonly #parser: FrameParser | null;

  constructor(format: StreamFormat) {
    this.#parser = createParser(contentTypeOf(format) === "audio/aac" ? "aac" : "mp3");
  }

  push(chunk: Uint8Array): RecordedFrame[] {
    const all: RecordedFrame[] = [];
    let frames = this.#parser?.push(chunk);
    for (; frames !== undefined && frames.count > 0; frames = this.#parser?.next())
      all.push(...framesIn(frames));
    return all;
  }

  end(): RecordedFrame[] {
    const frames = this.#parser?.end();
    return frames === undefined ? [] : framesIn(frames);
  }
}

/** Copies. */
function framesIn(frames: Frames): RecordedFrame[] {
  return splitFrames(frames).map(({ bytes, micros, samples }) => {
    return { bytes: bytes.slice(), micros, samples, page: null };
  });
}

class PageReader implements RecordedReader {
  constructor(
    private readonly pages: StoredPages,
    private readonly format: StreamFormat,
  ) {}

  push(chunk: Uint8Array): RecordedFrame[] {
    return this.pages.push(chunk).map((page) => {
      const micros = Math.round((page.samples / this.format.sampleRate) * 1e6);
      return { bytes: page.bytes, micros, samples: page.samples, page };
    });
  }

  /** Part of a page is nothing. */
  end(): RecordedFrame[] {
    return [];
  }
}

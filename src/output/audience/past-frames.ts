// Reads what was recorded from a moment on: whole frames, from file to file, some seconds ahead of what is taken.
import { sameFormat, type StreamFormat } from "../../format/frame.ts";
import { PageJoin } from "../../format/ogg/page-join.ts";
import type { OpenFile } from "../../lib/open-file.ts";
import type { Past, RecordedPlace } from "../../mount/past.ts";
import type { RecordedTitle } from "../../mount/recorded-piece.ts";
import { skippedMicros } from "./recorded-place.ts";
import { openReader, type RecordedFrame, type RecordedReader } from "./recorded-reader.ts";

const READ_BYTES = 32 << 10;

/** Held for a disk that is slow for a while. */
const AHEAD_MICROS = 5e6;

interface Held {
  readonly bytes: Uint8Array;
  readonly micros: number;
  /** That begins with it; null: the one before goes on. */
  readonly title: RecordedTitle | null;
}

/** A title that begins at a frame. */
export interface TitledPlace {
  readonly title: RecordedTitle;
  /** Bytes taken before the frame. */
  readonly at: number;
}

/** Whole frames. */
export interface TakenFrames {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly micros: number;
  readonly titles: readonly TitledPlace[];
}

export class PastFrames {
  #held: Held[] = [];
  #heldMicros = 0;
  #place: RecordedPlace | null = null;
  #file: OpenFile | null = null;
  #reader: RecordedReader | null = null;
  readonly #join: PageJoin;
  #byte = 0;
  /** The number of the next frame's first sample in its file. */
  #sample = 0;
  #titles: readonly RecordedTitle[] = [];
  /** In force where it was read last. */
  #title: RecordedTitle | null = null;
  /** Audio before the moment that was asked for. */
  #skippedMicros = 0;
  /** When the last of what is held was on air. */
  #readMs = 0;
  #isReading = false;
  #isOver = false;
  #isClosed = false;

  constructor(
    private readonly past: Past,
    private readonly format: StreamFormat,
    private readonly atMs: number,
    /** Where to begin; null: at the frame that was on air then. */
    private readonly from: RecordedPlace | null = null,
  ) {
    this.#readMs = from?.atMs ?? atMs;
    this.#join = new PageJoin(from !== null);
  }

  /** What ends a stream that does not go on with what follows here; null if it needs nothing. */
  end(): Uint8Array<ArrayBuffer> | null {
    return this.#join.end();
  }

  /** Nothing comes any more. */
  get isOver(): boolean {
    return this.#isOver && this.#held.length === 0;
  }

  /** When the next frame was on air, in milliseconds since 1970. */
  get nextMs(): number {
    return this.#readMs - this.#heldMicros / 1000;
  }

  /** The frames that begin before this much of what comes next. */
  take(micros: number): TakenFrames {
    let [count, taken] = [0, 0];
    for (; count < this.#held.length && taken < micros; count++)
      taken += this.#held[count]?.micros ?? 0;
    const frames = this.#held.splice(0, count);
    this.#heldMicros -= taken;
    const bytes = Buffer.concat(frames.map((frame) => frame.bytes));
    return { bytes, micros: taken, titles: placesIn(frames) };
  }

  /** Reads as far ahead as is wanted. Never rejects; may never settle. */
  async fill(): Promise<void> {
    if (this.#isReading || this.#isOver || this.#isClosed) return;
    this.#isReading = true;
    try {
      let hasMore = true;
      while (hasMore && this.#isWanting) hasMore = await this.#step();
    } catch {
      this.#isOver = true; // the disk has failed, or the file has gone
    }
    this.#isReading = false;
    if (this.#isOver || this.#isClosed) this.#closeFile();
  }

  close(): void {
    this.#isClosed = true;
    if (!this.#isReading) this.#closeFile();
  }

  get #isWanting(): boolean {
    return this.#heldMicros < AHEAD_MICROS && !this.#isOver && !this.#isClosed;
  }

  /** False if there is nothing more now. */
  async #step(): Promise<boolean> {
    if (this.#place === null) await this.#begin();
    else if (this.#byte < this.#place.endByte) await this.#read(this.#place);
    else return this.#goOn(this.#place);
    return true;
  }

  async #begin(): Promise<void> {
    const place = this.from ?? (await this.past.at(this.atMs));
    await this.#enter(place);
    const isFound = place === null || this.from !== null;
    this.#skippedMicros = isFound ? 0 : skippedMicros(place, this.atMs);
  }

  /** In the file that has grown, or in the next one. */
  async #goOn(place: RecordedPlace): Promise<boolean> {
    const next = (await this.past.after(place)) ?? (await this.past.at(place.endMs));
    if (next?.name === place.name) return this.#grown(place, next);
    this.#hold(this.#reader?.end() ?? []);
    await this.#enter(next);
    return true;
  }

  /** A file that has not grown is over once all of it was taken. */
  #grown(before: RecordedPlace, place: RecordedPlace): boolean {
    this.#place = place;
    if (place.endByte > before.endByte) return true;
    this.#isOver = this.#held.length === 0;
    return false;
  }

  async #enter(place: RecordedPlace | null): Promise<void> {
    this.#closeFile();
    if (place === null || !sameFormat(place.format, this.format)) {
      this.#isOver = true;
      return;
    }
    this.#file = await this.#opened(place);
    this.#place = place;
    this.#byte = place.byte;
    this.#sample = place.sample;
    this.#titles = await this.past.titles(place);
    this.#readMs = place.atMs;
    if (this.#file !== null) this.#reader = await openReader(this.past, place, this.#file);
    this.#join.enter();
  }

  /** Its name may have changed meanwhile: it is complete. */
  async #opened(place: RecordedPlace): Promise<OpenFile> {
    try {
      return await this.past.open(place);
    } catch (error) {
      const again = await this.past.at(place.atMs);
      if (again?.name !== place.name) throw error;
      return this.past.open(again);
    }
  }

  async #read({ endByte }: RecordedPlace): Promise<void> {
    const into = new Uint8Array(Math.min(READ_BYTES, endByte - this.#byte));
    const read = await this.#file?.read(into, 0, into.length, this.#byte);
    const bytesRead = read?.bytesRead ?? 0;
    if (bytesRead === 0) this.#isOver = true;
    this.#byte += bytesRead;
    this.#hold(this.#reader?.push(into.subarray(0, bytesRead)) ?? []);
  }

  #hold(frames: readonly RecordedFrame[]): void {
    for (const { bytes, micros, samples, page } of frames) {
      const title = this.#titles.findLast(({ sample }) => sample <= this.#sample) ?? this.#title;
      this.#sample += samples;
      this.#readMs += micros / 1000;
      this.#skippedMicros -= micros;
      if (this.#skippedMicros > -micros) continue;
      const sent = page === null ? bytes : this.#join.next(page);
      if (sent === null) continue;
      const isOther = title !== this.#title;
      this.#title = title;
      this.#held.push({ bytes: sent, micros, title: isOther ? title : null });
      this.#heldMicros += micros;
    }
  }

  #closeFile(): void {
    const file = this.#file;
    this.#file = null;
    file?.close().catch(() => undefined);
  }
}

function placesIn(frames: readonly Held[]): TitledPlace[] {
  let before = 0;
  return frames.flatMap(({ bytes, title }) => {
    const at = before;
    before += bytes.length;
    return title === null ? [] : [{ title, at }];
  });
}

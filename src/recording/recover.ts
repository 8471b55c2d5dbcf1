// Completes a file that a crash left as .part: counts its frames, drops a last one that is cut off, and gives it its name.
import { infoFrame } from "../audio/length-frame.ts";
import type { FileCall, OpenedFile } from "../disk/call.ts";
import type { Disk } from "../disk/disk.ts";
import { createParser } from "../format/create-parser.ts";
import type { Codec, FrameParser, StreamFormat } from "../format/frame.ts";
import type { OpenFile } from "../lib/open-file.ts";
import { formatIn, type RecordingDocument, type Summary, summaryIn } from "./document.ts";
import { ID3_BYTES } from "./id3-tag.ts";
import { PagesLength } from "./pages-length.ts";
import { localIso, type Offset } from "./wall-hours.ts";

const CHUNK_BYTES = 65_536;

/** What a file belongs to that has no document. */
export interface Owner {
  readonly mount: string;
  readonly recording: string;
  readonly station: string;
}

/** Counts whole frames. */
interface Counter {
  /** Up to the end of the last one, with what is no frame between them. */
  readonly bytes: number;
  readonly frames: number;
  readonly samples: number;
  readonly format: StreamFormat | null;
  push(chunk: Uint8Array): void;
  /** Nothing follows. Returns what is written behind the frames. */
  end(): Uint8Array;
}

const CODECS: Readonly<Record<string, Codec>> = {
  ".mp3": "mp3",
  ".mp2": "mp2",
  ".mp1": "mp1",
  ".aac": "aac",
  ".ogg": "vorbis",
  ".opus": "opus",
  ".oga": "flac",
  ".spx": "speex",
};

/** False if it cannot be completed, and stays. Rejects with a DiskError. */
export async function recover(
  disk: Disk,
  part: string,
  owner: Owner,
  offset: Offset,
): Promise<boolean> {
  const path = part.slice(0, part.lastIndexOf("."));
  const base = path.slice(0, path.lastIndexOf("."));
  const ask = (call: FileCall) => disk.ask(call, false);
  const known = await documentAt(ask, `${base}.json`);
  const codec = known === null ? CODECS[path.slice(base.length)] : (known.codec as Codec);
  const file = await disk.open(part);
  try {
    const headBytes = known?.head_bytes ?? (codec === undefined ? 0 : await headOf(file, codec));
    const counter = counterOf(codec);
    const { mtimeMs } = await file.stat();
    await count(file, headBytes, counter);
    const tail = counter?.end() ?? new Uint8Array(0);
    if (counter !== null && counter.frames === 0) return await discard(ask, [part, `${base}.json`]);
    const document = completed(known, owner, { path, headBytes, mtimeMs, counter }, offset);
    await finish(ask, part, document, { counter, tail });
    const bytes = new TextEncoder().encode(`${JSON.stringify(document)}\n`);
    await ask({ call: "replace", path: `${base}.json`, bytes, mode: 0o640 });
    await ask({ call: "settle", from: part, to: path });
    return true;
  } finally {
    await file.close();
  }
}

type Ask = (call: FileCall) => Promise<unknown>;

/** It has no audio. */
async function discard(ask: Ask, paths: readonly string[]): Promise<false> {
  await ask({ call: "remove", paths, upTo: "" });
  return false;
}

async function documentAt(ask: Ask, path: string): Promise<RecordingDocument | null> {
  const call = { call: "documents", paths: [path], keys: [], maxBytes: 8 << 20 } as const;
  const [whole] = (await ask(call)) as (object | null)[];
  return summaryIn(whole) === null ? null : (whole as RecordingDocument);
}

/** The tag in front, and the length frame of MP3. */
async function headOf(file: OpenFile, codec: Codec): Promise<number> {
  const start = new Uint8Array(ID3_BYTES + 2048);
  await file.read(start, 0, start.length, 0);
  const isTagged = Buffer.from(start.subarray(0, 3)).toString("latin1") === "ID3";
  if (!isTagged || codec !== "mp3") return isTagged ? ID3_BYTES : 0;
  const parser = createParser("mp3");
  const format = parser?.push(start.subarray(ID3_BYTES)) && parser.format;
  return format ? ID3_BYTES + infoFrame(format, NO_FACTS).length : ID3_BYTES;
}

const NO_FACTS = { frames: 0, bytes: 0, delay: 0, padding: 0, loudness: null, truePeak: null };

function counterOf(codec: Codec | undefined): Counter | null {
  if (codec === undefined || /^(?:webm|matroska)-/.test(codec)) return null;
  if (codec === "aac") return new FrameCounter(createParser("aac"));
  return /^mp\d$/.test(codec) ? new FrameCounter(createParser("mp3")) : new PagesLength();
}

async function count(file: OpenFile, from: number, counter: Counter | null): Promise<void> {
  if (counter === null) return;
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let at = from; ;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return;
    counter.push(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
}

class FrameCounter implements Counter {
  frames = 0;
  samples = 0;
  #bytes = 0;
  #garbage = 0;

  constructor(private readonly parser: FrameParser | null) {}

  get format(): StreamFormat | null {
    return this.parser?.format ?? null;
  }

  get bytes(): number {
    return this.#bytes + this.#garbage;
  }

  push(chunk: Uint8Array): void {
    const { parser } = this;
    if (parser === null) return;
    for (let some = parser.push(chunk); some.count > 0; some = parser.next()) this.#add(some);
    this.#garbage = parser.garbageBytes;
  }

  end(): Uint8Array {
    if (this.parser !== null) this.#add(this.parser.end());
    return new Uint8Array(0);
  }

  #add({ bytes, count: frames, samples }: ReturnType<FrameParser["push"]>): void {
    this.#bytes += bytes.length;
    this.frames += frames;
    for (const own of samples.subarray(0, frames)) this.samples += own;
  }
}

interface Found {
  readonly path: string;
  readonly headBytes: number;
  readonly mtimeMs: number;
  readonly counter: Counter | null;
}

/** What was written last of it, with the length that it really has. */
function completed(
  known: RecordingDocument | null,
  owner: Owner,
  { path, headBytes, mtimeMs, counter }: Found,
  offset: Offset,
): RecordingDocument {
  const format = known === null ? (counter?.format ?? null) : formatIn(known);
  const rate = format?.sampleRate ?? 48_000;
  const delay = known?.delay ?? 0;
  const counted = counter === null || counter.samples === 0 ? null : counter.samples - delay;
  const endMs = Math.round(mtimeMs);
  const startMs = known?.start_ms ?? endMs - ((counted ?? 0) / rate) * 1000;
  const seconds = counted === null ? (endMs - startMs) / 1000 : counted / rate;
  const plain = known ?? blank(owner, path, format);
  return {
    ...plain,
    start: localIso(startMs, offset),
    end: localIso(endMs, offset),
    start_ms: startMs,
    end_ms: endMs,
    seconds,
    samples: Math.round(seconds * rate),
    frames: counter?.frames ?? plain.frames,
    audio_bytes: counter?.bytes ?? plain.audio_bytes,
    head_bytes: headBytes,
  };
}

function blank(owner: Owner, path: string, format: StreamFormat | null): RecordingDocument {
  const summary: Omit<Summary, "start_ms" | "end_ms" | "seconds" | "samples"> = {
    version: 1,
    mount: owner.mount,
    recording: owner.recording,
    station: owner.station,
    show: "",
    file: path.slice(path.lastIndexOf("/") + 1),
    codec: format?.codec ?? "mp3",
    sample_rate: format?.sampleRate ?? 44_100,
    channels: format?.channels ?? 2,
    frames: 0,
    head_bytes: 0,
    audio_bytes: 0,
    delay: 0,
    lost_seconds: 0,
    hold: false,
  };
  const times = { start: "", end: "", start_ms: 0, end_ms: 0, seconds: 0, samples: 0 };
  const marks = { titles: [], sources: [], gaps: [], anchors: [] };
  return { ...summary, ...times, ...marks, listeners: { peak: 0, average: 0 } };
}

async function finish(
  ask: Ask,
  part: string,
  { codec, head_bytes: head, delay, ...rest }: RecordingDocument,
  { counter, tail }: { readonly counter: Counter | null; readonly tail: Uint8Array },
): Promise<void> {
  if (counter === null) return;
  const { fd } = (await ask({ call: "edit", path: part })) as OpenedFile;
  try {
    const end = head + counter.bytes;
    await ask({ call: "truncate", fd, size: end });
    await ask({ call: "writeAt", fd, bytes: tail.slice(), position: end });
    if (codec === "mp3") await writeLength(ask, fd, { ...rest, codec, delay }, counter);
    await ask({ call: "sync", fd });
  } finally {
    await ask({ call: "close", fd });
  }
}

async function writeLength(
  ask: Ask,
  fd: number,
  facts: Pick<Summary, "codec" | "sample_rate" | "channels" | "delay">,
  { frames, bytes, format }: Counter,
): Promise<void> {
  if (format === null) return;
  const length = { ...NO_FACTS, frames, bytes, delay: facts.delay };
  const frame = infoFrame(format, length).slice();
  await ask({ call: "writeAt", fd, bytes: frame, position: ID3_BYTES });
}

// Decodes WAV (RIFF, RF64) and AIFF (AIFC too) as they stream in: chunks in a row, one of them the audio.
import { Intake } from "../format/parts/intake.ts";
import { isText } from "../format/parts/bytes.ts";
import { aiffLayout, wavLayout } from "./pcm-layout.ts";
import { deinterleaved, type SampleLayout } from "./pcm-samples.ts";
import { AudioError, type Pcm, UnknownAudioError } from "./pcm.ts";

/** Larger chunks that describe the audio are damage. */
const MAX_FORMAT_BYTES = 4096;

const FORM_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;

/** A size that was not known when it was written. */
const ENDLESS = 0xffff_ff00;

type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Two containers that differ in byte order and names. */
interface Container {
  readonly isLittleEndian: boolean;
  readonly format: string;
  readonly audio: string;
  /** Bytes between the head of the audio's chunk and the audio. */
  readonly gap: number;
  layout(chunk: DataView): SampleLayout | null;
}

const WAV: Container = {
  isLittleEndian: true,
  format: "fmt ",
  audio: "data",
  gap: 0,
  layout: wavLayout,
};
const AIFF: Container = {
  isLittleEndian: false,
  format: "COMM",
  audio: "SSND",
  gap: 8,
  layout: aiffLayout,
};

/** A program's output too, whose sizes are not known when it begins. */
export function decodeWav(chunks: Chunks): AsyncGenerator<Pcm> {
  return decodeContainer(WAV, chunks);
}

export function decodeAiff(chunks: Chunks): AsyncGenerator<Pcm> {
  return decodeContainer(AIFF, chunks);
}

async function* decodeContainer(container: Container, chunks: Chunks): AsyncGenerator<Pcm> {
  const walk = new ContainerWalk(container);
  for await (const chunk of chunks) {
    const pcm = walk.push(chunk);
    if (pcm !== null) yield pcm;
    if (walk.isOver) return;
  }
  if (!walk.hasAudio) throw new AudioError("it has no playable audio");
}

class ContainerWalk {
  readonly #intake = new Intake();
  #layout: SampleLayout | null = null;
  /** Bytes of a chunk that nobody needs. */
  #skip = FORM_BYTES;
  /** Bytes of audio still to come; null outside the audio. */
  #left: number | null = null;
  /** The size of the audio in RF64, whose own field is too narrow. */
  #longSize: number | null = null;

  constructor(private readonly container: Container) {}

  get hasAudio(): boolean {
    return this.#left !== null;
  }

  /** All of the audio has been returned; what follows is tags. */
  get isOver(): boolean {
    return this.#left === 0;
  }

  push(chunk: Uint8Array): Pcm | null {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    this.#intake.push(chunk.subarray(skipped));
    while (this.#left === null && this.#skip === 0 && this.#enter());
    return this.#left === null || this.#layout === null ? null : this.#take(this.#layout);
  }

  /** False if more bytes are needed. */
  #enter(): boolean {
    const { bytes } = this.#intake;
    const { isLittleEndian, format, audio, gap } = this.container;
    if (bytes.length < CHUNK_HEAD_BYTES + gap) return false;
    const view = viewOf(bytes);
    const size = view.getUint32(4, isLittleEndian);
    if (isText(bytes, 0, audio)) return this.#enterAudio(size);
    const isNeeded = isText(bytes, 0, format) || isText(bytes, 0, "ds64");
    if (!isNeeded) return this.#pass(CHUNK_HEAD_BYTES + size + (size % 2));
    if (size > MAX_FORMAT_BYTES) throw new AudioError("its header is damaged");
    if (bytes.length < CHUNK_HEAD_BYTES + size) return false;
    this.#describe(bytes.subarray(0, CHUNK_HEAD_BYTES + size));
    return this.#pass(CHUNK_HEAD_BYTES + size + (size % 2));
  }

  #describe(chunk: Uint8Array): void {
    const body = viewOf(chunk.subarray(CHUNK_HEAD_BYTES));
    if (isText(chunk, 0, "ds64")) {
      this.#longSize = body.byteLength < 16 ? null : Number(body.getBigUint64(8, true));
      return;
    }
    this.#layout = this.container.layout(body);
    if (this.#layout === null) throw new UnknownAudioError("it holds compressed audio");
  }

  #enterAudio(size: number): boolean {
    if (this.#layout === null) throw new AudioError("its header is damaged");
    const { gap } = this.container;
    const isEndless = size === 0 || size >= ENDLESS;
    this.#left = isEndless ? (this.#longSize ?? Infinity) : Math.max(0, size - gap);
    this.#intake.skip(CHUNK_HEAD_BYTES + gap);
    return false;
  }

  #pass(length: number): boolean {
    const here = Math.min(length, this.#intake.length);
    this.#intake.skip(here);
    this.#skip = length - here;
    return this.#skip === 0;
  }

  /** The whole sample frames that have arrived. */
  #take(layout: SampleLayout): Pcm | null {
    const stride = layout.bytes * layout.channels;
    const left = this.#left ?? 0;
    const length = Math.min(this.#intake.length, left);
    const whole = length - (length % stride);
    this.#left = left - whole < stride ? 0 : left - whole;
    if (whole === 0) return null;
    const channels = deinterleaved(this.#intake.bytes.subarray(0, whole), layout);
    this.#intake.skip(whole);
    return { sampleRate: layout.sampleRate, channels };
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

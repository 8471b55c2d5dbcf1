// Shapes the frames of one MP3 file on their way: their level, what the encoder added at both ends, and digital silence
// there. Nothing is decoded, and what is left out is whole frames.
import type { Frames } from "../frame.ts";
import { mergeFrames, type SingleFrame, splitFrames } from "../frame-slice.ts";
import { shiftGain } from "./global-gain.ts";
import { type Layer3Frame, readLayer3 } from "./layer3.ts";
import { Reservoir } from "./reservoir.ts";

export interface Shape {
  /** Steps of global_gain. */
  readonly steps: number;
  /** Seconds of digital silence that stay at each end; null: all of it. */
  readonly silence: number | null;
  /** Samples that the encoder added at the ends; null: unknown. */
  readonly ends: { readonly delay: number; readonly padding: number } | null;
  /** Frames to leave out at the start, because something else plays in their place; what follows begins with sound.
   * Absent: none. */
  readonly start?: number;
}

/** Samples by which a decoder's output is late. */
const DECODER_DELAY = 529;

/** Part of a frame that may be lost at the start, so that a whole frame of silence is: 47 samples, with LAME's delay. */
const START_SLACK = 0.09;

/** The same at the end, where a last note has mostly decayed: some 400 samples, by the samples of a frame. What stays is no audible
 * gap, with the fade of 576 samples in which a short frame begins. */
const END_SLACK = { 1152: 0.35, 576: 0.75 } as const;

/** Longer silence is meant, wherever it stands. */
const MAX_SILENCE_SECONDS = 30;

export class TrackShape {
  readonly #reservoir = new Reservoir();
  /** What may turn out to be the end; before the first sound: what may be left out. */
  #held: SingleFrame[] = [];
  #hasBegun = false;
  #hasGiven = false;
  /** The newest frame that was left out at the start. */
  #leftOut: SingleFrame | null = null;
  #skipped = 0;

  constructor(private readonly shape: Shape) {}

  /** By which global_gain is changed. */
  get steps(): number {
    return this.shape.steps;
  }

  /** The same for a track of which the first `start` frames are left out. */
  from(start: number): TrackShape {
    return new TrackShape({ ...this.shape, start });
  }

  /** The slots of what was left out before the first frame given, which that frame may refer to. */
  get before(): Uint8Array {
    return this.#reservoir.bytes;
  }

  /** Frames of the file in order, which are the caller's and are changed in place. Returns those that play. */
  push(frames: Frames): Frames {
    const played = splitFrames(frames).flatMap((frame) => this.#take(frame));
    this.#hasGiven ||= played.length > 0;
    return mergeFrames(frames, played);
  }

  /** Frames are held back that may turn out to be the end. */
  get holdsAny(): boolean {
    return this.#held.length > 0;
  }

  /** What is held back, because more of the file is to come; `like` is any batch of the file. */
  release(like: Frames): Frames {
    const held = this.#held;
    this.#held = [];
    this.#hasBegun = true;
    this.#hasGiven ||= held.length > 0;
    return mergeFrames(like, held);
  }

  /** Those that play of what was held back; `like` is any batch of the file. */
  end(like: Frames): Frames {
    const rest = this.#held;
    this.#held = [];
    const played = this.#hasBegun ? this.#withoutEnd(rest) : rest;
    // A file that plays nothing would be asked for its successor at once, and that again.
    const last = rest.at(-1) ?? this.#leftOut;
    const isNothing = !this.#hasGiven && played.length === 0 && last !== null;
    return mergeFrames(like, isNothing ? [last] : played);
  }

  #take(frame: SingleFrame): SingleFrame[] {
    const layer3 = readLayer3(frame.bytes);
    if (layer3 !== null) shiftGain(layer3, this.shape.steps);
    if (this.#isLeftOut(frame, layer3)) {
      this.#skipped++;
      this.#leftOut = { ...frame, bytes: frame.bytes.slice() };
      this.#reservoir.push(frame.bytes);
      return [];
    }
    return this.shape.silence === null ? this.#give(frame) : this.#hold(frame, layer3);
  }

  #give(frame: SingleFrame): SingleFrame[] {
    this.#hasBegun = true;
    return [frame];
  }

  /** What the encoder put in front, and frames of a file cut out of another that refer to what was before the cut. */
  #isLeftOut(frame: SingleFrame, layer3: Layer3Frame | null): boolean {
    if (this.#hasBegun || this.#held.length > 0) return false;
    const { start = 0 } = this.shape;
    if (start > 0) return this.#skipped < start;
    if (this.#skipped < this.#delayFrames(frame)) return true;
    return layer3 !== null && layer3.mainDataBegin > this.#reservoir.bytes.length;
  }

  /** Gives what cannot be the end, nor silence in front. */
  #hold(frame: SingleFrame, layer3: Layer3Frame | null): SingleFrame[] {
    this.#hasBegun ||= this.shape.start !== undefined;
    const isSilent = layer3?.needBytes === 0;
    const isLong = this.#held.length > keptFrames(MAX_SILENCE_SECONDS, frame);
    if (isSilent && !isLong) {
      this.#held.push(frame);
      return [];
    }
    if (!this.#hasBegun && !isSilent) this.#held = this.#withoutStart(this.#held);
    this.#hasBegun = true;
    this.#held.push(frame);
    return this.#held.splice(0, this.#held.length - Math.max(1, this.#paddingFrames(frame)));
  }

  #delayFrames({ samples }: SingleFrame): number {
    const { ends } = this.shape;
    return ends === null ? 0 : wholeFrames(ends.delay + DECODER_DELAY, samples, START_SLACK);
  }

  #withoutStart(silence: SingleFrame[]): SingleFrame[] {
    const [first] = silence;
    if (first === undefined) return silence;
    const excess = Math.max(0, silence.length - keptFrames(this.shape.silence, first));
    for (const { bytes } of silence.slice(0, excess)) this.#reservoir.push(bytes);
    return silence.slice(excess);
  }

  #paddingFrames({ samples }: SingleFrame): number {
    const { ends } = this.shape;
    const slack = END_SLACK[samples === 576 ? 576 : 1152];
    return ends === null ? 0 : wholeFrames(ends.padding - DECODER_DELAY, samples, slack);
  }

  #withoutEnd(rest: SingleFrame[]): SingleFrame[] {
    const [first] = rest;
    if (first === undefined) return rest;
    const played = rest.slice(0, Math.max(0, rest.length - this.#paddingFrames(first)));
    const sound = played.findLastIndex(({ bytes }) => readLayer3(bytes)?.needBytes !== 0);
    return played.slice(0, sound + 1 + keptFrames(this.shape.silence, first));
  }
}

function keptFrames(seconds: number | null, { samples, micros }: SingleFrame): number {
  if (seconds === null || samples === 0) return Number.POSITIVE_INFINITY;
  return Math.round((seconds * 1_000_000) / micros);
}

function wholeFrames(samples: number, frameSamples: number, slack: number): number {
  return Math.max(0, Math.floor(samples / frameSamples + slack));
}

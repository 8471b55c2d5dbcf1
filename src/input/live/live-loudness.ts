// How loud a mount's live source is. It is measured in windows of three seconds, elsewhere, and never changed.
import { GatedLoudness } from "../../audio/gated-loudness.ts";
import type { AudioWindow } from "../../convert/window-meter.ts";
import type { HeardWindow } from "../../convert/job.ts";
import { type Codec, codecLabel, type Frames } from "../../format/frame.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Input } from "../../mount/roles.ts";
import { LiveWindow } from "./live-window.ts";

/** What has a decoder here. */
const MEASURED: ReadonlySet<Codec> = new Set(["mp3", "mp2", "mp1", "vorbis", "opus", "flac"]);

/** A source that only tests whether it gets in is not measured. */
const SETTLED_MS = 5000;

/** Only one window of so many is measured where decoding costs more, so that no source takes a hundredth of a processor. */
const EACH_OF_OGG = 2;
const EACH_OF_HIGH_RATE = 4;
const HIGH_RATE = 48_000;

/** So many failures in a row, and it is not tried any more. */
const MAX_FAILURES = 3;

export interface SourceLoudness {
  /** LUFS of the latest three seconds, and since the source came; null for silence and while nothing is known. */
  readonly shortTerm: number | null;
  readonly integrated: number | null;
  /** dBTP, the highest so far. */
  readonly truePeak: number | null;
  /** Why nothing is measured: a short reason, or null. */
  readonly why: string | null;
}

const UNKNOWN: SourceLoudness = { shortTerm: null, integrated: null, truePeak: null, why: null };

export type Measure = (window: AudioWindow) => Promise<HeardWindow>;

export class LiveLoudness {
  #level: SourceLevel | null = null;

  constructor(
    private readonly name: string,
    private readonly measure: Measure,
    private readonly clock: Clock,
  ) {}

  /** Frames that an input wrote; they are copied. */
  add(input: Input, frames: Frames): void {
    if (input.isLive !== true) return;
    if (this.#level?.input !== input)
      this.#level = new SourceLevel(input, this.name, this.measure, this.clock.nowMs());
    if (this.clock.nowMs() - this.#level.sinceMs >= SETTLED_MS) this.#level.add(frames);
  }

  /** Forgets a source that is not among the mount's inputs any more. */
  follow(inputs: readonly Input[]): void {
    if (this.#level !== null && !inputs.includes(this.#level.input)) this.#level = null;
  }

  of(input: Input): SourceLoudness {
    return this.#level?.input === input ? this.#level.loudness : UNKNOWN;
  }
}

class SourceLevel {
  readonly #window = new LiveWindow();
  readonly #gated = new GatedLoudness();
  #truePeak: number | null = null;
  #isMeasuring = false;
  /** Since what was measured last, something was left out. */
  #isGap = false;
  #failures = 0;
  #windows = 0;
  #why: string | null;

  constructor(
    readonly input: Input,
    private readonly name: string,
    private readonly measure: Measure,
    readonly sinceMs: number,
  ) {
    const codec = input.format?.codec;
    const isKnown = codec === undefined || MEASURED.has(codec);
    this.#why = isKnown ? null : `${codecLabel(codec)} has no decoder here`;
  }

  get loudness(): SourceLoudness {
    const { shortTerm, integrated } = this.#gated;
    return { shortTerm, integrated, truePeak: this.#truePeak, why: this.#why };
  }

  add(frames: Frames): void {
    if (this.#why !== null) return;
    if (!this.#window.add(frames)) this.#isGap = true;
    if (!this.#window.isComplete) return;
    const taken = this.#window.take();
    if (!this.#isMeasuring && this.#isTurn()) void this.#measure({ name: this.name, ...taken });
    else this.#isGap = true;
  }

  #isTurn(): boolean {
    const { codec = "mp3", sampleRate = 0 } = this.input.format ?? {};
    const eachOf = sampleRate > HIGH_RATE ? EACH_OF_HIGH_RATE : EACH_OF_OGG;
    return codec.startsWith("mp") || this.#windows++ % eachOf === 0;
  }

  /** Never rejects. */
  async #measure(window: AudioWindow): Promise<void> {
    this.#isMeasuring = true;
    const isGap = this.#isGap;
    this.#isGap = false;
    try {
      const { steps, truePeak } = await this.measure(window);
      this.#gated.add(steps, isGap);
      if (truePeak !== null) this.#truePeak = Math.max(this.#truePeak ?? truePeak, truePeak);
      this.#failures = 0;
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isMeasuring = false;
    }
  }

  #failed(error: unknown): void {
    this.#isGap = true;
    if (++this.#failures < MAX_FAILURES) return;
    this.#why = error instanceof Error ? error.message : String(error);
  }
}

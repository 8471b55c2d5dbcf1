// Pure but for the decoding of windows: whether an input's audio is silent, and for how long. MP3 and AAC are judged by what
// their frames say; where that does not decide, and for other codecs, windows are decoded elsewhere.
import type { HeardWindow } from "../../convert/job.ts";
import type { Codec, Frames } from "../../format/frame.ts";
import { splitFrames } from "../../format/frame-slice.ts";
import { aacLevel } from "../../format/aac/aac-level.ts";
import { layer3Level, LOW_ERROR_DB } from "../../format/mpeg/layer3-level.ts";
import { LiveWindow, WINDOW_SECONDS } from "./live-window.ts";

/** dBFS, or LUFS of a window's steps: what stays below it is silent. Music and speech are 20 dB louder in their pauses. */
export const SILENCE_DB = -60;

/** Sound has returned above this, so that noise at the threshold does not come and go. */
const RETURN_DB = SILENCE_DB + 6;

/** Less sound than this is a click. */
const RETURN_SECONDS = 0.5;

/** Steps of a window that are as long. */
const RETURN_STEPS = 5;

/** Once there was sound, none is looked for. */
const REST_SECONDS = 1;

/** Windows are decoded, so they begin so long after the last sound. */
const WINDOW_REST_SECONDS = 10;

/** So many windows in a row that cannot be decoded, and their stream is taken for sound. */
const MAX_FAILURES = 3;

type Judgement = "silent" | "unsure" | "sound";
type Judge = (frame: Uint8Array, thresholdDb: number) => Judgement;

/** As LiveWindow takes them. */
type Measure = (window: ReturnType<LiveWindow["take"]>) => Promise<HeardWindow>;

const unsure: Judge = () => "unsure";

const JUDGES: Readonly<Partial<Record<Codec, Judge>>> = {
  aac: (frame, thresholdDb) => (aacLevel(frame) < thresholdDb ? "silent" : "sound"),
  mp3: (frame, thresholdDb) => {
    const { low, high } = layer3Level(frame);
    if (high < thresholdDb) return "silent";
    return low - LOW_ERROR_DB > SILENCE_DB ? "sound" : "unsure";
  },
  mp2: unsure,
  mp1: unsure,
  vorbis: unsure,
  opus: unsure,
  flac: unsure,
};

/** Whether silence of this codec can be distinguished from sound. */
export function isJudged(codec: Codec): boolean {
  return JUDGES[codec] !== undefined;
}

export class SilenceDetector {
  #isSilent = false;
  /** Seconds known to be silent since the last sound, and seconds of sound while it is silent. */
  #quietSeconds = 0;
  #soundSeconds = 0;
  #restSeconds = 0;
  #windowRestSeconds = WINDOW_REST_SECONDS;
  #window: LiveWindow | null = null;
  /** The window has frames that do not decide by themselves. */
  #isUnsure = false;
  #isMeasuring = false;
  /** A window of an earlier stretch decides nothing any more. */
  #stretch = 0;
  #failures = 0;
  readonly #judge: Judge;

  constructor(
    readonly codec: Codec,
    private readonly measure: Measure,
    /** Silence has begun or ended, at the end of the frames added last or in between. */
    private readonly onChange: (isSilent: boolean) => void,
    /** Seconds of silence that count as no audio. */
    private readonly timeoutSeconds: () => number,
  ) {
    this.#judge = JUDGES[codec] ?? (() => "sound");
  }

  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Frames in order; what is kept is copied. */
  add(frames: Frames): void {
    if (this.#restSeconds > 0) {
      this.#restSeconds -= frames.seconds;
      return;
    }
    const { judgement, seconds } = this.#judgeAll(frames);
    if (judgement === "sound") this.#heard(seconds);
    // In silence single frames with sound decide nothing yet, and belong to a window that has begun.
    if (judgement === "sound" && !this.#isSilent) return;
    if (judgement === "unsure" && this.#rests(frames)) this.#quietSeconds = 0;
    else if (judgement === "unsure" || this.#window !== null) this.#collect(frames, judgement);
    else if (judgement === "silent") this.#heardNothing(frames.seconds);
  }

  /** The loudest judgement, and the seconds of the frames that have it. */
  #judgeAll(frames: Frames): { readonly judgement: Judgement; readonly seconds: number } {
    const thresholdDb = this.#isSilent ? RETURN_DB : SILENCE_DB;
    const counts = { silent: 0, unsure: 0, sound: 0 };
    for (const { bytes } of splitFrames(frames)) counts[this.#judge(bytes, thresholdDb)]++;
    const judgement = counts.sound > 0 ? "sound" : counts.unsure > 0 ? "unsure" : "silent";
    return { judgement, seconds: (frames.seconds * counts[judgement]) / frames.count };
  }

  /** It is too early for a window. */
  #rests({ seconds }: Frames): boolean {
    if (this.#isSilent || this.#windowRestSeconds <= 0) return false;
    this.#windowRestSeconds -= seconds;
    return true;
  }

  #heard(seconds: number): void {
    this.#quietSeconds = 0;
    if (this.#isSilent) this.#heardAgain(seconds);
    else this.#rest();
  }

  #heardAgain(seconds: number): void {
    this.#soundSeconds += seconds;
    if (this.#soundSeconds < RETURN_SECONDS) return;
    this.#rest();
    this.#change(false);
  }

  /** There is sound, so what is under way decides nothing any more. */
  #rest(): void {
    this.#window = null;
    this.#isUnsure = false;
    this.#stretch++;
    this.#restSeconds = REST_SECONDS;
    this.#windowRestSeconds = WINDOW_REST_SECONDS;
  }

  #heardNothing(seconds: number): void {
    this.#soundSeconds = Math.max(0, this.#soundSeconds - seconds);
    this.#quietSeconds += seconds;
    if (!this.#isSilent && this.#quietSeconds >= this.timeoutSeconds()) this.#change(true);
  }

  #change(isSilent: boolean): void {
    this.#isSilent = isSilent;
    this.#quietSeconds = this.#soundSeconds = 0;
    this.onChange(isSilent);
  }

  /** Until a whole window of frames is silent by what they say. */
  #collect(frames: Frames, judgement: Judgement): void {
    this.#window ??= new LiveWindow();
    this.#window.add(frames);
    this.#isUnsure ||= judgement !== "silent";
    if (!this.#window.isComplete) return;
    const taken = this.#window.take();
    if (!this.#isUnsure) this.#window = null;
    if (!this.#isUnsure) this.#heardNothing(WINDOW_SECONDS);
    else if (!this.#isMeasuring) void this.#measureWindow(taken);
    this.#isUnsure = false;
  }

  /** Never rejects. */
  async #measureWindow(window: ReturnType<LiveWindow["take"]>): Promise<void> {
    const stretch = this.#stretch;
    this.#isMeasuring = true;
    const steps = await this.measure(window).then(
      (heard) => heard.steps,
      () => null,
    );
    this.#isMeasuring = false;
    this.#failures = steps === null ? this.#failures + 1 : 0;
    if (stretch === this.#stretch) this.#judgeWindow(steps);
  }

  /** null: it could not be decoded, which says nothing until it lasts. */
  #judgeWindow(steps: readonly number[] | null): void {
    if (steps === null) {
      if (this.#failures >= MAX_FAILURES) this.#heard(RETURN_SECONDS);
      return;
    }
    const thresholdDb = this.#isSilent ? RETURN_DB : SILENCE_DB;
    const loud = steps.filter((db) => db >= thresholdDb).length;
    if (loud >= (this.#isSilent ? RETURN_STEPS : 1)) this.#heard(RETURN_SECONDS);
    else this.#heardNothing(WINDOW_SECONDS);
  }
}

// Measures a part of a stream, inside the child process.
import { decodeStretch } from "../audio/decode.ts";
import { Loudness } from "../audio/loudness.ts";
import { lengthOf, type Pcm } from "../audio/pcm.ts";
import { TruePeak } from "../audio/true-peak.ts";
import type { HeardWindow } from "./job.ts";

/** LUFS that stand for silence: JSON has no infinity. */
const SILENCE_LUFS = -150;

const STEPS_PER_SECOND = 10;

class WindowMeters {
  readonly #loudness: Loudness;
  readonly #peak: TruePeak;
  /** Samples that do not count, of which the rest is to come. */
  #skipped: number;

  constructor(
    { sampleRate, channels }: Pcm,
    private readonly skipSteps: number,
  ) {
    this.#loudness = new Loudness(sampleRate, channels.length);
    this.#peak = new TruePeak(sampleRate, channels.length);
    this.#skipped = Math.round((skipSteps * sampleRate) / STEPS_PER_SECOND);
  }

  add(pcm: Pcm): void {
    this.#loudness.add(pcm);
    const skipped = Math.min(this.#skipped, lengthOf(pcm));
    this.#skipped -= skipped;
    if (skipped > 0) this.#peak.add(part(pcm, 0, skipped));
    if (skipped > 0) this.#peak.restart();
    this.#peak.add(part(pcm, skipped, lengthOf(pcm)));
  }

  get heard(): HeardWindow {
    const steps = this.#loudness.curve.slice(this.skipSteps);
    return {
      steps: steps.map((lufs) => Math.max(lufs, SILENCE_LUFS)),
      truePeak: this.#peak.decibels,
    };
  }
}

function part({ sampleRate, channels }: Pcm, from: number, to: number): Pcm {
  return { sampleRate, channels: channels.map((samples) => samples.subarray(from, to)) };
}

/** `skipSteps`: of 100 ms at the start, in which decoder and filters settle. Rejects with an AudioError. */
export async function hearWindow(audio: Uint8Array, skipSteps: number): Promise<HeardWindow> {
  let meters: WindowMeters | null = null;
  for await (const pcm of decodeStretch(audio)) {
    meters ??= new WindowMeters(pcm, skipSteps);
    meters.add(pcm);
  }
  return meters?.heard ?? { steps: [], truePeak: null };
}

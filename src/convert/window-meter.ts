// Measures stretches of live streams, in a child process of its own: conversions may take minutes.
import { systemClock } from "../lib/clock.ts";
import { ConvertProcess } from "./convert-process.ts";
import type { HeardWindow } from "./job.ts";
import { LOWEST, type Priority } from "./lower-priority.ts";
import type { Outcome } from "./perform-job.ts";

/** Longer than between two stretches of one stream. */
const IDLE_MS = 60_000;

/** The child rests this many times as long as a stretch took, which leaves it a quarter of a processor at most. */
const REST = 3;
const LONGEST_REST_MS = 5000;

/** A stretch of one stream. */
export interface AudioWindow {
  /** Whose it is, for messages. */
  readonly name: string;
  /** Headers, if the codec has them, and whole frames. */
  readonly audio: Uint8Array;
  /** Steps of 100 ms at its start that do not count. */
  readonly skipSteps: number;
}

interface Options {
  readonly priority: Priority;
  readonly process: ConvertProcess;
}

function newProcess(priority: Priority): ConvertProcess {
  return new ConvertProcess({ idleMs: IDLE_MS, priority });
}

export class WindowMeter {
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  readonly #process: ConvertProcess;

  constructor({ priority = LOWEST, process = newProcess(priority) }: Partial<Options> = {}) {
    this.#process = process;
  }

  /** In turns. Rejects with the reason if it cannot be decoded. */
  measure(window: AudioWindow): Promise<HeardWindow> {
    let startedMs = 0;
    const heard = this.#last.then(() => {
      startedMs = systemClock.nowMs();
      return this.#measure(window);
    });
    const done = () => rest(systemClock.nowMs() - startedMs);
    this.#last = heard.then(done, done);
    return heard;
  }

  close(): void {
    this.#isClosed = true;
    this.#process.close();
  }

  async #measure({ name, audio, skipSteps }: AudioWindow): Promise<HeardWindow> {
    if (this.#isClosed) throw new Error("the station is stopping");
    const call = { call: "hear", path: name, audio: audio.toBase64(), skipSteps } as const;
    const outcome: Outcome = await this.#process.run(call, () => undefined);
    if ("heard" in outcome) return outcome.heard;
    throw new Error("failure" in outcome ? outcome.failure.why : "the child sent something else");
  }
}

function rest(workedMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, Math.min(LONGEST_REST_MS, REST * workedMs)).unref();
  return promise;
}

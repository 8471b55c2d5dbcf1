// Dead air: inputs whose audio is silent for `silence_timeout` are passed over until sound returns.
import type { AudioWindow } from "../../convert/window-meter.ts";
import type { HeardWindow } from "../../convert/job.ts";
import type { Frames } from "../../format/frame.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Input } from "../../mount/roles.ts";
import { isJudged, SILENCE_DB, SilenceDetector } from "./silence-detector.ts";

type Measure = (window: AudioWindow) => Promise<HeardWindow>;

export class DeadAir {
  readonly #detectors = new Map<Input, SilenceDetector>();

  constructor(
    private readonly mount: Mount,
    private readonly measure: Measure,
  ) {}

  /** Frames that an input brings, whether it is on air or not. */
  add(input: Input, frames: Frames): void {
    if (input.isSilent === undefined) return;
    if (this.#timeoutSeconds === 0) this.#forget(input);
    else this.#detectorOf(input)?.add(frames);
  }

  /** Forgets inputs that are not among the mount's any more. */
  follow(inputs: readonly Input[]): void {
    for (const input of this.#detectors.keys())
      if (!inputs.includes(input)) this.#detectors.delete(input);
  }

  get #timeoutSeconds(): number {
    return this.mount.config.silenceTimeout;
  }

  #forget(input: Input): void {
    if (this.#detectors.get(input)?.isSilent === true) this.#changed(input, false);
    this.#detectors.delete(input);
  }

  #detectorOf(input: Input): SilenceDetector | null {
    const codec = input.format?.codec;
    const known = this.#detectors.get(input);
    if (codec === undefined || known?.codec === codec) return known ?? null;
    // A relay may come back with another codec.
    if (known !== undefined) this.#forget(input);
    if (!isJudged(codec)) return null;
    const detector = new SilenceDetector(
      codec,
      (window) => this.measure({ name: this.mount.path, ...window }),
      (isSilent) => this.#changed(input, isSilent),
      () => this.#timeoutSeconds,
    );
    this.#detectors.set(input, detector);
    return detector;
  }

  #changed(input: Input, isSilent: boolean): void {
    if (!this.mount.inputs.includes(input)) return;
    input.isSilent = isSilent;
    const { log } = this.mount;
    if (isSilent)
      log.warn(
        `${input.name} has been silent for ${this.#timeoutSeconds} s (below ${SILENCE_DB} dBFS): it counts as no audio until sound returns`,
      );
    else log.info(`${input.name} has sound again`);
    this.mount.events.emit("silent", { input, isSilent });
  }
}

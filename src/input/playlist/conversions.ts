// Hands a library's wishes to the converter and its answers back to the library.
import type { Disk } from "../../disk/disk.ts";
import type { Log } from "../../lib/log.ts";
import { within } from "../../lib/within.ts";
import {
  type Analysis,
  ConvertError,
  type Converter,
  type Source,
  type Target,
} from "../../library/converter.ts";
import { formOf } from "../../library/entry.ts";
import type { Choice, Chosen, LibraryCall, Work } from "../../library/state.ts";

/** After a passing failure, such as a full disk, a file is tried again. */
const RETRY_MS = 60_000;

/** A track that is about to play waits so long for its own measurement, if it is short enough to be measured in time. */
const MAX_WAIT_MS = 400;
const SHORT_SECONDS = 30;

/** How files that do not fit are made to fit. */
export interface Copying {
  readonly converter: Converter;
  /** The disk of the copies: one that hangs must not hold up the music. */
  readonly disk: Disk;
  /** Without, tracks are measured only. */
  readonly hasCache: boolean;
}

type Send = (call: LibraryCall) => Promise<void>;

export class Conversions {
  /** What is being done, or waits for another try. */
  readonly #pending = new Set<string>();
  /** Measurements that are not done, by file. */
  readonly #analyses = new Map<string, Promise<Analysis>>();

  constructor(
    private readonly converter: Converter,
    private readonly log: Log,
    private readonly choice: () => Choice,
    private readonly send: Send,
  ) {}

  follow({ target, convert, analyse }: Work): void {
    for (const source of analyse) this.#once(source, "", () => this.#analyse(source));
    if (target === null) return;
    const form = formOf(target);
    for (const source of convert) this.#once(source, form, () => this.#convert(source, target));
  }

  /** A track that is about to play, with what its measurement finds, if that is under way and soon over. */
  async measured(chosen: Chosen): Promise<Chosen> {
    const { source, loudness, seconds } = chosen;
    const analysing = this.#analyses.get(source);
    const isShort = seconds !== null && seconds <= SHORT_SECONDS;
    if (analysing === undefined || loudness !== null || !isShort) return chosen;
    this.converter.hurry(source);
    const analysis = await within(MAX_WAIT_MS, analysing).catch(() => null);
    if (analysis === null) return chosen;
    const { loudness: lufs, truePeak, cueIn, cueOut, fadeFrom } = analysis;
    return { ...chosen, loudness: lufs, truePeak, cueIn, cueOut, fadeFrom };
  }

  async #analyse(source: Source): Promise<void> {
    const analysing = this.converter.analyse(source);
    this.#analyses.set(source.path, analysing);
    try {
      const analysis = await analysing;
      await this.send({ call: "analysed", choice: this.choice(), source, analysis });
    } finally {
      this.#analyses.delete(source.path);
    }
  }

  async #convert(source: Source, target: Target): Promise<void> {
    const converted = await this.converter.convert(source, target);
    const form = formOf(target);
    await this.send({ call: "converted", choice: this.choice(), source, form, converted });
  }

  /** Does what is not under way already. */
  #once({ path, version }: Source, form: string, work: () => Promise<void>): void {
    const key = `${path}\0${version}\0${form}`;
    if (this.#pending.has(key)) return;
    this.#pending.add(key);
    const done = () => void this.#pending.delete(key);
    const again = () => void setTimeout(done, RETRY_MS).unref();
    work().then(done, async (error: unknown) => {
      again();
      await this.#failed({ path, version }, form, error);
    });
  }

  async #failed(source: Source, form: string, error: unknown): Promise<void> {
    if (error instanceof ConvertError && error.isLasting) {
      const why = error.message;
      return this.send({ call: "refused", choice: this.choice(), source, form, why });
    }
    this.log.debug(`${source.path} was not converted: ${String(error)}`);
  }
}

// Hands a library's wishes to the converter and its answers back to the library.
import type { Disk } from "../../disk/disk.ts";
import type { Log } from "../../lib/log.ts";
import { ConvertError, type Converter, type Source, type Target } from "../../library/converter.ts";
import type { Choice, LibraryCall, Work } from "../../library/state.ts";

/** After a passing failure, such as a full disk, a file is tried again. */
const RETRY_MS = 60_000;

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

  constructor(
    private readonly converter: Converter,
    private readonly log: Log,
    private readonly choice: () => Choice,
    private readonly send: Send,
  ) {}

  follow({ target, convert, analyse }: Work): void {
    for (const source of analyse) this.#once(source, "", () => this.#analyse(source));
    if (target === null) return;
    const form = JSON.stringify(target);
    for (const source of convert) this.#once(source, form, () => this.#convert(source, target));
  }

  async #analyse(source: Source): Promise<void> {
    const analysis = await this.converter.analyse(source);
    await this.send({ call: "analysed", choice: this.choice(), source, analysis });
  }

  async #convert(source: Source, target: Target): Promise<void> {
    const converted = await this.converter.convert(source, target);
    await this.send({ call: "converted", choice: this.choice(), source, converted });
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
      await this.#failed({ path, version }, error);
    });
  }

  async #failed(source: Source, error: unknown): Promise<void> {
    if (error instanceof ConvertError && error.isLasting) {
      const why = error.message;
      return this.send({ call: "refused", choice: this.choice(), source, why });
    }
    this.log.debug(`${source.path} was not converted: ${String(error)}`);
  }
}

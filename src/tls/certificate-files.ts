// The certificate in use, and the two files it comes from: they are read again every few seconds, because programs that
// renew certificates exchange files, or the links to them. A pair that cannot be used never replaces one that can.
import type { Config } from "../config/config.ts";
import type { Disks } from "../disk/disks.ts";
import { textReader } from "../disk/text-file.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import {
  type Certificate,
  CertificateError,
  type PairNames,
  readCertificate,
} from "./certificate.ts";
import { dayOf, daysUntil, inDays, warningDue } from "./expiry.ts";

/** Between two looks at the files. */
const LOOK_MS = 2000;

/** A chain of certificates takes a few KiB. */
const MAX_FILE_BYTES = 1 << 20;

type Pair = Pick<Certificate, "cert" | "key">;

export class CertificateFiles {
  /** null: TLS is off. */
  current: Certificate | null = null;
  /** Why the files cannot be used, a sentence without its end; null if they can. */
  trouble: string | null = null;
  #names: PairNames | null = null;
  /** What was wrong at the last look. Two files cannot be exchanged at once: it counts if it is still there at the next. */
  #suspicion: string | null = null;
  /** Looks that run or wait. */
  #looks = 0;
  #last: Promise<void> = Promise.resolve();
  /** The last warning, by its number of days. */
  #warnedOf = Number.POSITIVE_INFINITY;

  constructor(
    private readonly disks: Disks,
    private readonly log: Log,
    private readonly wall: Clock,
  ) {}

  /** Reads the files that a configuration names, and returns what takes them over. Rejects with CertificateError if they
   * are others than those in use, and of no use. */
  async prepare({ tls }: Pick<Config, "tls">): Promise<() => Promise<void>> {
    const names = namesIn(tls);
    if (isSameFiles(names, this.#names)) return () => this.look(true);
    const held = names === null ? null : await this.#read(names);
    return async () => {
      this.#names = names;
      this.#suspicion = this.trouble = null;
      this.#replace(held);
    };
  }

  /** Starts a look at the files. Returns the milliseconds until the next. */
  readonly round = (): number => {
    void this.look();
    return LOOK_MS;
  };

  /** Takes over what the files hold; one look at a time. `isSure`: they should be complete, so what is wrong with them
   * counts at once. Never rejects. */
  look(isSure = false): Promise<void> {
    if (this.#looks > 0 && !isSure) return Promise.resolve();
    this.#looks++;
    this.#last = this.#last.then(() => this.#look(isSure)).finally(() => this.#looks--);
    return this.#last;
  }

  async #look(isSure: boolean): Promise<void> {
    const names = this.#names;
    if (names === null) return;
    const found = await this.#read(names).catch(sentenceOf);
    if (names !== this.#names) return;
    if (typeof found === "string") this.#doubt(found, isSure);
    else this.#accept(found);
    this.#warn();
  }

  #doubt(sentence: string, isSure: boolean): void {
    const isReported = sentence === this.trouble;
    if (!isReported && (isSure || sentence === this.#suspicion)) {
      this.trouble = sentence;
      this.log.error(`the certificate is not renewed, the old one stays in use: ${sentence}`);
    }
    this.#suspicion = sentence;
  }

  #accept(found: Certificate): void {
    this.#suspicion = null;
    if (found !== this.current) this.#replace(found);
    else if (this.trouble !== null) this.log.info("the certificate files are in order again");
    this.trouble = null;
  }

  #replace(next: Certificate | null): void {
    const isRenewal = this.current !== null && next !== null;
    this.current = next;
    if (isRenewal) this.log.info(`a new certificate is in use, ${validityOf(next)}`);
    this.#warnedOf = Number.POSITIVE_INFINITY;
    this.#warn();
  }

  /** One line for each warning that falls due. */
  #warn(): void {
    if (this.current === null) return;
    const days = daysUntil(this.current.endMs, this.wall.nowMs());
    const due = warningDue(days);
    if (due === null || due >= this.#warnedOf) return;
    this.#warnedOf = due;
    this.log.warn(`the certificate ${days < 0 ? "has expired" : `ends ${inDays(days)}`}`);
  }

  /** Rejects with CertificateError. */
  async #read(names: PairNames): Promise<Certificate> {
    const [cert, key] = await Promise.all([
      this.#text(names.certificate, "tls.certificate"),
      this.#text(names.key, "tls.key"),
    ]);
    const { current } = this;
    if (current !== null && isSame(current, { cert, key })) return current;
    const found = readCertificate(cert, key, names);
    const nowMs = this.wall.nowMs();
    if (current !== null && found.endMs < nowMs && current.endMs > nowMs)
      throw new CertificateError(`the certificate ${names.certificate} has expired`);
    return found;
  }

  /** `key`: what names the file. */
  async #text(path: string, key: string): Promise<string> {
    try {
      return (await textReader(this.disks, key, MAX_FILE_BYTES, this.log)(path, null)).text;
    } catch (error) {
      throw new CertificateError(`${key} ${path}: ${sentenceOf(error)}`);
    }
  }
}

/** null without a certificate: TLS is off. */
function namesIn({ certificate, key }: Config["tls"]): PairNames | null {
  return certificate === "" ? null : { certificate, key };
}

function isSameFiles(a: PairNames | null, b: PairNames | null): boolean {
  return a?.certificate === b?.certificate && a?.key === b?.key;
}

function isSame(a: Pair, b: Pair): boolean {
  return a.cert === b.cert && a.key === b.key;
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function validityOf({ names, endMs }: Certificate): string {
  return `for ${names.join(", ") || "no name"}, until ${dayOf(endMs)}`;
}

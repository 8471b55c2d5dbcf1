// The addresses of one relay in order of preference, and when each may be tried again.
import type { RelayConfig } from "../../config/config.ts";
import type { Credentials } from "../../wire/basic.ts";
import { Backoff } from "../../dial/backoff.ts";
import { type MasterUrl, masterUrl } from "./master-url.ts";
import { EntryTurn } from "./pull.ts";

export class Master {
  readonly entries = new EntryTurn();
  /** When it may be tried again. */
  dueMs = Number.NEGATIVE_INFINITY;
  /** Why it does not work, as it was logged last; null while it does, or before it was tried. */
  why: string | null = null;
  readonly #backoff: Backoff;

  constructor(
    readonly url: MasterUrl,
    /** Its place: 0 is the best. */
    readonly rank: number,
    private readonly random: () => number,
  ) {
    this.#backoff = new Backoff(random);
  }

  /** The same address with the same credentials. */
  isLike({ url }: Master): boolean {
    const [a, b] = [this.url.credentials, url.credentials];
    return url.href === this.url.href && a?.user === b?.user && a?.password === b?.password;
  }

  /** The same at another place. */
  at(rank: number): Master {
    return new Master(this.url, rank, this.random);
  }

  /** It has ended, after `lastedMs` of audio. Returns whether the reason is another one than before. */
  failed(why: string, lastedMs: number, nowMs: number): boolean {
    const isOther = this.why !== why || lastedMs > 0;
    this.why = why;
    this.dueMs = nowMs + this.#backoff.after(lastedMs);
    return isOther;
  }
}

type Addresses = Pick<RelayConfig, "url" | "urls" | "user" | "password">;

export function mastersOf(config: Addresses, random: () => number): Master[] {
  const { user, password } = config;
  const own: Credentials | null = user === "" ? null : { user, password: password.reveal() };
  const urls = [config.url, ...config.urls].flatMap((url) => masterUrl(url.reveal(), own) ?? []);
  return urls.map((url, rank) => new Master(url, rank, random));
}

/** The best one before `rank` that may be tried now. */
export function dueBefore(masters: readonly Master[], rank: number, nowMs: number): Master | null {
  return masters.find((master) => master.rank < rank && master.dueMs <= nowMs) ?? null;
}

/** When the next one may be tried. */
export function nextDueMs(masters: readonly Master[]): number {
  return Math.min(...masters.map(({ dueMs }) => dueMs));
}

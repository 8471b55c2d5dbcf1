// How often an address has given a wrong password lately, whichever door of the station it was given at.
import { isLoopback, networkOf } from "../lib/address.ts";
import type { Station } from "../station.ts";

export const MAX_FAILURES = 5;
export const PERIOD_MS = 60_000;

/** Of more addresses the one that failed first is forgotten. */
export const MAX_ADDRESSES = 1024;

/** Who tries. */
export interface Client {
  readonly request: Request;
  readonly address: string;
}

/** Behind a proxy on this machine it is whom that one asks for, lest strangers lock the keeper out: the last entry
 * is the proxy's own, those before it are whatever the client has sent. */
function networkOfClient({ request, address }: Client): string {
  const named = request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  return networkOf(isLoopback(address) && named !== "" ? named.slice(0, 64) : address);
}

interface Failures {
  readonly count: number;
  readonly sinceMs: number;
}

export class Attempts {
  readonly #failures = new Map<string, Failures>();

  get addresses(): number {
    return this.#failures.size;
  }

  /** Until passwords of this client are looked at again, right or wrong: else a guesser would lose nothing. 0: at
   * once. */
  waitSeconds(client: Client, nowMs: number): number {
    const { count, sinceMs } = this.#of(networkOfClient(client), nowMs);
    return count < MAX_FAILURES ? 0 : Math.ceil((sinceMs + PERIOD_MS - nowMs) / 1000);
  }

  /** One more wrong password. */
  fail(client: Client, nowMs: number): void {
    const network = networkOfClient(client);
    const { count, sinceMs } = this.#of(network, nowMs);
    const [oldest] = this.#failures.keys();
    const isNew = !this.#failures.has(network);
    if (isNew && this.#failures.size >= MAX_ADDRESSES && oldest !== undefined) {
      this.#failures.delete(oldest);
    }
    this.#failures.set(network, { count: count + 1, sinceMs });
  }

  #of(network: string, nowMs: number): Failures {
    const failures = this.#failures.get(network);
    const isOver = failures === undefined || nowMs - failures.sinceMs >= PERIOD_MS;
    return isOver ? { count: 0, sinceMs: nowMs } : failures;
  }
}

/** What is answered meanwhile. */
export function tooMany(waitSeconds: number): string {
  return `Too many wrong passwords from this address: try again in ${waitSeconds} s.`;
}

const kept = new WeakMap<Station, Attempts>();

/** Those at a station. */
export function attemptsAt(station: Station): Attempts {
  const attempts = kept.get(station) ?? new Attempts();
  kept.set(station, attempts);
  return attempts;
}

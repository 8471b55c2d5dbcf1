// How many connections each client has: an IPv4 address, or an IPv6 network.
import { networkOf } from "../lib/address.ts";

export class ConnectionCounts<Holder extends object> {
  readonly #counts = new Map<string, number>();
  readonly #networks = new Map<Holder, string>();

  of(address: string): number {
    return this.#counts.get(networkOf(address)) ?? 0;
  }

  add(holder: Holder, address: string): void {
    const network = networkOf(address);
    this.#networks.set(holder, network);
    this.#counts.set(network, (this.#counts.get(network) ?? 0) + 1);
  }

  /** Does nothing for a holder that was not added. */
  remove(holder: Holder): void {
    const network = this.#networks.get(holder);
    if (network === undefined) return;
    this.#networks.delete(holder);
    const left = (this.#counts.get(network) ?? 0) - 1;
    if (left > 0) this.#counts.set(network, left);
    else this.#counts.delete(network);
  }
}

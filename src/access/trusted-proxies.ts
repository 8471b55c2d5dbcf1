// Which peers are proxies that may name their clients, and the client that the headers of such a proxy name.
import type { ServerConfig } from "../config/config.ts";
import { AddressRanges, bytesOfAddress } from "../lib/address-ranges.ts";
import { addressOfBytes } from "../lib/address.ts";
import { type ClientOrigin, directFrom } from "../lib/client-origin.ts";
import { isForwarded, type RequestHeaders } from "./local.ts";

/** More proxies in a row than any client passes. */
const MAX_HOPS = 32;

type TrustConfig = Pick<ServerConfig, "trustedProxies" | "proxyProtocol">;

export class TrustedProxies {
  #ranges = new AddressRanges([]);
  #useProtocol = false;

  constructor(config: TrustConfig = { trustedProxies: [], proxyProtocol: false }) {
    this.reconfigure(config);
  }

  reconfigure({ trustedProxies, proxyProtocol }: TrustConfig): void {
    this.#ranges = new AddressRanges(trustedProxies);
    this.#useProtocol = proxyProtocol;
  }

  /** Connections of this peer to the source port begin with a PROXY header. */
  mustAnnounce(peer: string): boolean {
    return this.#useProtocol && this.has(peer);
  }

  has(address: string): boolean {
    return this.#ranges.has(address);
  }

  /** `address`: 16 bytes, IPv4 in mapped form. */
  hasBytes(address: Uint8Array): boolean {
    return this.#ranges.hasBytes(address);
  }

  /** The client that sent a request, which `peer` has passed on or is itself. */
  originOf(peer: string, headers: RequestHeaders): ClientOrigin {
    return this.beyond(directFrom(peer), headers);
  }

  /** The same where what is known so far comes from a PROXY header: the client may be a proxy in its turn. */
  beyond(nearest: ClientOrigin, headers: RequestHeaders): ClientOrigin {
    const peer = nearest.address;
    if (!this.has(peer) || !isForwarded(headers)) return nearest;
    const address = this.#clientOf(peer, headers.get("x-forwarded-for") ?? "");
    return { address, proxy: peer, isForwarded: true };
  }

  /** Each proxy appends its own peer, so only what stands behind the last address that is not trusted can be believed. An
   * entry that is no address ends the walk. */
  #clientOf(peer: string, forwardedFor: string): string {
    let nearest = peer;
    for (const entry of forwardedFor.split(",").slice(-MAX_HOPS).toReversed()) {
      const address = addressIn(entry.trim());
      if (address === null) return nearest;
      if (!this.has(address)) return address;
      nearest = address;
    }
    return nearest;
  }
}

const WITH_PORT = /^(?:\[([\da-f:.]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/i;

/** In the spelling of a peer, by which bans and limits know it. Some proxies append the port. null if the entry has no address. */
function addressIn(entry: string): string | null {
  const [, v6, v4] = WITH_PORT.exec(entry) ?? [];
  const bytes = bytesOfAddress(v6 ?? v4 ?? entry);
  return bytes === null ? null : addressOfBytes(bytes);
}

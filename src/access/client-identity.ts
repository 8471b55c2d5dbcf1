// Determines the client that logins and connections are counted for.
import { isLoopback, networkOf, plainAddress } from "../lib/address.ts";
import { namedBy } from "../lib/client-origin.ts";
import type { RequestHeaders } from "./local.ts";

/** A client, and the headers it sent. */
export interface Caller {
  readonly address: string;
  /** The trusted proxy that it came through, if any. */
  readonly proxy?: string | null;
  readonly headers: RequestHeaders;
}

export interface ClientIdentity {
  /** An IPv4 address, or the first half of an IPv6 address. */
  readonly network: string;
  /** Its User-Agent. */
  readonly agent: string;
  /** The address of the proxy that named the network; null if the network is the peer's own. */
  readonly proxy: string | null;
}

const MAX_ADDRESS_LENGTH = 64;
const MAX_AGENT_LENGTH = 128;

/** Behind a proxy, the client that the proxy names; otherwise strangers would use up the admin's budget. A proxy on this
 * machine that is not trusted names clients too, for this purpose alone: by the last entry of X-Forwarded-For, since earlier
 * ones may be forged, or by X-Real-IP. */
export function identify({ address, proxy = null, headers }: Caller): ClientIdentity {
  const agent = (headers.get("user-agent") ?? "").slice(0, MAX_AGENT_LENGTH);
  const trusted = namedBy({ address, proxy });
  if (trusted !== null) return { network: networkOf(address), agent, proxy: trusted };
  const forwarded = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  const named = forwarded || headers.get("x-real-ip")?.trim() || "";
  if (named === "" || !isLoopback(address))
    return { network: networkOf(address), agent, proxy: null };
  const network = networkOf(plainAddress(named.slice(0, MAX_ADDRESS_LENGTH)));
  return { network, agent, proxy: address };
}

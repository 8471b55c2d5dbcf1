// A connection from a trusted proxy: it begins with a PROXY header, and from then on it is the client's.
import { type ProxiedEnds, ProxyHeaderReader } from "../wire/proxy-header.ts";
import { Connection } from "./connection.ts";

/** Proxies send it as soon as they have connected. */
const HEADER_TIMEOUT_MS = 5000;

export class ProxiedConnection extends Connection {
  /** null once the header has come. */
  #reader: ProxyHeaderReader | null = new ProxyHeaderReader();

  override onData(bytes: Uint8Array): void {
    const result = this.#reader?.push(bytes);
    if (result === undefined) return super.onData(bytes);
    if (result.kind === "more") return;
    if (result.kind === "bad") return this.#refuse(result.reason);
    this.#reader = null;
    this.#follow(result.ends ?? this);
    if (result.rest.length > 0) super.onData(result.rest);
  }

  override checkTimeout(nowMs: number): void {
    const isLate = this.#reader !== null && this.waitedMs(nowMs) >= HEADER_TIMEOUT_MS;
    if (isLate) this.#refuse("it sent no PROXY header in time");
    else super.checkTimeout(nowMs);
  }

  /** The ends are the proxy's own where it names no client, which still is not this machine. */
  #follow({ address, localAddress, localPort }: ProxiedEnds): void {
    this.record.origin = { address, proxy: this.address, isForwarded: false };
    this.reached = { localAddress, localPort };
  }

  /** Without an answer: proxies read none. */
  #refuse(why: string): void {
    this.#reader = null;
    this.port.count("bad_request");
    this.port.log.repeated(`a connection of the proxy ${this.address} was closed: ${why}`);
    this.close(why);
  }
}

// Pure: reads the header of the PROXY protocol, version 1 or 2, that a proxy sends before the client's own bytes.
import { addressOfBytes } from "../lib/address.ts";
import { bytesOfAddress } from "../lib/address-ranges.ts";

/** Both ends of the client's connection to the proxy. */
export interface ProxiedEnds {
  readonly address: string;
  readonly localAddress: string;
  readonly localPort: number;
}

/** header: `ends` is null if the proxy speaks for itself, or does not know the client. */
export type ProxyHeaderResult =
  | { readonly kind: "more" }
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "header"; readonly ends: ProxiedEnds | null; readonly rest: Uint8Array };

const MORE: ProxyHeaderResult = { kind: "more" };

/** By the specification, the line's end included. */
const MAX_LINE = 107;

/** Longest version 2 header, for all that proxies add about a client's certificate. */
const MAX_BYTES = 2048;

const LINE = Buffer.from("PROXY ");
const LINE_END = Buffer.from("\r\n");
const SIGNATURE = Buffer.from("\r\n\r\n\0\r\nQUIT\n");

/** The signature, version and command, family and transport, and the length of what follows. */
const FIXED_BYTES = 16;

const LOCAL = 0x20;
const PROXIED = 0x21;

/** Families of which no address can be shown: unspecified, and Unix sockets. */
const UNSPECIFIED = 0x00;
const UNIX_STREAM = 0x31;

/** Bytes of an address by family and transport. */
const ADDRESS_BYTES = new Map([
  [0x11, 4],
  [0x21, 16],
]);

const TCP = /^PROXY TCP([46]) ([\d.]+|[\da-f:.]+) ([\d.]+|[\da-f:.]+) (\d{1,5}) (\d{1,5})$/i;
const UNKNOWN = /^PROXY UNKNOWN(?: [^\r\n]*)?$/;

/** Whether the bytes begin a PROXY header, as far as there are any. */
function mayBe(bytes: Uint8Array, opening: Buffer): boolean {
  const length = Math.min(bytes.length, opening.length);
  return opening.subarray(0, length).equals(bytes.subarray(0, length));
}

/** Collects bytes until the header is complete. Push nothing more after any result but "more". */
export class ProxyHeaderReader {
  #held: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): ProxyHeaderResult {
    const bytes = Buffer.concat([this.#held, chunk]);
    const result = read(bytes);
    if (result.kind === "more") this.#held = bytes;
    return result;
  }
}

function read(bytes: Buffer): ProxyHeaderResult {
  if (mayBe(bytes, LINE)) return readLine(bytes);
  if (mayBe(bytes, SIGNATURE)) return readBinary(bytes);
  return bad("it sends no PROXY header");
}

function bad(reason: string): ProxyHeaderResult {
  return { kind: "bad", reason };
}

function readLine(bytes: Buffer): ProxyHeaderResult {
  const end = bytes.subarray(0, MAX_LINE).indexOf(LINE_END);
  if (end < 0) return bytes.length < MAX_LINE ? MORE : bad("its PROXY header has no end");
  const line = bytes.toString("latin1", 0, end);
  const rest = bytes.subarray(end + LINE_END.length);
  if (UNKNOWN.test(line)) return { kind: "header", ends: null, rest };
  const ends = endsIn(line);
  return ends === null ? bad("its PROXY header is broken") : { kind: "header", ends, rest };
}

function endsIn(line: string): ProxiedEnds | null {
  const [, family, source = "", target = "", ...ports] = TCP.exec(line) ?? [];
  const isOfFamily = (address: string) =>
    address.includes(":") === (family === "6") && bytesOfAddress(address) !== null;
  const arePorts = ports.length === 2 && ports.every((port) => Number(port) <= 0xffff);
  if (!arePorts || !isOfFamily(source) || !isOfFamily(target)) return null;
  return endsOf(source, target, Number(ports[1]));
}

/** In the spelling of a peer, by which bans and limits know it. */
function canonical(address: string): string {
  const bytes = bytesOfAddress(address);
  return bytes === null ? address : addressOfBytes(bytes);
}

function endsOf(source: string, target: string, localPort: number): ProxiedEnds {
  return { address: canonical(source), localAddress: canonical(target), localPort };
}

function readBinary(bytes: Buffer): ProxyHeaderResult {
  if (bytes.length < FIXED_BYTES) return MORE;
  const command = bytes.readUInt8(SIGNATURE.length);
  if (command !== LOCAL && command !== PROXIED) {
    return bad("its PROXY header has an unknown version or command");
  }
  const length = FIXED_BYTES + bytes.readUInt16BE(FIXED_BYTES - 2);
  if (length > MAX_BYTES) return bad(`its PROXY header has more than ${MAX_BYTES} bytes`);
  if (bytes.length < length) return MORE;
  const rest = bytes.subarray(length);
  const family = bytes.readUInt8(SIGNATURE.length + 1);
  const isUnnamed = command === LOCAL || family === UNSPECIFIED || family === UNIX_STREAM;
  if (isUnnamed) return { kind: "header", ends: null, rest };
  const ends = endsInBytes(bytes.subarray(FIXED_BYTES, length), family);
  return ends === null ? bad("its PROXY header is broken") : { kind: "header", ends, rest };
}

/** Both addresses, then both ports; what follows them is about the connection, and skipped. */
function endsInBytes(bytes: Buffer, family: number): ProxiedEnds | null {
  const size = ADDRESS_BYTES.get(family);
  if (size === undefined || bytes.length < 2 * size + 4) return null;
  const addressAt = (at: number) => {
    const part = bytes.subarray(at, at + size);
    return size === 4 ? part.join(".") : addressOfBytes(part);
  };
  return endsOf(addressAt(0), addressAt(size), bytes.readUInt16BE(2 * size + 2));
}

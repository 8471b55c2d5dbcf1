// The connections of one of Bun's HTTP servers that are not listeners: their peers, how long they have been idle, and
// closing them.
import { descriptorTable } from "./descriptor-table.ts";
import { core } from "./core.ts";

export interface Client {
  readonly descriptor: number;
  /** 16 bytes in hexadecimal; IPv4 in mapped form. */
  readonly peer: string;
  /** Milliseconds since the last send, or since accept; 0 if the system does not report it. */
  readonly quietMs: number;
}

/** Bytes of an rc_client. */
export const CLIENT_BYTES = 24;

const ADDRESS_BYTES = 16;

/** The others come in a later scan. */
const MAX_CLIENTS = 8192;

const table = new DataView(new ArrayBuffer(MAX_CLIENTS * CLIENT_BYTES));

/** The clients on a port of this process. A descriptor is valid only until the caller returns to the event loop. */
export function clientsOf(port: number): Client[] {
  const bytes = new Uint8Array(table.buffer);
  const count = Math.max(0, core().rc_clients(descriptorTable(), port, bytes, MAX_CLIENTS));
  return Array.from({ length: count }, (_, place) => {
    const at = place * CLIENT_BYTES;
    return {
      peer: Buffer.from(bytes.subarray(at, at + ADDRESS_BYTES)).toString("hex"),
      descriptor: table.getInt32(at + ADDRESS_BYTES, true),
      quietMs: table.getInt32(at + ADDRESS_BYTES + 4, true),
    };
  });
}

/** Bun sees an ordinary end of the connection and closes it. */
export function hangUp({ descriptor }: Client): void {
  core().rc_hang_up(descriptor);
}

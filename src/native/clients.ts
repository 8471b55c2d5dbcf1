// The connections of an HTTP server of Bun's that are no listeners: who they are, how long they are quiet, and their end.
import { descriptorTable } from "./descriptor-table.ts";
import { core } from "./core.ts";

export interface Client {
  readonly descriptor: number;
  /** 16 bytes in hexadecimal; of IPv4 the mapped form. */
  readonly peer: string;
  /** Milliseconds since it was last sent something, or accepted; 0 where the system does not tell. */
  readonly quietMs: number;
}

/** Bytes of an rc_client. */
export const CLIENT_BYTES = 24;

const ADDRESS_BYTES = 16;

/** More are looked at the next time. */
const MAX_CLIENTS = 8192;

const table = new DataView(new ArrayBuffer(MAX_CLIENTS * CLIENT_BYTES));

/** Those on a port of this process. A descriptor holds only until the caller returns to the event loop. */
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

/** Bun sees an ordinary end of the connection, and closes it. */
export function hangUp({ descriptor }: Client): void {
  core().rc_hang_up(descriptor);
}

// A connection of an HTTP server that does not expose its descriptor; found by its peer.
import { addressOfBytes } from "../lib/address.ts";
import { descriptorTable } from "./descriptor-table.ts";
import { core } from "./core.ts";

export interface Peer {
  readonly address: string;
  readonly port: number;
}

export class ServerConnection {
  private constructor(readonly descriptor: number) {}

  /** This process's connection on `localPort` with `peer`, or null. The caller must release() before the fd is
   * closed, since the number may then be reused. */
  static find(localPort: number, { address, port }: Peer): ServerConnection | null {
    const text = Buffer.from(address);
    const found = core().rc_connection(descriptorTable(), localPort, text, text.length, port);
    return found < 0 ? null : new ServerConnection(found);
  }

  /** Bytes the kernel has accepted so far, from any writer; negative if it does not report them. */
  get writtenBytes(): number {
    return core().rc_written(this.descriptor);
  }

  /** The address of this machine that the client has connected to; null when the connection is gone. */
  get reachedAddress(): string | null {
    const bytes = new Uint8Array(16);
    return core().rc_reached(this.descriptor, bytes) < 0 ? null : addressOfBytes(bytes);
  }

  /** Returns the bytes that the kernel took: 0 when it is full, negative when it is broken. */
  write(bytes: Uint8Array): number {
    return core().rc_write(this.descriptor, bytes, bytes.length);
  }

  /** A second descriptor of it, which stays when the runtime closes its own; null when there is none to be had. Its
   * owner closes it. */
  copy(): number | null {
    const copy = core().rc_duplicate(this.descriptor);
    return copy < 0 ? null : copy;
  }

  /** Takes back that the kernel is to reset the connection when `copy` is closed, as a runtime asks that gives it up. */
  static calm(copy: number): void {
    core().rc_calm(copy);
  }

  release(): void {
    core().rc_release(descriptorTable(), this.descriptor);
  }
}

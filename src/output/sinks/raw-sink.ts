// The sink of a client on a plain TCP connection.
import { KeepingSink } from "./keeping-sink.ts";

/** The parts of the connection that the sink needs. */
export interface SinkConnection {
  /** Its socket's descriptor; -1 if unknown. */
  readonly descriptor: number;
  /** Returns the bytes the kernel accepted; negative if the connection is gone. */
  write(bytes: Uint8Array): number;
  /** Closes the connection after the peer has read everything. */
  finish(): void;
  /** Resets the connection. */
  drop(): void;
}

export class RawSink<Connection extends SinkConnection = SinkConnection> extends KeepingSink {
  constructor(protected readonly connection: Connection) {
    super();
  }

  get isChunked(): boolean {
    return false;
  }

  protected get socketDescriptor(): number {
    return this.connection.descriptor;
  }

  protected send(bytes: Uint8Array): number {
    return this.connection.write(bytes);
  }

  protected finish(): void {
    this.connection.finish();
  }

  protected drop(): void {
    this.connection.drop();
  }
}

// What the nodes of a cluster need of a message broker. NATS is one; tests have another.

/** A register in which a write succeeds only on top of a known revision. */
export interface KeptValue {
  /** 0 while nothing is kept. */
  readonly revision: number;
  /** null while nothing is kept, or after it was deleted. */
  readonly bytes: Uint8Array | null;
}

export type BrokerState = "connecting" | "connected" | "disconnected";

/** A message that others kept. */
export interface KeptMessage {
  readonly bytes: Uint8Array;
  /** It need not be delivered again. */
  done(): void;
}

/** The names of a bucket and of what is published: one cluster's only. */
export interface Broker {
  /** To anybody who listens; lost without a connection. */
  publish(subject: string, bytes: Uint8Array): void;
  /** `*` stands for one word of a subject. `answer` replies to a request. */
  subscribe(
    subject: string,
    heard: (bytes: Uint8Array, subject: string) => Uint8Array | null,
  ): Disposable;
  /** Rejects without an answer in time. */
  request(subject: string, bytes: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  /** Rejects if the broker cannot be reached in time. */
  read(bucket: string, key: string): Promise<KeptValue>;
  /** The new revision; null if somebody else has written since `revision`. Rejects if that is unknown. */
  write(bucket: string, key: string, bytes: Uint8Array, revision: number): Promise<number | null>;
}

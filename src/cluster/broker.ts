// What the nodes of a cluster need of a message broker. NATS is one; tests have another.

/** What each cluster keeps at its broker, in buckets of keys and values. */
export const BUCKETS = ["lead", "nodes", "bans"] as const;
export type Bucket = (typeof BUCKETS)[number];

export interface KeptValue {
  /** Grows with each write; 0 while nothing is kept. */
  readonly revision: number;
  /** null while nothing is kept, or after it was deleted. */
  readonly bytes: Uint8Array | null;
}

export type Heard = (key: string, bytes: Uint8Array) => void;

/** Every promise rejects if the broker does not answer in time. */
export interface Broker {
  /** Messages can be sent now. */
  readonly isConnected: boolean;
  /** Why it cannot be used, a sentence without its end; null if it can. */
  readonly trouble: string | null;
  /** Connections since the start. */
  readonly connects: number;
  /** Called after each connection, when all that is kept can be read and written, and when it is lost. */
  onState: (isConnected: boolean) => void;
  /** `heard` gives what answers a request, or null for nothing; it never rejects. */
  subscribe(subject: string, heard: (bytes: Uint8Array) => Promise<Uint8Array | null>): void;
  /** Sends to the one node that subscribes, and waits for its answer. */
  request(subject: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** Keeps a value, and shows it to all; lost without a connection. */
  keep(bucket: Bucket, key: string, bytes: Uint8Array): void;
  /** Calls `heard` with values of a bucket as they are kept. */
  watch(bucket: Bucket, heard: Heard): void;
  all(bucket: Bucket): Promise<readonly (readonly [key: string, bytes: Uint8Array])[]>;
  read(bucket: Bucket, key: string): Promise<KeptValue>;
  /** The new revision; null if somebody else has written since `revision`. */
  write(bucket: Bucket, key: string, bytes: Uint8Array, revision: number): Promise<number | null>;
  /** Adds to the cluster's journal, once however often it is repeated with the same id. */
  append(node: string, id: string, bytes: Uint8Array): Promise<void>;
  /** Calls `heard` with what all nodes append, in order, and with what it missed since it followed last under this name. */
  follow(name: string, heard: (bytes: Uint8Array) => void): void;
  close(): Promise<void>;
}

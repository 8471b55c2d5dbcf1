// What this program asks of NATS: how it connects, and what is kept there, each bounded in time and bytes.
import type { ConsumerConfig, StreamConfig } from "@nats-io/jetstream";
import type { KvOptions } from "@nats-io/kv";
import type { NodeConnectionOptions } from "@nats-io/transport-node";
import type { Bucket } from "./broker.ts";
import { MAX_MESSAGE_BYTES } from "./seal.ts";

export interface NatsSettings {
  readonly servers: readonly string[];
  /** The cluster's. */
  readonly name: string;
  readonly node: string;
}

/** An answer that takes longer is none. */
export const TIMEOUT_MS = 2000;

/** A connection without a sign of life for two of these is lost. */
const PING_MS = 2000;

/** NATS counts time in nanoseconds. */
const NANOS_PER_MS = 1_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIB = 1024 * 1024;

/** A node that was away for longer misses events. */
const JOURNAL_MS = DAY_MS;
const JOURNAL_BYTES = 128 * MIB;

/** Repeats of an event within this time are dropped. */
const DUPLICATES_MS = 120_000;

/** A node that is away for longer begins at the oldest event. */
const FORGOTTEN_MS = 7 * DAY_MS;

/** Milliseconds that values stay, and bytes that all of a bucket may have. */
const LIMITS: Readonly<Record<Bucket, Partial<KvOptions>>> = {
  lead: { max_bytes: MIB },
  nodes: { ttl: HOUR_MS, max_bytes: 32 * MAX_MESSAGE_BYTES },
  bans: { ttl: 366 * DAY_MS, max_bytes: 4 * MIB },
};

export function bucketTerms(bucket: Bucket): Partial<KvOptions> {
  return { history: 1, maxValueSize: MAX_MESSAGE_BYTES, ...LIMITS[bucket] };
}

/** `name`: the stream's. */
export function journalTerms(
  name: string,
  subject: string,
): Partial<StreamConfig> & { name: string } {
  return {
    name,
    subjects: [subject],
    max_age: JOURNAL_MS * NANOS_PER_MS,
    max_bytes: JOURNAL_BYTES,
    duplicate_window: DUPLICATES_MS * NANOS_PER_MS,
  };
}

/** NATS remembers under this name what was delivered. */
export function followerTerms(name: string): Partial<ConsumerConfig> {
  return {
    durable_name: name,
    ack_policy: "explicit",
    inactive_threshold: FORGOTTEN_MS * NANOS_PER_MS,
  };
}

/** Credentials stand in the addresses, where NATS's client does not look for them. */
export function connectTerms({ servers, node }: NatsSettings): NodeConnectionOptions {
  const urls = servers.map((server) => new URL(server));
  const named = urls.find(({ username }) => username !== "");
  const user = decodeURIComponent(named?.username ?? "");
  const pass = decodeURIComponent(named?.password ?? "");
  const account = pass === "" ? { token: user } : { user, pass };
  return {
    servers: urls.map(({ host }) => host),
    name: `cycast ${node}`,
    timeout: TIMEOUT_MS,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    pingInterval: PING_MS,
    maxPingOut: 2,
    ...(user === "" ? {} : account),
    ...(urls.some(({ protocol }) => protocol === "tls:") ? { tls: {} } : {}),
  };
}

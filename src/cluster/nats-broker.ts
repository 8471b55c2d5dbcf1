// NATS as the broker of a cluster. Loaded only where cluster.nats is set.
import { type ConsumerMessages, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { Backoff } from "../dial/backoff.ts";
import type { Log } from "../lib/log.ts";
import { type Broker, type Bucket, BUCKETS, type Heard, type KeptValue } from "./broker.ts";
import {
  bucketTerms,
  connectTerms,
  followerTerms,
  journalTerms,
  type NatsSettings,
  TIMEOUT_MS,
} from "./nats-terms.ts";

const FETCHED = 100;
const FETCH_MS = 5000;
const RETRY_MS = 1000;

/** Between two attempts to connect, at the most. */
const LONGEST_RETRY_MS = 5000;

/** What NATS says if a value is not at the expected revision. */
const WRONG_REVISION = 10071;

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : null;
}

function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]?.replace(/\.$/, "") ?? "";
}

export class NatsBroker implements Broker {
  onState: (isConnected: boolean) => void = () => undefined;
  trouble: string | null = "it has not answered yet";
  connects = 0;
  #connection: NatsConnection | null = null;
  #isReady = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  #buckets = new Map<Bucket, KV>();
  readonly #backoff = new Backoff();
  readonly #subscriptions: (() => void)[] = [];
  #messages: ConsumerMessages | null = null;

  constructor(
    private readonly settings: NatsSettings,
    private readonly log: Log,
  ) {
    void this.#run();
  }

  get isConnected(): boolean {
    return this.#isReady;
  }

  /** Until it is closed. */
  async #run(): Promise<void> {
    while (!this.#isClosed) {
      await this.#connect().catch((error: unknown) => this.#lost(sentence(error)));
      if (!this.#isClosed) await Bun.sleep(this.#delayMs());
    }
  }

  /** Until the connection is closed for good. */
  async #connect(): Promise<void> {
    const reconnectDelayHandler = () => this.#delayMs();
    const connection = await connect({ ...connectTerms(this.settings), reconnectDelayHandler });
    if (this.#isClosed) return connection.close();
    this.#connection = connection;
    for (const subscribe of this.#subscriptions) subscribe();
    void this.#prepare();
    for await (const { type } of connection.status()) {
      if (type === "disconnect" || type === "staleConnection")
        this.#lost("the connection was lost");
      else if (type === "reconnect") void this.#prepare();
      else if (type === "slowConsumer") this.log.repeated("cluster: messages come too fast");
    }
    this.#lost("the connection was closed");
  }

  #delayMs(): number {
    return Math.min(LONGEST_RETRY_MS, this.#backoff.after(0));
  }

  #lost(why: string): void {
    const isOther = this.#isReady || this.trouble !== why;
    this.#isReady = false;
    this.trouble = why;
    if (isOther && !this.#isClosed) this.log.warn(`cluster: NATS cannot be used: ${why}`);
    if (isOther) this.onState(false);
  }

  /** Makes what is kept, as a broker without a disk forgets it. Tried again until it succeeds or the connection ends. */
  async #prepare(): Promise<void> {
    const connection = this.#connection;
    if (connection === null || connection.isClosed() || this.#isClosed || this.#isReady) return;
    clearTimeout(this.#again);
    try {
      await this.#makeAll(connection);
      this.#ready(connection);
    } catch (error) {
      this.#lost(sentence(error));
      clearTimeout(this.#again);
      this.#again = setTimeout(() => void this.#prepare(), RETRY_MS);
      this.#again.unref();
    }
  }

  async #makeAll(connection: NatsConnection): Promise<void> {
    const js = jetstream(connection, { timeout: TIMEOUT_MS });
    const kvm = new Kvm(js);
    for (const bucket of BUCKETS) {
      this.#buckets.set(bucket, await kvm.create(this.#bucket(bucket), bucketTerms(bucket)));
    }
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: TIMEOUT_MS });
    await manager.streams.add(journalTerms(this.#journal, this.#subject("journal.*")));
  }

  #ready(connection: NatsConnection): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.trouble = null;
    this.connects++;
    this.#backoff.after(Number.POSITIVE_INFINITY);
    this.log.info(`cluster: connected to NATS at ${connection.getServer()}`);
    this.onState(true);
  }

  #bucket(bucket: Bucket): string {
    return `${this.settings.name}_${bucket}`;
  }

  get #journal(): string {
    return `${this.settings.name}_journal`;
  }

  /** A subject of this cluster. */
  #subject(subject: string): string {
    return `${this.settings.name}.${subject}`;
  }

  subscribe(subject: string, heard: (bytes: Uint8Array) => Promise<Uint8Array | null>): void {
    this.#listen(this.#subject(subject), (_subject, bytes, respond) => {
      heard(bytes)
        .then((answer) => (answer === null ? undefined : respond(answer)))
        // It may be larger than the server takes.
        .catch((error: unknown) =>
          this.log.debug(`cluster: no answer was sent: ${sentence(error)}`),
        );
    });
  }

  #listen(
    subject: string,
    heard: (subject: string, bytes: Uint8Array, respond: (answer: Uint8Array) => void) => void,
  ): void {
    const subscribe = () =>
      this.#connection?.subscribe(subject, {
        callback: (error, message) => {
          if (error === null)
            heard(message.subject, message.data, (answer) => void message.respond(answer));
        },
      });
    this.#subscriptions.push(subscribe);
    subscribe();
  }

  async request(subject: string, bytes: Uint8Array): Promise<Uint8Array> {
    const options = { timeout: TIMEOUT_MS };
    const { data } = await this.#connected.request(this.#subject(subject), bytes, options);
    return data;
  }

  get #connected(): NatsConnection {
    if (this.#connection === null || !this.#isReady) throw new Error("NATS cannot be used");
    return this.#connection;
  }

  keep(bucket: Bucket, key: string, bytes: Uint8Array): void {
    if (!this.#isReady) return;
    try {
      this.#connection?.publish(`$KV.${this.#bucket(bucket)}.${key}`, bytes);
    } catch (error) {
      this.log.repeated(`cluster: NATS does not take a message: ${sentence(error)}`);
    }
  }

  watch(bucket: Bucket, heard: Heard): void {
    const before = `$KV.${this.#bucket(bucket)}.`;
    this.#listen(`${before}*`, (subject, bytes) => heard(subject.slice(before.length), bytes));
  }

  async all(bucket: Bucket): Promise<[string, Uint8Array][]> {
    const kept = this.#kept(bucket);
    const found: [string, Uint8Array][] = [];
    for await (const key of await kept.keys()) {
      const entry = await kept.get(key);
      if (entry?.operation === "PUT") found.push([key, entry.value]);
    }
    return found;
  }

  async read(bucket: Bucket, key: string): Promise<KeptValue> {
    const entry = await this.#kept(bucket).get(key);
    if (entry === null) return { revision: 0, bytes: null };
    return { revision: entry.revision, bytes: entry.operation === "PUT" ? entry.value : null };
  }

  async write(
    bucket: Bucket,
    key: string,
    bytes: Uint8Array,
    revision: number,
  ): Promise<number | null> {
    try {
      return await this.#kept(bucket).put(key, bytes, { previousSeq: revision });
    } catch (error) {
      if (codeOf(error) === WRONG_REVISION) return null;
      throw error;
    }
  }

  #kept(bucket: Bucket): KV {
    const kept = this.#buckets.get(bucket);
    if (kept === undefined || !this.#isReady) throw new Error("NATS cannot be used");
    return kept;
  }

  async append(node: string, id: string, bytes: Uint8Array): Promise<void> {
    const js = jetstream(this.#connected, { timeout: TIMEOUT_MS });
    await js.publish(this.#subject(`journal.${node}`), bytes, { msgID: id, timeout: TIMEOUT_MS });
  }

  follow(name: string, heard: (bytes: Uint8Array) => void): void {
    void this.#follow(name, heard);
  }

  async #follow(name: string, heard: (bytes: Uint8Array) => void): Promise<void> {
    while (!this.#isClosed) {
      // What goes wrong here is said by #lost(); events stay where they are.
      const isDone =
        this.#isReady &&
        (await this.#fetch(name, heard).then(
          () => true,
          () => false,
        ));
      if (!isDone) await Bun.sleep(RETRY_MS);
    }
  }

  async #fetch(name: string, heard: (bytes: Uint8Array) => void): Promise<void> {
    const connection = this.#connected;
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: TIMEOUT_MS });
    await manager.consumers.add(this.#journal, followerTerms(name));
    const consumer = await jetstream(connection).consumers.get(this.#journal, name);
    while (this.#isReady) {
      this.#messages = await consumer.fetch({ max_messages: FETCHED, expires: FETCH_MS });
      for await (const message of this.#messages) {
        heard(message.data);
        message.ack();
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isReady = false;
    clearTimeout(this.#again);
    this.#messages?.stop();
    await this.#connection?.close();
  }
}

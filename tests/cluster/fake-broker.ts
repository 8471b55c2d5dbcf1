// A broker in memory for several nodes, whose connections can be cut one by one; and clocks that tests set.
import type { Broker, Bucket, Heard, KeptValue } from "../../src/cluster/broker.ts";

interface Appended {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** What the broker keeps for all. */
export class FakeBroker {
  readonly kept = new Map<string, { readonly revision: number; readonly bytes: Uint8Array }>();
  readonly journal: Appended[] = [];
  readonly clients: FakeClient[] = [];
  #revision = 0;

  client(): FakeClient {
    const client = new FakeClient(this);
    this.clients.push(client);
    return client;
  }

  put(name: string, bytes: Uint8Array): number {
    this.kept.set(name, { revision: ++this.#revision, bytes });
    return this.#revision;
  }
}

export class FakeClient implements Broker {
  isConnected = false;
  trouble: string | null = null;
  connects = 0;
  onState: (isConnected: boolean) => void = () => undefined;
  readonly watches: [Bucket, Heard][] = [];
  readonly subscriptions = new Map<string, (bytes: Uint8Array) => Promise<Uint8Array | null>>();
  #follow: ((bytes: Uint8Array) => void) | null = null;
  #followed = 0;

  constructor(private readonly server: FakeBroker) {}

  connect(): void {
    this.isConnected = true;
    this.connects++;
    this.onState(true);
    this.deliver();
  }

  cut(): void {
    this.isConnected = false;
    this.onState(false);
  }

  #check(): void {
    if (!this.isConnected) throw new Error("cut off");
  }

  subscribe(subject: string, heard: (bytes: Uint8Array) => Promise<Uint8Array | null>): void {
    this.subscriptions.set(subject, heard);
  }

  async request(subject: string, bytes: Uint8Array): Promise<Uint8Array> {
    this.#check();
    const to = this.server.clients.find((one) => one.isConnected && one.subscriptions.has(subject));
    const answer = await to?.subscriptions.get(subject)?.(bytes);
    if (answer === null || answer === undefined) throw new Error("no answer in time");
    return answer;
  }

  keep(bucket: Bucket, key: string, bytes: Uint8Array): void {
    if (!this.isConnected) return;
    this.server.put(`${bucket} ${key}`, bytes);
    for (const { isConnected, watches } of this.server.clients)
      for (const [watched, heard] of isConnected ? watches : [])
        if (watched === bucket) heard(key, bytes);
  }

  watch(bucket: Bucket, heard: Heard): void {
    this.watches.push([bucket, heard]);
  }

  async all(bucket: Bucket): Promise<[string, Uint8Array][]> {
    this.#check();
    return [...this.server.kept].flatMap(([name, { bytes }]): [string, Uint8Array][] => {
      const [in_, key = ""] = name.split(" ");
      return in_ === bucket ? [[key, bytes]] : [];
    });
  }

  async read(bucket: Bucket, key: string): Promise<KeptValue> {
    this.#check();
    return this.server.kept.get(`${bucket} ${key}`) ?? { revision: 0, bytes: null };
  }

  async write(bucket: Bucket, key: string, bytes: Uint8Array, revision: number) {
    this.#check();
    const name = `${bucket} ${key}`;
    if ((this.server.kept.get(name)?.revision ?? 0) !== revision) return null;
    return this.server.put(name, bytes);
  }

  async append(_node: string, id: string, bytes: Uint8Array): Promise<void> {
    this.#check();
    if (!this.server.journal.some((one) => one.id === id)) this.server.journal.push({ id, bytes });
    for (const client of this.server.clients) client.deliver();
  }

  follow(_name: string, heard: (bytes: Uint8Array) => void): void {
    this.#follow = heard;
  }

  deliver(): void {
    if (!this.isConnected) return;
    for (const { bytes } of this.server.journal.slice(this.#followed)) this.#follow?.(bytes);
    this.#followed = this.server.journal.length;
  }

  async close(): Promise<void> {
    this.isConnected = false;
  }
}

export class SetClock {
  constructor(public ms = 1_800_000_000_000) {}

  nowMs(): number {
    return this.ms;
  }
}

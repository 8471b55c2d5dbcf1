// Takes and keeps the lead of the nodes that share one programme, by a value that the broker keeps.
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Broker, KeptValue } from "./broker.ts";
import { Lease, type Register } from "./lease.ts";
import { fieldsOf, textOf } from "./parsing.ts";
import type { Seal } from "./seal.ts";

const BUCKET = "lead";
const KEY = "leader";
const PURPOSE = "leader";

/** Between two looks, or two writes of the leader: several fit into a lease. */
export const ELECTION_MS = 1000;

/** A node that leads. */
export interface Leader {
  readonly node: string;
  /** Where the others reach it. */
  readonly url: string;
  readonly run: string;
}

interface Parts {
  readonly broker: Broker;
  readonly seal: Seal;
  readonly log: Log;
  /** Never goes back, and counts all time that passes. */
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly me: Leader;
  onChange(): void;
}

/** What is in the register but cannot be understood: somebody may lead. */
const UNKNOWN = "?";

export class Elector {
  readonly #lease: Lease;
  #isAsking: Promise<void> | null = null;
  #other: Leader | null = null;
  #shown = "";
  /** The register was read or written. */
  isKnown = false;
  #hasResigned = false;

  constructor(private readonly parts: Parts) {
    this.#lease = new Lease(parts.me.run);
  }

  get isLeader(): boolean {
    return this.#lease.isLeader(this.parts.clock.nowMs());
  }

  /** Another node that leads, or led when the broker was last heard; null for none. */
  get other(): Leader | null {
    return this.isLeader ? null : this.#other;
  }

  /** To be called about once a second. */
  look(): void {
    const { broker, log } = this.parts;
    this.#show();
    if (this.#hasResigned || !broker.isConnected) return;
    this.#isAsking ??= this.#ask()
      // Without an answer the lease ends by itself.
      .catch((error: unknown) => log.debug(`cluster: who leads is unknown: ${String(error)}`))
      .finally(() => (this.#isAsking = null))
      .then(() => this.#show());
  }

  disconnected(): void {
    this.#lease.disconnected();
  }

  /** Another node may lead at once. */
  async resign(): Promise<void> {
    if (this.#hasResigned) return;
    this.#hasResigned = true;
    await this.#isAsking;
    const { clock, broker } = this.parts;
    const step = this.#lease.next(clock.nowMs());
    const led = this.isLeader;
    this.#lease.resign();
    if (!led || step.kind !== "write") return;
    await broker.write(BUCKET, KEY, this.#sealed(null), step.revision).catch(() => null);
  }

  async #ask(): Promise<void> {
    const { clock, broker } = this.parts;
    if (this.#lease.next(clock.nowMs()).kind === "read") this.#read(await broker.read(BUCKET, KEY));
    const begunMs = clock.nowMs();
    const step = this.#lease.next(begunMs);
    if (step.kind === "write") await this.#write(step.revision, begunMs);
  }

  async #write(expected: number, begunMs: number): Promise<void> {
    const { broker, me } = this.parts;
    const revision = await broker.write(BUCKET, KEY, this.#sealed(me), expected);
    this.isKnown = true;
    if (revision === null) return this.#lease.refused();
    this.#lease.wrote(revision, begunMs);
    this.#other = null;
  }

  #read({ revision, bytes }: KeptValue): void {
    const leader = bytes === null ? null : this.#opened(bytes);
    const holder = revision === 0 ? "" : (leader?.run ?? UNKNOWN);
    const register: Register = { revision, holder };
    this.#lease.read(register, this.parts.clock.nowMs());
    const isOther = leader !== null && leader.run !== "" && leader.run !== this.parts.me.run;
    this.#other = isOther ? leader : null;
    this.isKnown = true;
  }

  #sealed(leader: Leader | null): Uint8Array {
    return this.parts.seal.close(PURPOSE, leader ?? {}, this.parts.wall.nowMs());
  }

  /** With run "" after it was given back; null for what is not of this cluster. */
  #opened(bytes: Uint8Array): Leader | null {
    const fields = fieldsOf(this.parts.seal.open(PURPOSE, bytes)?.body);
    if (fields === null) return null;
    const [node, url, run] = [fields["node"], fields["url"], fields["run"]].map(textOf);
    return { node: node ?? "", url: url ?? "", run: run ?? "" };
  }

  /** One line per change. */
  #show(): void {
    const { log, me, onChange } = this.parts;
    const leader = this.isLeader ? me : this.#other;
    const shown = leader?.run ?? "";
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (leader === me) log.info("cluster: this node leads");
    else if (leader === null) log.info("cluster: it is not known who leads");
    else log.info(`cluster: ${leader.node} leads`);
    onChange();
  }
}

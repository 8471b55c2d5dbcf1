// Brings a ban of one node to all, also to those that were away.
import type { Ban } from "../access/ban.ts";
import type { Clock } from "../lib/clock.ts";
import { type BanWord, banWord, stepOf, unknownBans } from "./ban-merge.ts";
import type { Broker } from "./broker.ts";
import type { Seal } from "./seal.ts";

const BUCKET = "bans";
const PURPOSE = "ban";

/** The bans of this node. */
export interface OwnBans {
  list(): readonly Ban[];
  /** Another node's operator banned an address. */
  ban(ban: Ban): void;
  end(address: string): void;
}

interface Parts {
  readonly broker: Broker;
  readonly seal: Seal;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly own: OwnBans;
}

function keyOf(address: string): string {
  return Buffer.from(address).toString("base64url");
}

export class SharedBans {
  constructor(private readonly parts: Parts) {
    parts.broker.watch(BUCKET, (key, bytes) => this.#heard(key, bytes));
  }

  /** An operator of this node banned an address. */
  banned(ban: Ban): void {
    this.#say({ ban, endedMs: 0 });
  }

  /** An operator of this node ended a ban before its time. */
  ended(ban: Ban): void {
    this.#say({ ban, endedMs: this.parts.wall.nowMs() });
  }

  /** After each connection: learns what was said meanwhile, and says what the others do not know. */
  async connected(): Promise<void> {
    const { broker, own } = this.parts;
    const kept = new Map<string, BanWord>();
    for (const [key, bytes] of await broker.all(BUCKET)) {
      const word = this.#opened(key, bytes);
      if (word !== null) kept.set(word.ban.address, word);
    }
    const unknown = unknownBans(own.list(), kept);
    for (const word of kept.values()) this.#follow(word);
    for (const ban of unknown) this.#say({ ban, endedMs: 0 });
  }

  #say({ ban, endedMs }: BanWord): void {
    const { broker, seal, wall } = this.parts;
    broker.keep(BUCKET, keyOf(ban.address), seal.close(PURPOSE, { ...ban, endedMs }, wall.nowMs()));
  }

  #heard(key: string, bytes: Uint8Array): void {
    const word = this.#opened(key, bytes);
    if (word !== null) this.#follow(word);
  }

  #opened(key: string, bytes: Uint8Array): BanWord | null {
    const word = banWord(this.parts.seal.open(PURPOSE, bytes)?.body);
    return word !== null && keyOf(word.ban.address) === key ? word : null;
  }

  #follow(word: BanWord): void {
    const { own, wall } = this.parts;
    const mine = own.list().find(({ address }) => address === word.ban.address) ?? null;
    const step = stepOf(word, mine, wall.nowMs());
    if (step?.kind === "ban") own.ban(step.ban);
    else if (step?.kind === "end") own.end(step.address);
  }
}

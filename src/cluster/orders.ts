// Questions and orders between nodes: a page of another node's listeners, whom it is to disconnect.
import type { Clock } from "../lib/clock.ts";
import type { Broker } from "./broker.ts";
import { fieldsOf, textOf } from "./parsing.ts";
import { Fresh, type Opened, type Seal } from "./seal.ts";

const PURPOSE = "order";

/** Orders that a node obeys in a second; further ones are refused, and counted. */
const MAX_PER_SECOND = 50;

/** Does what is ordered, and gives the answer; the body may be anything. null for what it does not understand. */
export type Obey = (name: string, body: unknown) => Promise<unknown>;

export interface OrderParts {
  readonly broker: Broker;
  readonly seal: Seal;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly node: string;
  readonly obey: Obey;
}

export class Orders {
  readonly #fresh = new Fresh();
  #second = 0;
  #count = 0;
  /** Orders that were not obeyed: not of this cluster, too old, repeated, too many or not understood. */
  refused = 0;

  constructor(private readonly parts: OrderParts) {
    parts.broker.subscribe(`node.${parts.node}`, (bytes) => this.#heard(bytes));
  }

  /** The answer of another node; null if there was none in time. */
  async give(to: string, name: string, body: unknown): Promise<unknown> {
    const { broker, seal, wall } = this.parts;
    const bytes = seal.close(PURPOSE, { to, name, body }, wall.nowMs());
    const id = seal.open(PURPOSE, bytes)?.id ?? "";
    const answer = await broker.request(`node.${to}`, bytes).catch(() => null);
    return answer === null ? null : (seal.open(answerTo(id), answer)?.body ?? null);
  }

  async #heard(bytes: Uint8Array): Promise<Uint8Array | null> {
    const { seal, wall } = this.parts;
    const opened = seal.open(PURPOSE, bytes);
    const answer = opened === null ? null : await this.#obeyed(opened).catch(() => null);
    if (opened === null || answer === null) this.refused++;
    else return seal.close(answerTo(opened.id), answer, wall.nowMs());
    return null;
  }

  async #obeyed(opened: Opened): Promise<unknown> {
    const { wall, node, obey } = this.parts;
    const fields = fieldsOf(opened.body);
    const nowMs = wall.nowMs();
    if (fields?.["to"] !== node || !this.#hasTime(nowMs)) return null;
    if (!this.#fresh.accepts(opened, nowMs)) return null;
    return obey(textOf(fields["name"]), fields["body"]);
  }

  #hasTime(nowMs: number): boolean {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#second) this.#count = 0;
    this.#second = second;
    return ++this.#count <= MAX_PER_SECOND;
  }
}

function answerTo(id: string): string {
  return `answer ${id}`;
}

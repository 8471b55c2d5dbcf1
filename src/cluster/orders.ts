// Questions and orders between nodes: one page of another node's listeners, and whom it is to disconnect.
import type { Clock } from "../lib/clock.ts";
import type { Broker } from "./broker.ts";
import { type Fields, fieldsOf, numberOf, textOf } from "./parsing.ts";
import { Fresh, type Seal } from "./seal.ts";

const PURPOSE = "order";

/** Orders that a node obeys in a second; further ones are refused, and counted. */
const MAX_PER_SECOND = 50;

export type Order =
  | {
      readonly do: "kick-listener";
      readonly mount: string;
      readonly id: number;
      readonly by: string;
    }
  | { readonly do: "kick-source"; readonly mount: string; readonly by: string }
  | {
      readonly do: "listeners";
      readonly mount: string;
      readonly page: number;
      readonly perPage: number;
    };

export interface OrderParts {
  readonly broker: Broker;
  readonly seal: Seal;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly node: string;
  /** Does it and returns the answer. */
  obey(order: Order): unknown;
}

const MAX_PER_PAGE = 200;

/** null for what is none. */
export function orderOf(value: unknown): Order | null {
  const fields = fieldsOf(value);
  const mount = textOf(fields?.["mount"]);
  if (fields === null || !mount.startsWith("/")) return null;
  const by = textOf(fields["by"]);
  if (fields["do"] === "kick-source") return { do: "kick-source", mount, by };
  if (fields["do"] === "kick-listener")
    return { do: "kick-listener", mount, by, id: numberOf(fields["id"]) };
  return fields["do"] === "listeners" ? { do: "listeners", mount, ...pageOf(fields) } : null;
}

function pageOf(fields: Fields) {
  const page = Math.max(1, Math.round(numberOf(fields["page"])));
  const perPage = Math.max(1, Math.min(MAX_PER_PAGE, Math.round(numberOf(fields["perPage"]))));
  return { page, perPage };
}

export class Orders {
  readonly #fresh = new Fresh();
  #second = 0;
  #count = 0;
  /** Orders that were not obeyed: not of this cluster, too old, repeated or too many. */
  refused = 0;

  constructor(private readonly parts: OrderParts) {
    parts.broker.subscribe(`node.${parts.node}`, (bytes) => this.#heard(bytes));
  }

  /** The answer of another node; null if there was none in time. */
  async give(node: string, order: Order): Promise<unknown> {
    const { broker, seal, wall } = this.parts;
    const bytes = seal.close(PURPOSE, { ...order, to: node }, wall.nowMs());
    const id = seal.open(PURPOSE, bytes)?.id ?? "";
    const answer = await broker.request(`node.${node}`, bytes).catch(() => null);
    return answer === null ? null : (seal.open(answerTo(id), answer)?.body ?? null);
  }

  #heard(bytes: Uint8Array): Uint8Array | null {
    const { seal, wall, node } = this.parts;
    const nowMs = wall.nowMs();
    const opened = seal.open(PURPOSE, bytes);
    const order = orderOf(opened?.body);
    const isForMe = fieldsOf(opened?.body)?.["to"] === node;
    if (opened === null || order === null || !isForMe) return this.#refuse();
    if (!this.#hasTime(nowMs) || !this.#fresh.accepts(opened, nowMs)) return this.#refuse();
    return seal.close(answerTo(opened.id), this.parts.obey(order), nowMs);
  }

  #refuse(): null {
    this.refused++;
    return null;
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

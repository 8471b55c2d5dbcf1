// Pure: the listening sessions of other nodes that are not over, so that they can be ended for a node that ended without a
// word.
import type { JoinedEvent, JournalEvent, LeftEvent } from "../journal/journal.ts";
import type { RemoteBatch } from "./remote-event.ts";

/** Of all nodes. Those beyond are not followed, so that nothing of them is kept. */
export const MAX_SESSIONS = 200_000;

interface Node {
  readonly run: string;
  readonly sessions: Map<string, JoinedEvent>;
}

function keyOf({ mount, session }: JoinedEvent | LeftEvent): string {
  return `${session} ${mount}`;
}

export class RemoteSessions {
  readonly #nodes = new Map<string, Node>();
  #count = 0;

  /** The events of a batch that make sense after what was there, and what ends before them because the node began anew. */
  take({ node, run, events }: RemoteBatch, nowMs: number): JournalEvent[] {
    const known = this.#nodes.get(node);
    const firstMs = events[0]?.atMs ?? nowMs;
    const ended = known !== undefined && known.run !== run ? this.end(node, firstMs) : [];
    const entry = this.#nodes.get(node) ?? { run, sessions: new Map<string, JoinedEvent>() };
    this.#nodes.set(node, entry);
    return [...ended, ...events.filter((event) => this.#fits(event, entry.sessions))];
  }

  #fits(event: JournalEvent, sessions: Map<string, JoinedEvent>): boolean {
    if (event.type === "left") return this.#remove(sessions, keyOf(event));
    if (event.type !== "joined") return true;
    const key = keyOf(event);
    if (sessions.has(key) || this.#count >= MAX_SESSIONS) return false;
    sessions.set(key, event);
    this.#count++;
    return true;
  }

  #remove(sessions: Map<string, JoinedEvent>, key: string): boolean {
    const wasThere = sessions.delete(key);
    if (wasThere) this.#count--;
    return wasThere;
  }

  /** A node ended at `atMs`: its sessions and mounts do too. */
  end(node: string, atMs: number): JournalEvent[] {
    const entry = this.#nodes.get(node);
    if (entry === undefined) return [];
    this.#nodes.delete(node);
    this.#count -= entry.sessions.size;
    const left = [...entry.sessions.values()].map((joined) => leftOf(joined, atMs));
    const mounts = new Map(left.map(({ mount, position }) => [mount, position]));
    const ends = [...mounts].map(([mount, position]): JournalEvent => {
      return { type: "end", node, mount, position, atMs };
    });
    return [...left, ...ends];
  }
}

/** It has heard the mount until then, as far as is known. */
function leftOf({ node, mount, session, position, client, atMs }: JoinedEvent, endMs: number) {
  const heard = Math.max(0, endMs - atMs) / 1000;
  const event: LeftEvent = {
    ...{ type: "left", mount, session, client, atMs: Math.max(atMs, endMs) },
    ...{ position: position + heard, isMoved: false, joinedMs: atMs, sentBytes: 0 },
    ...(node === undefined ? {} : { node }),
  };
  return event;
}

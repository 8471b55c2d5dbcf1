// The rows of players' names. Strangers choose them, so only so many are kept; beyond that a player goes by its family.
import type { Database } from "bun:sqlite";
import { type Agent, agentOf, MAX_AGENT_LENGTH } from "./agents.ts";
import { number, one } from "./rows.ts";

export interface AgentRow extends Agent {
  readonly id: number;
}

/** Rows; about ten megabytes. */
const MAX_ROWS = 50_000;

/** In memory; others are read again when they are needed. */
const MAX_KNOWN = 1000;

export class AgentRows {
  readonly #known = new Map<string, AgentRow>();

  constructor(
    private readonly database: () => Database,
    private readonly maxRows = MAX_ROWS,
  ) {}

  of(userAgent: string): AgentRow {
    const name = userAgent.slice(0, MAX_AGENT_LENGTH);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const agent = agentOf(name);
    const row = { ...agent, id: this.#find(name) ?? this.#add(name, agent) };
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(name, row);
    return row;
  }

  /** Reads all again: what was written may be undone. */
  forget(): void {
    this.#known.clear();
  }

  /** Makes room if there is none: deletes names that no session has any more. Reads all sessions. */
  trim(): void {
    if (!this.#isFull) return;
    this.database().run("DELETE FROM agent WHERE id NOT IN (SELECT agent FROM session)");
    this.forget();
  }

  get #isFull(): boolean {
    return (
      number(one(this.database(), "SELECT count(*) AS count FROM agent")?.["count"]) >= this.maxRows
    );
  }

  #find(name: string): number | null {
    const row = one(this.database(), "SELECT id FROM agent WHERE name = ?", [name]);
    return row === null ? null : number(row["id"]);
  }

  #add(name: string, { family, kind }: Agent): number {
    const kept = this.#isFull ? `(${family})` : name;
    const sql = "INSERT OR IGNORE INTO agent (name, family, kind) VALUES (?, ?, ?)";
    this.database().run(sql, [kept, family, kind]);
    return this.#find(kept) ?? 0;
  }
}

// Writes batches of events into the tables, whole or not at all, and then hands them to the ledger.
import type { Database } from "bun:sqlite";
import type {
  EndEvent,
  JoinedEvent,
  JournalEvent,
  LeftEvent,
  TitleEvent,
} from "../journal/journal.ts";
import { withoutAddresses } from "./address-free.ts";
import { AgentRows } from "./agent-rows.ts";
import { Identity } from "./identity.ts";
import type { Ledger } from "./ledger.ts";
import type { Session } from "./life.ts";
import { insert, number, one } from "./rows.ts";

/** The present timeline of a mount. */
interface Present {
  readonly id: number;
  readonly mount: number;
  /** The server of the cluster; "" for this one. What plays is written for this one alone. */
  readonly node: string;
  readonly last: { readonly id: number; readonly position: number; readonly atMs: number } | null;
}

/** A title that is over so soon is none: the next takes its place. So a source that changes titles all the time fills neither
 * the memory nor the disk. */
const SHORTEST_SECONDS = 1;

export class Writer {
  #lives = new Map<string, Present>();
  /** Rows of sessions that are not over, by life and number. */
  readonly #sessions = new Map<string, number>();
  readonly #agents: AgentRows;
  readonly #identity: Identity;
  /** For the ledger, once the batch is written. */
  #steps: (() => void)[] = [];

  constructor(
    private readonly database: () => Database,
    private readonly ledger: Ledger,
    private readonly countryOf: (address: string) => string,
  ) {
    this.#identity = new Identity(database);
    this.#agents = new AgentRows(database);
  }

  /** The timelines of this run. */
  get lives(): readonly number[] {
    return [...this.#lives.values()].map(({ id }) => id);
  }

  /** Done once a day. */
  trim(): void {
    this.#agents.trim();
  }

  /** Throws SQLite's error, having written and noted nothing. */
  write(events: readonly JournalEvent[], nowMs: number): void {
    const before = new Map(this.#lives);
    this.#steps = [];
    try {
      this.database().transaction(() => {
        for (const event of events) this.#add(event);
        this.database().run("INSERT OR REPLACE INTO state VALUES ('alive_ms', ?)", [nowMs]);
      })();
    } catch (error) {
      this.#lives = before;
      this.#agents.forget();
      this.#identity.forget();
      throw error;
    }
    for (const step of this.#steps) step();
  }

  #add(event: JournalEvent): void {
    if (event.type === "joined") this.#joined(event);
    else if (event.type === "left") this.#left(event);
    else if (event.type === "title") this.#title(event);
    else this.#other(event);
    if (event.type === "end") this.#end(event);
  }

  #joined({ node, mount, atMs, session, position, isContinued, client }: JoinedEvent): void {
    const present = this.#present(mount, atMs, node);
    const agent = this.#agents.of(client.userAgent);
    const uniqueId = this.#identity.of(client.address, client.userAgent, atMs);
    const country = this.countryOf(client.address);
    const { door = "", user } = client;
    const row = insert(
      this.database(),
      "INSERT INTO session VALUES (NULL, ?, ?, ?, ?, NULL, ?, NULL, 0, ?, ?, ?, ?, ?, ?, ?)",
      [
        present.id,
        present.mount,
        session,
        Math.round(atMs),
        position,
        uniqueId,
        agent.id,
        country,
        door,
        user,
        isContinued ? 1 : 0,
        present.node,
      ],
    );
    this.#sessions.set(`${present.id} ${session}`, row);
    const { family, kind } = agent;
    const about = { uniqueId, family, kind, country, door };
    const begun: Session = {
      number: session,
      beganMs: atMs,
      from: position,
      isContinued,
      ...about,
    };
    this.#steps.push(() => this.ledger.begin(this.#lifeOf(present), begun));
  }

  #left({ node, mount, atMs, session, position, isMoved, sentBytes }: LeftEvent): void {
    const present = this.#lives.get(lifeKey(mount, node));
    const key = `${present?.id} ${session}`;
    const row = this.#sessions.get(key);
    // It began before the file was set aside.
    if (present === undefined || row === undefined) return;
    this.database()
      .query(
        "UPDATE session SET ended_ms = ?, heard = max(0, ? - position), bytes = ? WHERE id = ?",
      )
      .run(Math.round(atMs), position, sentBytes, row);
    this.#steps.push(() => {
      // The same listener may go on in the same batch.
      if (this.#sessions.get(key) === row) this.#sessions.delete(key);
      this.ledger.end(this.#lifeOf(present), session, { atMs, position, isMoved });
    });
  }

  #title(heard: TitleEvent): void {
    const present = this.#present(heard.mount, heard.atMs);
    const event = { ...heard, ...beginOf(heard, present) };
    const { mount, atMs, position, kind, show, artist, title } = event;
    const id = this.#play(present, event);
    this.#lives.set(lifeKey(mount), { ...present, last: { id, position, atMs } });
    const play = { id, position, beganMs: atMs, kind, show, artist, title };
    this.#steps.push(() => this.ledger.life(present.id, present.mount).title(play));
  }

  /** A title at the position of the last one replaces it. */
  #play({ id, mount, last }: Present, event: TitleEvent): number {
    const database = this.database();
    if (last !== null && last.position >= event.position)
      database.run("DELETE FROM play WHERE id = ?", [last.id]);
    else if (last !== null)
      database.run("UPDATE play SET ended = ? WHERE id = ?", [event.position, last.id]);
    const isReplaced = last !== null && last.position >= event.position;
    return insert(
      database,
      `INSERT INTO play (id, life, mount, began_ms, position, kind, is_filler, show, artist, title, album, file, seconds)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        isReplaced ? last.id : null,
        id,
        mount,
        Math.round(event.atMs),
        event.position,
        event.kind,
        event.isFiller ? 1 : 0,
        event.show,
        event.artist,
        event.title,
        event.album,
        event.file,
        event.seconds,
      ],
    );
  }

  #end({ node, mount, position, atMs }: EndEvent): void {
    const present = this.#lives.get(lifeKey(mount, node));
    if (present === undefined) return;
    const database = this.database();
    database.run("UPDATE play SET ended = ? WHERE id = ?", [position, present.last?.id ?? 0]);
    database.run("UPDATE life SET is_over = 1 WHERE id = ?", [present.id]);
    this.#lives.delete(lifeKey(mount, node));
    this.#steps.push(() => this.#lifeOf(present).close(position, atMs));
  }

  #other(event: Exclude<JournalEvent, JoinedEvent | LeftEvent | TitleEvent>): void {
    const { type, atMs, ...data } = event;
    const mount = "mount" in event ? event.mount : "";
    // Who logs in is an operator of the station, but its address is personal all the same: names of inputs and messages
    // may have it too.
    const kept = Object.entries(data)
      .filter(([name]) => name !== "mount" && name !== "address")
      .map(([name, value]) => [name, typeof value === "string" ? withoutAddresses(value) : value]);
    insert(this.database(), "INSERT INTO event VALUES (NULL, ?, ?, ?, ?)", [
      Math.round(atMs),
      mount,
      type,
      JSON.stringify(Object.fromEntries(kept)),
    ]);
  }

  #present(path: string, atMs: number, node = ""): Present {
    const known = this.#lives.get(lifeKey(path, node));
    if (known !== undefined) return known;
    const database = this.database();
    database.run("INSERT OR IGNORE INTO mount (path) VALUES (?)", [path]);
    const mount = number(one(database, "SELECT id FROM mount WHERE path = ?", [path])?.["id"]);
    const id = insert(database, "INSERT INTO life VALUES (NULL, ?, ?, 0)", [
      mount,
      Math.round(atMs),
    ]);
    const made = { id, mount, node, last: null };
    this.#lives.set(lifeKey(path, node), made);
    return made;
  }

  #lifeOf({ id, mount, node }: Present) {
    return this.ledger.life(id, mount, node === "");
  }
}

function lifeKey(mount: string, node = ""): string {
  return `${node} ${mount}`;
}

/** Where a title begins: where the one before it did if that was over too soon. */
function beginOf({ position, atMs }: TitleEvent, { last }: Present) {
  const isSoon =
    last !== null && last.position < position && position - last.position < SHORTEST_SECONDS;
  return isSoon ? { position: last.position, atMs: last.atMs } : { position, atMs };
}

// The history as the station's thread knows it: collects events and hands them, once a second, to the thread that keeps them.
import { join } from "node:path";
import { databaseTrouble } from "../database/trouble.ts";
import type { Disk } from "../disk/disk.ts";
import type { JoinedEvent, Journal, JournalEvent, LeftEvent } from "../journal/journal.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { HistoryCall, HistoryReply, HistorySettings } from "./history-calls.ts";

import type { Answers, HistoryQuestion, Play } from "./questions.ts";

const NAME = "history.sqlite";

/** A crash loses no more. */
const BATCH_MS = 1000;

/** Events that wait for a slow or full disk; further ones are lost. */
const MAX_WAITING = 50_000;

/** In one call, so that a query never waits long. Copying so many to the thread takes less than a millisecond of this one. */
const MAX_BATCH = 250;

export interface HistoryParts {
  readonly directory: string;
  readonly disk: Disk;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly settings: () => HistorySettings;
}

function sessionKey({ node = "", mount, session }: JoinedEvent | LeftEvent): string {
  return `${node} ${session} ${mount}`;
}

export class HistoryStore {
  #waiting: JournalEvent[] = [];
  #isWriting: Promise<void> | null = null;
  #isFailing = false;
  #isClosed = false;
  #geoipTrouble = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Listening sessions whose begin is kept: their end must be too, or they would listen for ever. While there are any, the
   * time is noted every second. */
  readonly #sessions = new Set<string>();
  /** Events that were not kept since the start. */
  lost = 0;

  constructor(private readonly parts: HistoryParts) {}

  /** Keeps what the journal has from now on. */
  follow(journal: Journal): Disposable {
    return journal.read((event) => this.#add(event));
  }

  /** What a mount played before a time (milliseconds since 1970), the newest first; null if the disk fails. */
  played(mount: string, beforeMs: number, limit: number): Promise<readonly Play[] | null> {
    return this.ask({ query: "played", mount, beforeMs, limit });
  }

  /** The answer as of now; null after a failure, which is logged once. May never settle: a share answers when it likes. */
  async ask<Q extends HistoryQuestion>(question: Q): Promise<Answers[Q["query"]] | null> {
    await this.#write();
    // The thread answers each question by its name.
    const nowMs = this.parts.wall.nowMs();
    return (await this.#call({ call: "query", question, nowMs })) as Answers[Q["query"]] | null;
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#write();
    if (!this.#isFailing) await this.#call({ call: "finish", nowMs: this.parts.wall.nowMs() });
  }

  #add(event: JournalEvent): void {
    if (this.#isKept(event)) this.#waiting.push(event);
    else this.lost++;
    this.#wake();
  }

  #isKept(event: JournalEvent): boolean {
    const hasRoom = this.#waiting.length < MAX_WAITING;
    if (event.type === "left") return this.#sessions.delete(sessionKey(event));
    if (event.type === "joined" && hasRoom) this.#sessions.add(sessionKey(event));
    return hasRoom || event.type === "end";
  }

  /** One timer, which runs while there is something to write or to note. */
  #wake(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write(true).then(() => {
        if (this.#sessions.size > 0 || this.#waiting.length > 0) this.#wake();
      });
    }, BATCH_MS);
    this.#timer.unref();
  }

  /** One at a time. `isBeat`: notes the time if nothing else. */
  async #write(isBeat = false): Promise<void> {
    while (this.#isWriting !== null) await this.#isWriting;
    if (this.#waiting.length === 0 && !isBeat) return;
    this.#isWriting = this.#writeAll();
    await this.#isWriting;
    this.#isWriting = null;
  }

  async #writeAll(): Promise<void> {
    let isLast: boolean;
    do {
      const events = this.#waiting.slice(0, MAX_BATCH);
      const settings = this.parts.settings();
      isLast = events.length === this.#waiting.length;
      // Up to here everything is written.
      const nowMs = isLast ? this.parts.wall.nowMs() : (events.at(-1)?.atMs ?? 0);
      const text = JSON.stringify(events);
      const written = await this.#call({ call: "write", events: text, settings, nowMs });
      if (written === null) return;
      this.#waiting.splice(0, events.length);
    } while (!isLast);
  }

  /** null after a failure. */
  async #call(call: Question): Promise<unknown> {
    const { directory, disk } = this.parts;
    const history = join(directory, NAME);
    const asked = { ...call, history } as HistoryCall;
    try {
      const { value, setAside, geoipTrouble } = (await disk.ask(asked, false)) as HistoryReply;
      this.#countries(geoipTrouble);
      if (setAside !== null)
        this.parts.log.warn(
          `${history} was damaged and is now ${setAside}: the history begins anew`,
        );
      this.#succeeded();
      return value;
    } catch (error) {
      this.#failed(error);
      return null;
    }
  }

  #countries(trouble: string): void {
    const { geoip } = this.parts.settings();
    if (trouble !== this.#geoipTrouble && trouble !== "")
      this.parts.log.warn(`countries are unknown: ${geoip} cannot be read (${trouble})`);
    this.#geoipTrouble = trouble;
  }

  #succeeded(): void {
    if (this.#isFailing)
      this.parts.log.info(`the history is kept in ${this.parts.directory} again`);
    this.#isFailing = false;
  }

  #failed(error: unknown): void {
    const { directory, log } = this.parts;
    if (!this.#isFailing)
      log.warn(`the history cannot be kept in ${directory} (${databaseTrouble(error)})`);
    this.#isFailing = true;
  }
}

type Question = HistoryCall extends infer Each
  ? Each extends HistoryCall
    ? Omit<Each, "history">
    : never
  : never;

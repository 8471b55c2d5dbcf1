// The history in its file: one SQLite database. For the history's own thread only.
import { Database } from "bun:sqlite";
import { randomUUID } from "node:crypto";
import { DatabaseFile } from "../database/database-file.ts";
import type { JournalEvent } from "../journal/journal.ts";
import { answerOf } from "./answer.ts";
import { Countries } from "./countries.ts";
import type { HistoryCall, HistoryReply, HistorySettings } from "./history-calls.ts";
import { keepChanges, keepSettled, purge } from "./keep-figures.ts";
import { type Changes, Ledger } from "./ledger.ts";
import { aliveMs, countAgain, endLastRun } from "./last-run.ts";
import type { CountriesQuestion, HistoryQuestion } from "./questions.ts";
import { one, text } from "./rows.ts";
import { mergeHours } from "./merge-hours.ts";
import { migrate } from "./tables.ts";
import { dayOf, hourOf } from "./times.ts";
import { Writer } from "./writer.ts";

/** Between two writes of the current hour's figures; a query writes them too. */
const FIGURES_MS = 10_000;

const CACHE_KIB = 4096;

/** What the thread knows of the run. */
interface Run {
  readonly ledger: Ledger;
  readonly writer: Writer;
  /** In the file too: another file is another run. */
  readonly token: string;
}

export class HistoryFile {
  readonly #file: DatabaseFile;
  readonly #countries = new Countries();
  #database: Database | null = null;
  #run: Run | null = null;
  /** Taken from the ledger, and not written yet: the disk was full. */
  #unkept: Changes | null = null;
  #figuresMs = 0;
  #mergedMs = 0;
  #nowMs = 0;
  /** All events up to this time are written. */
  #writtenMs = 0;

  constructor(file: string) {
    this.#file = new DatabaseFile(file, (database) => this.#opened(database), CACHE_KIB);
  }

  /** Throws SQLite's or the file system's error; a damaged file is set aside and the call repeated. */
  perform(call: HistoryCall): HistoryReply {
    this.#nowMs = call.nowMs;
    const used = this.#file.use(call.call === "write", (database) => {
      const run = this.#run;
      if (database === null || run === null) return null;
      if (call.call === "write") return this.#write(run, eventsIn(call.events), call.settings);
      if (call.call !== "query" || needsFigures(call.question)) this.#keepFigures(run);
      const source = { database, ledger: run.ledger, nowMs: call.nowMs };
      if (call.call !== "query") return this.#finish(database);
      if (call.question.query === "countries") return this.#countriesOf(call.question);
      return answerOf(source, call.question);
    });
    return { ...used, geoipTrouble: this.#countries.trouble };
  }

  #countriesOf({ addresses }: CountriesQuestion): readonly string[] {
    return addresses.map((address) => this.#countries.of(address));
  }

  #write(run: Run, events: readonly JournalEvent[], settings: HistorySettings): number {
    this.#countries.use(settings.geoip);
    if (this.#nowMs - this.#figuresMs >= FIGURES_MS) {
      this.#keepFigures(run);
      purge(this.#open, this.#nowMs, settings.keepDays);
      if (dayOf(this.#nowMs) > this.#mergedMs) this.#mergeHours(run);
      this.#figuresMs = this.#nowMs;
    }
    // Last: what fails here is written again.
    run.writer.write(events, this.#nowMs);
    // More may happen in this millisecond.
    this.#writtenMs = this.#nowMs - 1;
    return events.length;
  }

  /** Once for each day that the station runs. */
  #mergeHours({ writer }: Run): void {
    this.#mergedMs = dayOf(this.#nowMs);
    writer.trim();
    mergeHours(this.#open, this.#nowMs);
  }

  /** What a full disk refuses is written first the next time; until then nothing more is taken from the ledger. */
  #keepFigures({ ledger }: Run): void {
    if (this.#unkept !== null) keepChanges(this.#open, this.#unkept);
    this.#unkept = ledger.take(this.#writtenMs);
    keepChanges(this.#open, this.#unkept);
    this.#unkept = null;
  }

  #finish(database: Database): null {
    database.run("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#file.close();
    return null;
  }

  get #open(): Database {
    if (this.#database === null) throw new Error("the history is closed");
    return this.#database;
  }

  #opened(database: Database): void {
    migrate(database);
    this.#database = database;
    const token = text(one(database, "SELECT value FROM state WHERE name = 'run'")?.["value"]);
    if (this.#run === null || token !== this.#run.token) this.#begin(database);
  }

  /** A new run, or the first one of a file. */
  #begin(database: Database): void {
    const alive = aliveMs(database);
    const ledger = new Ledger(hourOf(alive ?? this.#nowMs));
    this.#writtenMs = alive ?? 0;
    const token = randomUUID();
    database.transaction(() => {
      if (alive !== null) {
        endLastRun(database, alive, (audited) => keepSettled(database, audited));
        countAgain(database, ledger, alive, this.#nowMs);
      }
      database.run("INSERT OR REPLACE INTO state VALUES ('run', ?)", [token]);
    })();
    const writer = new Writer(
      () => this.#open,
      ledger,
      (address) => this.#countries.of(address),
    );
    this.#unkept = null;
    this.#run = { ledger, writer, token };
  }
}

/** Anybody may ask what was played: that must not cost a write each time. */
function needsFigures({ query }: HistoryQuestion): boolean {
  return query !== "played" && query !== "memory" && query !== "countries";
}

function eventsIn(json: string): readonly JournalEvent[] {
  return JSON.parse(json) as JournalEvent[];
}

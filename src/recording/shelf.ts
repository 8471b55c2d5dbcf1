// The recorded files of one folder: those that grow, and those that are complete, until their time is over or the disk needs
// the space.
import type { DiskRoom, FileCall } from "../disk/call.ts";
import type { Disk } from "../disk/disk.ts";
import type { Log } from "../lib/log.ts";
import type { Start } from "./frame-memory.ts";
import { RecordedFiles } from "./recorded-files.ts";
import { reasonOf } from "./disk-reasons.ts";
import { PART } from "./part-file.ts";
import { recover } from "./recover.ts";
import { type Entry, isKept, type KeepRule, neededBytes, oldestOf, outdated } from "./retention.ts";
import { Take, type TakeFacts } from "./take.ts";
import type { Offset } from "./wall-hours.ts";

const WORK_MS = 1000;
const SPACE_MS = 10_000;
const SCAN_MS = 3_600_000;

/** Recording resumes with this much more than what has to stay free. */
const RESUME_SHARE = 1.1;

/** Files deleted in one go, so that a mistake in the configuration does not hold up the disk. */
const MAX_DELETED = 50;

/** Complete files that wait for a disk which refuses their last bytes. */
const MAX_ENDING = 32;

export interface ShelfFacts {
  /** Absolute. */
  readonly directory: string;
  readonly disk: Disk;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly offset: Offset;
}

export class Shelf {
  readonly files: RecordedFiles;
  #rules: readonly KeepRule[] = [];
  #takes: readonly Take[] = [];
  #room: DiskRoom | null = null;
  #isFull = false;
  #trouble: string | null = null;
  #workedMs = Number.NEGATIVE_INFINITY;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #scannedMs = Number.NEGATIVE_INFINITY;
  #isLooking = false;

  constructor(private readonly facts: ShelfFacts) {
    this.files = new RecordedFiles(facts.directory, facts.disk);
  }

  get directory(): string {
    return this.facts.directory;
  }

  get disk(): Disk {
    return this.facts.disk;
  }

  /** Less space is free than has to stay free, and there is nothing to delete. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Why nothing is written at present, a sentence without its end; null while the disk takes it. */
  get trouble(): string | null {
    if (this.disk.silentSeconds > 0) return "the disk does not answer";
    if (this.#trouble !== null) return reasonOf(this.#trouble);
    return this.#isFull ? "less space is free than min_free" : null;
  }

  /** Space on the disk; null until it has answered. */
  get room(): DiskRoom | null {
    return this.#room;
  }

  /** Bytes that have to stay free. */
  get neededBytes(): number {
    return neededBytes(this.#rules, this.#room);
  }

  /** Those that are written now, or wait for their end. */
  get takes(): readonly Take[] {
    return this.#takes;
  }

  /** The absolute path of a file in it. */
  pathOf(name: string): string {
    return `${this.directory}/${name}`;
  }

  follow(rules: readonly KeepRule[]): void {
    this.#rules = rules;
    this.#lookedMs = Number.NEGATIVE_INFINITY;
  }

  begin(start: Start, facts: TakeFacts): Take {
    const take: Take = new Take(facts, start, (call) => this.disk.ask(call, true), {
      onState: (code) => this.#setTrouble(code),
      onGone: () => this.#gone(take),
      onDone: (path) => this.#done(take, path),
    });
    this.#takes = [...this.#takes, take];
    return take;
  }

  /** Nothing more is written to it. */
  finish(take: Take): void {
    take.finish();
    this.#workedMs = Number.NEGATIVE_INFINITY;
    const ending = this.#takes.filter(({ isEnding }) => isEnding);
    // What they have stays on disk as .part, for the next start.
    const [oldest] = ending.length > MAX_ENDING ? ending : [];
    if (oldest !== undefined) this.#takes = this.#takes.filter((other) => other !== oldest);
  }

  /** Does what is due, in the background. `nowMs` never goes back. */
  tick(nowMs: number): void {
    if (nowMs - this.#workedMs >= WORK_MS) {
      this.#workedMs = nowMs;
      for (const take of this.#takes) void take.file.work(nowMs);
    }
    if (nowMs - this.#lookedMs < SPACE_MS || this.#isLooking) return;
    this.#lookedMs = nowMs;
    void this.#look(nowMs);
  }

  /** Writes the ends of all files that are finished. Never rejects. */
  async settle(nowMs: number): Promise<void> {
    while (this.#takes.some(({ isEnding }) => isEnding) && this.#trouble === null) {
      await Promise.all(this.#takes.map((take) => take.file.work(nowMs)));
      await Bun.sleep(5);
    }
  }

  /** Makes a recording appear at another place: a link, or a copy on another disk. Rejects with a DiskError. */
  async link({ path: from }: Entry, to: string): Promise<void> {
    const call: FileCall = { call: "link", from, to };
    await this.disk.ask(call, false);
  }

  async #look(nowMs: number): Promise<void> {
    this.#isLooking = true;
    try {
      if (nowMs - this.#scannedMs >= SCAN_MS) await this.#scan(nowMs);
      await this.#deleteOutdated();
      await this.#makeRoom();
      if (this.#takes.length === 0) this.#setTrouble(null);
    } catch (error) {
      this.#setTrouble(codeOf(error));
    } finally {
      this.#isLooking = false;
    }
  }

  /** Reads what there is, and completes what a crash left. */
  async #scan(nowMs: number): Promise<void> {
    await this.files.read();
    const parts = await this.files.parts();
    this.#scannedMs = nowMs;
    for (const part of parts) await this.#complete(part);
    if (parts.length > 0) await this.files.read();
  }

  /** One that cannot be completed now is tried again with the next scan. */
  async #complete(part: string): Promise<void> {
    const { disk, log, offset } = this.facts;
    const [rule] = this.#rules;
    const isOpen = this.#takes.some(({ file }) => file.audioPath === part);
    if (rule === undefined || isOpen) return;
    const name = part.slice(0, -PART.length);
    try {
      const isDone = await recover(disk, part, { ...rule, station: "" }, offset);
      if (isDone) log.info(`completed the recording ${name}, which a stop had cut off`);
    } catch (error) {
      log.warn(`cannot complete the recording ${name} (${codeOf(error)})`);
    }
  }

  async #deleteOutdated(): Promise<void> {
    const all = outdated(this.files.entries, this.#rules, this.facts.wallMs());
    const old = all.slice(0, MAX_DELETED);
    for (const entry of old) await this.files.remove(entry);
    if (old.length > 0) this.facts.log.info(`deleted ${countOf(old.length)} older than keep`);
  }

  async #makeRoom(): Promise<void> {
    let deleted = 0;
    this.#room = await this.#askRoom();
    for (; this.#lacksRoom() && deleted < MAX_DELETED; deleted++) {
      const entry = oldestOf(this.files.entries.filter((one) => !isKept(one, this.#rules)));
      if (entry === undefined) break;
      await this.files.remove(entry);
      this.#room = await this.#askRoom();
    }
    if (deleted > 0) this.facts.log.warn(`deleted ${countOf(deleted)} for min_free`);
    this.#setFull(this.#lacksRoom());
  }

  async #askRoom(): Promise<DiskRoom> {
    const call: FileCall = { call: "space", path: this.directory };
    return (await this.disk.ask(call, true)) as DiskRoom;
  }

  #lacksRoom(): boolean {
    const freeBytes = this.#room?.freeBytes ?? Number.POSITIVE_INFINITY;
    return freeBytes < this.neededBytes * (this.#isFull ? RESUME_SHARE : 1);
  }

  #setFull(isFull: boolean): void {
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    const { log, directory } = this.facts;
    if (isFull) log.warn(`nothing is recorded in ${directory}: less space is free than min_free`);
    else log.info(`recording resumes in ${directory}`);
  }

  #setTrouble(code: string | null): void {
    if (code === this.#trouble) return;
    const wasFine = this.#trouble === null;
    this.#trouble = code;
    const { log, directory } = this.facts;
    if (code === null) log.info(`recording resumes in ${directory}`);
    else if (wasFine) log.warn(`cannot record in ${directory}: ${this.trouble ?? code} (${code})`);
    if (code === "ENOSPC") this.#lookedMs = Number.NEGATIVE_INFINITY;
  }

  #gone(take: Take): void {
    this.#takes = this.#takes.filter((other) => other !== take);
    this.facts.log.warn(`${take.file.audioPath} was deleted while it was recorded`);
  }

  #done(take: Take, path: string): void {
    this.#takes = this.#takes.filter((other) => other !== take);
    this.files.add(path, take.document(take.file.path));
  }
}

function countOf(count: number): string {
  return count === 1 ? "1 recording" : `${count} recordings`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

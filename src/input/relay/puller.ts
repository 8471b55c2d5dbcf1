// Keeps one relay pulled: tries its addresses in their order, goes back to a better one when that works again, and comes back
// after each end, later every time.
import type { RelayConfig } from "../../config/config.ts";
import type { Trust } from "../../dial/dial.ts";
import type { Frames } from "../../format/frame.ts";
import type { Mount } from "../../mount/mount.ts";
import { mountId } from "../../mount/mount-id.ts";
import type { SharedPlace, TimedPlace } from "../../mount/positions.ts";
import type { PulledStream } from "../../mount/roles.ts";
import { FROM_HEADER, pointValue } from "../../wire/origin-place.ts";
import { RELAY_HEADER } from "../../wire/origins.ts";
import type { PaceLead } from "../live/pace.ts";
import { Attempt, type AttemptHandler } from "./attempt.ts";
import { History } from "./continuation.ts";
import { dueBefore, type Master, mastersOf, nextDueMs } from "./masters.ts";
import type { RelayStation } from "./relay-station.ts";

export interface PullerParts {
  readonly mount: Mount;
  readonly station: RelayStation;
  /** Its name in the log. */
  readonly name: string;
  readonly lead: PaceLead;
  /** Frames that are left out; those that follow are no continuation of what was written. */
  miss(frames: Frames): void;
  /** `end`: behind the frames in an origin's ring. */
  write(frames: Frames, nowMs: number, end: TimedPlace | null): void;
  /** What should follow what was written; null: anything may. */
  next(): SharedPlace | null;
  /** Where a stream should begin; null: at the live audio. */
  from(): SharedPlace | null;
  /** What was written has ended. */
  lost(nowMs: number): void;
  /** What pages show of it. */
  changed(): void;
}

export class Puller {
  /** What is written, or may be soon. */
  #current: Attempt | null = null;
  /** To an address that is better than the current one's. */
  #better: Attempt | null = null;
  #masters: readonly Master[] = [];
  readonly #history = new History();
  #ca: { readonly path: string; readonly text: string } | null = null;
  #isReading = false;
  #downSinceMs: number | null = null;
  #isStarting = true;
  #connects = 0;
  #receivedBytes = 0;

  constructor(
    private readonly parts: PullerParts,
    private config: RelayConfig,
  ) {
    this.#masters = mastersOf(config, parts.station.random);
  }

  get current(): Attempt | null {
    return this.#current;
  }

  get masters(): readonly Master[] {
    return this.#masters;
  }

  /** What is pulled, or the best address that has not failed; null while certificates are read. */
  get stream(): PulledStream | null {
    const trust = this.#trust();
    if (trust === null) this.#readCa();
    const [first] = this.#masters;
    const master = this.#current?.master ?? this.#masters.find(({ why }) => why === null) ?? first;
    return trust === null || master === undefined ? null : { href: master.url.href, trust };
  }

  /** Streams that were begun since the start. */
  get connects(): number {
    return this.#connects;
  }

  get receivedBytes(): number {
    return this.#receivedBytes + (this.#current?.source?.receivedBytes ?? 0);
  }

  /** Since when nothing has come that should; null while it comes. */
  get downSinceMs(): number | null {
    return this.#downSinceMs;
  }

  /** No attempt has played or failed since it was idle. */
  get isStarting(): boolean {
    return this.#isStarting;
  }

  get isBusy(): boolean {
    return this.#current?.isReady !== true || this.#current.isBusy || this.#better !== null;
  }

  /** When the next attempt is due. */
  get nextMs(): number {
    return nextDueMs(this.#masters);
  }

  /** What plays goes on until an address of the new settings does. */
  configure(config: RelayConfig): void {
    this.config = config;
    this.#masters = mastersOf(config, this.parts.station.random);
    this.#ca = null;
    this.#better?.close();
    this.#better = null;
    const current = this.#current;
    if (current === null) return;
    const same = this.#masters.find((master) => master.isLike(current.master));
    current.master = same ?? current.master.at(this.#masters.length);
  }

  /** To be called about once a second, while it should be pulled. */
  pull(nowMs: number): void {
    this.#current?.check(nowMs);
    this.#better?.check(nowMs);
    const current = this.#current;
    if (current === null) this.#downSinceMs ??= nowMs;
    if (current?.isReady === false || this.#better !== null) return;
    const next = dueBefore(this.#masters, current?.master.rank ?? Infinity, nowMs);
    if (next !== null) this.#begin(next);
  }

  /** Nothing is to be pulled any more. */
  stop(): void {
    for (const attempt of [this.#current, this.#better]) this.#forget(attempt);
    this.#current = this.#better = null;
    this.#downSinceMs = null;
    this.#isStarting = true;
    this.parts.changed();
  }

  #forget(attempt: Attempt | null): void {
    this.#receivedBytes += attempt?.source?.receivedBytes ?? 0;
    attempt?.close();
  }

  #begin(master: Master): void {
    const trust = this.#trust();
    if (trust === null) return this.#readCa();
    const { mount, station, lead } = this.parts;
    const { timeout } = this.config;
    const context = {
      dial: station.dial,
      trust,
      timeoutMs: timeout * 1000,
      lines: ["Icy-MetaData: 1", `${RELAY_HEADER}: ${mountId(mount)}`, ...this.#lines(master)],
      clock: station.clock,
      turn: station.turn,
      lead,
      audioTimeoutMs: mount.config.sourceTimeout * 1000,
    };
    const attempt = new Attempt(master, mount, this.#history, context, this.#handler);
    if (this.#current === null) this.#current = attempt;
    else this.#better = attempt;
  }

  /** For servers of the cluster. */
  #lines({ url }: Master): string[] {
    const proof = this.parts.station.proof(url.target);
    const from = this.parts.from();
    if (proof.length === 0 || from === null) return [...proof];
    return [...proof, `${FROM_HEADER}: ${pointValue(from)}`];
  }

  readonly #handler: AttemptHandler = {
    next: () => this.parts.next(),
    onReady: (attempt, isUnlike) => this.#onReady(attempt, isUnlike),
    onMissed: (_, frames) => this.parts.miss(frames),
    onFrames: (attempt, frames, nowMs, end) => this.#onFrames(attempt, frames, nowMs, end),
    onOver: (attempt, why) => this.#onOver(attempt, why),
  };

  /** null until the file of certificates has been read. */
  #trust(): Trust | null {
    const { tlsCa, tlsVerify } = this.config;
    if (tlsCa === "") return { verify: tlsVerify, ca: null };
    return this.#ca === null ? null : { verify: tlsVerify, ca: this.#ca.text };
  }

  #readCa(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    const { tlsCa: path } = this.config;
    this.parts.station.readText(path).then(
      (text) => this.#haveCa(path, text),
      (error: unknown) => this.#lackCa(path, error),
    );
  }

  #haveCa(path: string, text: string): void {
    this.#isReading = false;
    if (path === this.config.tlsCa) this.#ca = { path, text };
  }

  #lackCa(path: string, error: unknown): void {
    this.#isReading = false;
    const why = error instanceof Error ? error.message : String(error);
    const nowMs = this.parts.station.clock.nowMs();
    for (const master of this.#masters) this.#note(master, `tls_ca ${path}: ${why}`, 0, nowMs);
  }

  /** Returns whether its audio so far is to be written: not while another address plays, which did not end. */
  #onReady(attempt: Attempt, isUnlike: boolean): boolean {
    const { log } = this.parts.mount;
    const { url } = attempt.master;
    this.#connects++;
    attempt.master.why = null;
    this.#isStarting = false;
    this.#downSinceMs = null;
    const server = attempt.source?.client.userAgent ?? "";
    log.info(`${this.parts.name} plays ${url.shown}${server === "" ? "" : ` (${server})`}`);
    this.parts.changed();
    if (attempt !== this.#better) return true;
    const before = this.#current;
    this.#current = attempt;
    this.#better = null;
    const isCut = isUnlike && before?.isReady === true;
    this.#forget(before);
    return !isCut;
  }

  #onFrames(attempt: Attempt, frames: Frames, nowMs: number, end: TimedPlace | null): void {
    if (attempt !== this.#current) return;
    this.#history.add(frames);
    this.parts.write(frames, nowMs, end);
  }

  #onOver(attempt: Attempt, why: string): void {
    const { station } = this.parts;
    const nowMs = station.clock.nowMs();
    this.#receivedBytes += attempt.source?.receivedBytes ?? 0;
    if (attempt === this.#better) this.#better = null;
    else if (attempt === this.#current) this.#current = null;
    if (attempt.lastedMs(nowMs) > 0) this.parts.lost(nowMs);
    this.#note(attempt.master, why, attempt.lastedMs(nowMs), nowMs);
  }

  /** One line per state: the same reason again is not logged. */
  #note(master: Master, why: string, lastedMs: number, nowMs: number): void {
    const { mount, name } = this.parts;
    this.#isStarting = false;
    const isOther = master.failed(why, lastedMs, nowMs);
    const seconds = Math.round((master.dueMs - nowMs) / 1000);
    const did = lastedMs > 0 ? "lost" : "cannot play";
    const line = `${name} ${did} ${master.url.shown}: ${why}; next try in ${seconds} s`;
    if (isOther) mount.log.warn(line);
    else mount.log.debug(line);
    this.parts.changed();
  }
}

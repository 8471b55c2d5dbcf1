// Pure: the figures of the current hour and day, and the audience of the latest titles, from the events of all mounts.
import { type Audited, Life, type LifePlay, type Session, type SessionEnd } from "./life.ts";
import { Meter, type Sum } from "./meter.ts";
import { Reach } from "./reach.ts";
import { dayOf, minuteOf } from "./times.ts";

/** The station, as a mount. */
export const STATION = 0;

export interface ReachRow {
  readonly dayMs: number;
  readonly name: string;
  readonly listeners: number;
}

export interface MinuteRow {
  readonly mount: number;
  readonly atMs: number;
  /** The most in this minute, bots and relays included. */
  readonly listeners: number;
}

export interface Changes {
  readonly sums: readonly Sum[];
  readonly reach: readonly ReachRow[];
  readonly minutes: readonly MinuteRow[];
  readonly settled: readonly Audited[];
}

/** "mount|dimension|name" of a figure. */
export function figureName(mount: number, dimension: string, name: string): string {
  return `${mount}|${dimension}|${name}`;
}

function dimensionsOf({ kind, family, country, door }: Session): [string, string][] {
  if (kind !== "listener") return [[kind, family]];
  const all: [string, string][] = [
    ["all", ""],
    ["player", family],
    ["door", door],
  ];
  return country === "" ? all : [...all, ["country", country]];
}

/** Names that were made; listeners are much alike. */
const known = new Map<string, readonly string[]>();
const MAX_KNOWN = 2000;

function namesOf(mount: number, session: Session): readonly string[] {
  const { kind, family, country, door } = session;
  const key = `${mount} ${kind} ${family} ${country} ${door}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = dimensionsOf(session).flatMap(([dimension, name]) => [
    figureName(mount, dimension, name),
    figureName(STATION, dimension, name),
  ]);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, made);
  return made;
}

/** Of a title: it, its artist, and its show. */
export function titleNames(mount: number, { artist, title, show, kind }: LifePlay): string[] {
  const dimensions: [string, string][] = [["show", show || kind]];
  if (title !== "" || artist !== "") dimensions.push(["title", JSON.stringify([artist, title])]);
  if (artist !== "") dimensions.push(["artist", artist]);
  return dimensions.flatMap(([dimension, name]) => [
    figureName(mount, dimension, name),
    figureName(STATION, dimension, name),
  ]);
}

/** Titles of the evening are settled after midnight. */
const DAYS_KEPT = 2;

export class Ledger {
  readonly #lives = new Map<number, Life>();
  readonly #meter: Meter;
  #days: readonly [Reach, ...Reach[]];
  readonly #listeners = new Map<number, number>();
  /** By mount: the most in the current minute. */
  readonly #peaks = new Map<number, number>();
  #minutes: MinuteRow[] = [];
  #minuteMs: number;

  constructor(sinceMs: number) {
    this.#meter = new Meter(sinceMs);
    this.#days = [new Reach(dayOf(sinceMs))];
    this.#minuteMs = minuteOf(sinceMs);
  }

  life(id: number, mount: number, hasTitles = true): Life {
    const life = this.#lives.get(id) ?? new Life(id, mount, hasTitles);
    this.#lives.set(id, life);
    return life;
  }

  begin(life: Life, session: Session): void {
    this.advance(session.beganMs);
    life.begin(session);
    this.countBegin(life.mount, session);
    this.reachedToday(life.mount, session);
    this.#change(life.mount, 1);
  }

  end(life: Life, number: number, end: SessionEnd): void {
    const session = life.end(number, end);
    if (session === undefined) return;
    this.countEnd(life.mount, session, end);
    this.advance(end.atMs - 1);
    this.#change(life.mount, -1);
  }

  /** Counts its time from its begin on, or from `sinceMs` if that is later: then it is no new session. */
  countBegin(mount: number, session: Session, sinceMs = session.beganMs): void {
    const isNew = !session.isContinued && session.beganMs >= sinceMs;
    this.#meter.begin(namesOf(mount, session), Math.max(sinceMs, session.beganMs), isNew);
  }

  countEnd(mount: number, session: Session, end: SessionEnd): void {
    const passed = (end.atMs - session.beganMs) / 1000;
    const unheard = Math.max(0, passed - (end.position - session.from));
    this.#meter.end(namesOf(mount, session), end.atMs, unheard);
  }

  /** Counts it among the day's listeners. */
  reachedToday(mount: number, session: Session): void {
    if (session.kind === "listener") this.#days[0].add(namesOf(mount, session), session.uniqueId);
  }

  /** Adds who heard a title to the day's listeners. */
  addReach({ play, uniques }: Pick<Audited, "play" | "uniques">, mount: number): void {
    const dayMs = dayOf(play.beganMs);
    const day = this.#days.find((known) => known.dayMs === dayMs);
    const names = titleNames(mount, play);
    for (const uniqueId of uniques) day?.add(names, uniqueId);
  }

  /** The listeners of a name on the day, with further ones. */
  listenersOf(dayMs: number, name: string, more: Iterable<number>): number {
    const day = this.#days.find((known) => known.dayMs === dayMs);
    return day?.sizeWith(name, more) ?? 0;
  }

  /** The titles that are not settled, by mount. */
  open(nowMs: number): (Audited & { readonly mount: number })[] {
    return [...this.#lives.values()].flatMap((life) =>
      life.open(nowMs).map((audited) => ({ ...audited, mount: life.mount })),
    );
  }

  advance(nowMs: number): void {
    this.#meter.advance(nowMs);
    if (minuteOf(nowMs) > this.#minuteMs) this.#turnMinute(minuteOf(nowMs));
    if (dayOf(nowMs) > this.#days[0].dayMs) this.#turnDay(dayOf(nowMs));
  }

  /** What changed since the last call, in values that replace those before. */
  take(nowMs: number): Changes {
    this.advance(nowMs);
    const settled = [...this.#lives.values()].flatMap((life) => this.#settle(life, nowMs));
    const present = [...this.#peaks].map(([mount, listeners]) => {
      return { mount, atMs: this.#minuteMs, listeners };
    });
    const minutes = [...this.#minutes, ...present];
    this.#minutes = [];
    const reach = this.#days.flatMap((day) =>
      day.take().map(([name, listeners]) => ({ dayMs: day.dayMs, name, listeners })),
    );
    return { sums: this.#meter.take(), reach, minutes, settled };
  }

  #settle(life: Life, nowMs: number): Audited[] {
    const settled = life.settle(nowMs);
    for (const audited of settled) this.addReach(audited, life.mount);
    if (life.isClosed && [...life.active].length === 0) this.#lives.delete(life.id);
    return settled;
  }

  #change(mount: number, by: 1 | -1): void {
    const listeners = (this.#listeners.get(mount) ?? 0) + by;
    this.#listeners.set(mount, listeners);
    this.#peaks.set(mount, Math.max(this.#peaks.get(mount) ?? 0, listeners));
  }

  #turnMinute(minuteMs: number): void {
    for (const [mount, listeners] of this.#peaks)
      this.#minutes.push({ mount, atMs: this.#minuteMs, listeners });
    this.#peaks.clear();
    for (const [mount, listeners] of this.#listeners)
      if (listeners > 0) this.#peaks.set(mount, listeners);
    this.#minuteMs = minuteMs;
  }

  /** Those who go on listening are listeners of the new day too. */
  #turnDay(dayMs: number): void {
    const [newest] = this.#days;
    this.#days = [new Reach(dayMs), newest, ...this.#days.slice(1)].slice(0, DAYS_KEPT) as [Reach];
    for (const life of this.#lives.values()) {
      for (const session of life.active) {
        this.reachedToday(life.mount, session);
      }
    }
  }
}

// Pure: the latest titles and sessions of one mount's timeline, until nothing about them can change any more.
import { PastAudience } from "./past-audience.ts";
import type { Heard, PlayAudience } from "./play-audience.ts";
import type { AgentKind } from "./agents.ts";

export interface Session {
  readonly number: number;
  readonly beganMs: number;
  /** The first position that it heard. */
  readonly from: number;
  readonly isContinued: boolean;
  readonly uniqueId: number;
  readonly kind: AgentKind;
  readonly family: string;
  readonly country: string;
  readonly door: string;
}

export interface SessionEnd {
  readonly atMs: number;
  readonly position: number;
  readonly isMoved: boolean;
}

export interface LifePlay {
  readonly id: number;
  readonly position: number;
  readonly beganMs: number;
  readonly kind: string;
  readonly show: string;
  readonly artist: string;
  readonly title: string;
}

/** What is known about the audience of a title. */
export interface Audited extends PlayAudience {
  readonly play: LifePlay;
  /** Its end on the timeline; null while it lasts. */
  readonly ended: number | null;
  readonly uniques: ReadonlySet<number>;
}

/** No cursor is as far behind the head: rings hold less. */
export const SETTLED_MS = 30 * 60_000;

/** Ended sessions are added up when there are so many. */
const MANY = 1000;

export class Life {
  readonly #active = new Map<number, Session>();
  /** Of listeners: bots and relays are counted apart. */
  #over: Heard[] = [];
  /** Those of the earliest title that are added up. */
  #past = new PastAudience();
  #plays: LifePlay[] = [];
  #end: number | null = null;
  #endMs = 0;

  constructor(
    readonly id: number,
    readonly mount: number,
    /** Else nobody asks who heard which of its titles. */
    private readonly hasTitles = true,
  ) {}

  get active(): Iterable<Session> {
    return this.#active.values();
  }

  /** Ended sessions that are kept one by one. */
  get keptCount(): number {
    return this.#over.length;
  }

  begin(session: Session): void {
    this.#active.set(session.number, session);
  }

  /** Returns the session that ended; undefined if it is not known. */
  end(number: number, end: SessionEnd): Session | undefined {
    const session = this.#active.get(number);
    if (session === undefined) return undefined;
    this.#active.delete(number);
    this.addOver(session, end);
    return session;
  }

  /** A session that is over already. */
  addOver(session: Session, { position: to, isMoved }: Omit<SessionEnd, "atMs">): void {
    const { from, uniqueId, country, kind } = session;
    if (!this.hasTitles || kind !== "listener") return;
    this.#over.push({ from, to, isOver: true, isMoved, uniqueId, country });
  }

  /** One with the id of the last replaces it: nothing was heard of that. */
  title(play: LifePlay): void {
    if (this.#plays.at(-1)?.id === play.id) this.#plays.pop();
    this.#plays.push(play);
  }

  /** The timeline ends here. */
  close(position: number, atMs: number): void {
    this.#end = position;
    this.#endMs = atMs;
  }

  get isClosed(): boolean {
    return this.#end !== null;
  }

  /** The titles whose audience is not settled, as it is now. */
  open(nowMs: number): Audited[] {
    const heard = this.#heard(nowMs);
    return this.#plays.map((play, at) => this.#audited(play, this.#endOf(at), heard, nowMs));
  }

  /** The titles that became settled, once. */
  settle(nowMs: number): Audited[] {
    const count = this.#settledCount(nowMs);
    if (count === 0) return this.#addUp(nowMs);
    const heard = this.#heard(nowMs);
    const settled = this.#plays
      .slice(0, count)
      .map((play, at) => this.#audited(play, this.#endOf(at), heard, nowMs));
    this.#plays = this.#plays.slice(count);
    this.#past = new PastAudience();
    const from = this.#plays[0]?.position ?? Number.POSITIVE_INFINITY;
    this.#over = this.#over.filter(({ to }) => to > from);
    return settled;
  }

  /** Adds up who left a title that goes on: sessions that are still to come hear what is later. Nothing becomes settled by it. */
  #addUp(nowMs: number): [] {
    const [play, next] = this.#plays;
    if (play === undefined) this.#over = this.#over.slice(-MANY);
    if (play === undefined || next !== undefined || this.#over.length < MANY) return [];
    const ended = this.#over.reduce((last, { to }) => Math.max(last, to), play.position);
    const settled = play.position + (nowMs - play.beganMs - SETTLED_MS) / 1000;
    const until = Math.min(ended, settled);
    const [past, rest] = [true, false].map((is) =>
      this.#over.filter(({ to }) => to <= until === is),
    );
    if (past === undefined || past.length < MANY) return [];
    this.#past.add(play.position, until, past, this.#heard(nowMs, rest));
    this.#over = rest ?? [];
    return [];
  }

  /** Once the mount is closed and nobody listens, nothing can change. */
  #settledCount(nowMs: number): number {
    if (this.#end !== null && this.#active.size === 0) return this.#plays.length;
    const isSettled = (at: number) => {
      const next = this.#plays[at + 1];
      return next !== undefined && nowMs - next.beganMs >= SETTLED_MS;
    };
    let count = 0;
    while (isSettled(count)) count++;
    return count;
  }

  #endOf(at: number): number | null {
    return this.#plays[at + 1]?.position ?? this.#end;
  }

  #audited(play: LifePlay, ended: number | null, heard: readonly Heard[], nowMs: number): Audited {
    // A listener may hear a title before the burst position reaches its end.
    const to = ended ?? play.position + Math.max(0, nowMs - play.beganMs) / 1000 + 3600;
    const stretch = { from: play.position, to };
    const past = play === this.#plays[0] ? this.#past : new PastAudience();
    return { play, ended, ...past.with(stretch, heard) };
  }

  #heard(nowMs: number, over: readonly Heard[] = this.#over): Heard[] {
    const until = this.#end === null ? nowMs : this.#endMs;
    const active = [...this.#active.values()].filter(({ kind }) => kind === "listener");
    return [
      ...over,
      ...active.map(({ from, beganMs, uniqueId, country }) => {
        const to = from + Math.max(0, until - beganMs) / 1000;
        return { from, to, isOver: false, isMoved: false, uniqueId, country };
      }),
    ];
  }
}

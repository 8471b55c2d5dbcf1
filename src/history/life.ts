// Pure: the latest titles and sessions of one mount's timeline, until nothing about them can change any more.
import { audienceOf, type Heard, type PlayAudience, uniquesOf } from "./play-audience.ts";
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

export class Life {
  readonly #active = new Map<number, Session>();
  #over: (Heard & { readonly isCounted: boolean })[] = [];
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
    if (!this.hasTitles) return;
    const { from, uniqueId, country, kind } = session;
    const isCounted = kind === "listener";
    this.#over.push({ from, to, isOver: true, isMoved, uniqueId, country, isCounted });
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
    if (count === 0) return [];
    const heard = this.#heard(nowMs);
    const settled = this.#plays
      .slice(0, count)
      .map((play, at) => this.#audited(play, this.#endOf(at), heard, nowMs));
    this.#plays = this.#plays.slice(count);
    const from = this.#plays[0]?.position ?? Number.POSITIVE_INFINITY;
    this.#over = this.#over.filter(({ to }) => to > from);
    return settled;
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
    return { play, ended, ...audienceOf(stretch, heard), uniques: uniquesOf(stretch, heard) };
  }

  /** Listeners alone: bots and relays are counted apart. */
  #heard(nowMs: number): Heard[] {
    const until = this.#end === null ? nowMs : this.#endMs;
    const active = [...this.#active.values()].filter(({ kind }) => kind === "listener");
    return [
      ...this.#over.filter(({ isCounted }) => isCounted),
      ...active.map(({ from, beganMs, uniqueId, country }) => {
        const to = from + Math.max(0, until - beganMs) / 1000;
        return { from, to, isOver: false, isMoved: false, uniqueId, country };
      }),
    ];
  }
}

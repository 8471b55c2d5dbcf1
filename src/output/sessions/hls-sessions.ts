// The HLS sessions of a station. A session is admitted once, like the connection of any other listener, and again when the
// rules change; it counts as a listener from its second playlist on, and ends when it stops asking.
import type { Admission } from "../../access/admission.ts";
import { userOf, type Verdict } from "../../access/verdict.ts";
import type { AccessLog } from "../../journal/access-log.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Rounds } from "../../lib/rounds.ts";
import { when } from "../../lib/when.ts";
import type { ListenerState } from "../../native/broadcaster.ts";
import type { Audience } from "../audience/audience.ts";
import { endTime, limitTime } from "../audience/listening-time.ts";
import { Listener, type Owner } from "../audience/listener.ts";
import { EndedIds } from "./ended-ids.ts";
import { Fetches } from "./fetches.ts";
import type { ListedSegment } from "./heard-segments.ts";
import { HlsSession, NO_SINK, type SessionTerms } from "./hls-session.ts";
import {
  isAnothers,
  isMovedFrom,
  isSentElsewhere,
  isSettled,
  type Poll,
  sentTo,
  termsOf,
} from "./poll.ts";
import { SessionIds } from "./session-ids.ts";
import { SessionTable } from "./session-table.ts";

const SWEEP_MS = 1000;

/** Why an audience ends its listeners with the station. */
const STOPPING = "the station stops";

/** Longer than three target durations of any sensible playlist. */
const FETCH_PERIOD_MS = 30_000;

export type SessionEntry =
  | { readonly kind: "admitted"; readonly session: HlsSession }
  | { readonly kind: "refused"; readonly verdict: Verdict }
  /** The mount has no place left. */
  | { readonly kind: "full" }
  /** The station ended this session. */
  | { readonly kind: "ended" }
  /** The back end has it hear this mount, at the addresses of that. */
  | { readonly kind: "moved"; readonly path: string }
  /** The id is not ours, or another client's: `id` is this client's own. */
  | { readonly kind: "elsewhere"; readonly id: string };

/** A mount, as far as sessions know it. */
interface HlsMount {
  readonly audience: Audience;
  readonly hls: { readonly isOn: boolean };
}

export interface SessionContext {
  readonly mounts: () => { find(path: string): HlsMount | undefined };
  /** In force now. */
  readonly config: () => object;
  readonly rounds: Rounds;
  readonly admission: Admission;
  readonly access: AccessLog;
  readonly clock: Clock;
}

export class HlsSessions implements Owner {
  readonly ids = new SessionIds();
  readonly #table = new SessionTable();
  readonly #ended = new EndedIds();
  readonly #fetches = new Fetches(FETCH_PERIOD_MS);

  constructor(private readonly context: SessionContext) {
    context.rounds.add((nowMs) => this.sweep(nowMs));
  }

  /** For a client without an id: the same one each time, since players keep asking at the address that they know. */
  idFor({ audience, client }: Pick<Poll, "audience" | "client">, from = ""): string {
    const { address, userAgent } = client;
    return this.ids.derived([audience.mount.path, address, userAgent, from].join("\n"));
  }

  /** The listener of this id, if nothing about it has changed since it was let in; null: enter() decides. */
  settled(id: string, audience: Audience, address: string): HlsSession | null {
    const session = this.#table.get(id);
    if (session === undefined || session.listener === null) return null;
    const { terms, checkedBy } = session;
    const isSame = terms.audience === audience && terms.client.address === address;
    return isSame && checkedBy === this.context.config() ? session : null;
  }

  /** Decides at once unless admission asks somebody. */
  enter(poll: Poll): SessionEntry | Promise<SessionEntry> {
    const session = this.#table.get(poll.id);
    if (session === undefined) return this.#begin(poll);
    if (isAnothers(session, poll, this.#nowMs)) return this.#elsewhere(poll);
    if (isMovedFrom(session, poll)) return moved(session.terms);
    if (!isSettled(session, poll)) return this.#admit(poll);
    const refusal = this.#refusalOf(session, poll);
    if (refusal === null) return { kind: "admitted", session };
    this.#end(session, "the rules changed");
    return refusal;
  }

  /** The player gets a playlist of these segments. `poll`: null for a settled session. */
  saw(
    session: HlsSession,
    poll: Poll | null,
    listed: readonly ListedSegment[],
    targetSeconds: number,
  ) {
    session.polled(this.#nowMs, targetSeconds);
    session.heard.see(listed);
    if (session.listener !== null || !session.isListening || !this.#table.has(session)) return;
    if (poll !== null && this.#mayCount(session, poll)) this.#count(session);
  }

  /** A segment of a mount was sent, or a part of one, of which the first counts. */
  sent(
    { apart }: Audience,
    address: string,
    { bytes, isFurtherPart }: { readonly bytes: number; readonly isFurtherPart: boolean },
  ): void {
    apart.sentBytes += bytes;
    if (!isFurtherPart) this.#fetches.note(address, this.#nowMs);
  }

  /** Somebody at this address has a session on the mount. */
  hasSessionAt(audience: Audience, address: string): boolean {
    return this.#table.isAt(audience, address);
  }

  /** Ends the sessions that stopped asking. Returns the milliseconds until it has to look again. */
  sweep(nowMs: number): number {
    for (const session of this.#table)
      if (session.isOver(nowMs)) this.#end(session, "it stopped asking");
    this.#fetches.trim(nowMs);
    return SWEEP_MS;
  }

  dismiss(listener: Listener, why: string): void {
    const session = this.#table.of(listener);
    if (session === undefined) return;
    // A player that asks until the station is gone is to find it again after a restart.
    if (why !== STOPPING) this.#ended.add(session.id, this.#nowMs);
    this.#end(session, why);
  }

  leave(listener: Listener, why: string): void {
    const session = this.#table.of(listener);
    if (session !== undefined) this.#end(session, why);
  }

  stateOf(listener: Listener): ListenerState | null {
    const session = this.#table.of(listener);
    if (session === undefined) return null;
    const delaySeconds = session.terms.audience.mount.writtenSeconds - session.positionSeconds;
    const place = { cursor: Number.NaN, lagSeconds: 0, delaySeconds };
    return { ...place, sentBytes: session.bytes, isBlocked: false, blockedMs: 0 };
  }

  /** Its player alone decides where it is. */
  restart(): void {}

  get #nowMs(): number {
    return this.context.clock.nowMs();
  }

  #begin(poll: Poll): SessionEntry | Promise<SessionEntry> {
    if (this.#ended.has(poll.id, this.#nowMs)) return { kind: "ended" };
    return this.ids.isOurs(poll.id) ? this.#admit(poll) : this.#elsewhere(poll);
  }

  #elsewhere(poll: Poll): SessionEntry {
    return { kind: "elsewhere", id: this.idFor(poll, poll.id) };
  }

  #admit(poll: Poll): SessionEntry | Promise<SessionEntry> {
    const { admission } = this.context;
    const isCounted = this.#table.get(poll.id)?.listener?.client.address === poll.client.address;
    return when(admission.admit({ ...poll.visit, isCounted }, poll.gone), (verdict) =>
      this.#admitted(poll, verdict),
    );
  }

  #admitted(poll: Poll, verdict: Verdict): SessionEntry {
    if (verdict.kind !== "admitted") return { kind: "refused", verdict };
    const known = this.#table.get(poll.id);
    const { session: granted } = verdict;
    const heard = this.#heardBy(poll, granted);
    if (heard === null) {
      granted?.left(0, 0);
      return { kind: "refused", verdict: sentTo(granted?.path ?? "") };
    }
    // Another request of the same player was faster.
    const isDouble = known !== undefined && isSettled(known, heard);
    if (isDouble || (known === undefined && !heard.audience.hasRoom)) {
      granted?.left(0, 0);
      return isDouble ? { kind: "admitted", session: known } : { kind: "full" };
    }
    const session = known ?? this.#open(heard);
    this.#settle(session, heard, granted, userOf(verdict));
    return heard.asked === undefined ? { kind: "admitted", session } : moved(session.terms);
  }

  /** The same on the mount that the back end says; null if that has no HLS. */
  #heardBy(poll: Poll, granted: SessionTerms["granted"]): Poll | null {
    if (granted === undefined || !isSentElsewhere(granted, poll)) return poll;
    const other = this.context.mounts().find(granted.path);
    if (other?.hls.isOn !== true) return null;
    return { ...poll, audience: other.audience, asked: poll.audience };
  }

  #open(poll: Poll): HlsSession {
    const { access } = this.context;
    const record = access.open(poll.client.address);
    record.isSession = true;
    const { request = "", referer = "", userAgent } = poll.client;
    Object.assign(record, { asked: { request, referer, userAgent }, status: 200 });
    const session = new HlsSession(poll.id, termsOf(poll, undefined), record, this.#nowMs);
    const evicted = this.#table.add(session);
    if (evicted !== null) this.#end(evicted, "too many sessions began");
    return session;
  }

  #settle(session: HlsSession, poll: Poll, granted: SessionTerms["granted"], user: string): void {
    this.#leaveMount(session, true, "it goes on elsewhere");
    session.terms.granted?.left(session.seconds, session.bytes);
    session.goOn(termsOf(poll, granted));
    session.record.user = user;
    session.checkedBy = this.context.config();
    session.lastMs = this.#nowMs;
    this.#table.moved(session);
  }

  /** null if the session may go on. */
  #refusalOf(session: HlsSession, { visit, audience, client }: Poll): SessionEntry | null {
    const isNew = session.listener === null;
    if (isNew && !audience.apart.hasRoomFor(client)) return { kind: "full" };
    if (!isNew && session.checkedBy === this.context.config()) return null;
    const refusal = this.context.admission.ruledOut({ ...visit, isCounted: !isNew });
    if (refusal !== null) return { kind: "refused", verdict: { kind: "refused", refusal } };
    session.checkedBy = this.context.config();
    return null;
  }

  /** Several may have been admitted while none of them counted yet. */
  #mayCount({ terms }: HlsSession, { visit }: Poll): boolean {
    const { address } = terms.client;
    const most = this.#fetches.most(address, this.#nowMs);
    if (!terms.isCached && this.#table.countedAt(address) >= most) return false;
    return this.context.admission.ruledOut(visit) === null;
  }

  #count(session: HlsSession): void {
    const { audience, client } = session.terms;
    if (session.number === 0) session.number = audience.apart.nextNumber();
    const { number, beganMs } = session;
    const listener = new Listener(number, client, NO_SINK, beganMs, this, -1);
    const { fromSeconds: positionSeconds, isProven: isMoved } = session;
    if (!audience.apart.join(listener, { positionSeconds, isMoved })) return;
    session.isProven = true;
    this.#table.count(session, listener);
    limitTime(listener);
  }

  #end(session: HlsSession, why: string): void {
    const { listener, seconds, bytes, record, terms } = session;
    this.#leaveMount(session, false, why);
    if (listener === null) terms.granted?.left(seconds, bytes);
    this.#table.remove(session);
    Object.assign(record, { sentBytes: bytes, heardSeconds: seconds });
    record.endSession();
  }

  #leaveMount(session: HlsSession, isMoved: boolean, why: string): void {
    const { listener, positionSeconds, bytes } = session;
    if (listener === null) return;
    this.#table.uncount(session);
    const heard = { sentBytes: isMoved ? 0 : bytes, heardSeconds: session.seconds };
    session.terms.audience.apart.leave(listener, { positionSeconds, isMoved, ...heard }, why);
    if (isMoved) clearTimeout(listener.timer);
    else endTime(listener, bytes, listener.joinedMs + session.seconds * 1000);
  }
}

function moved({ audience }: SessionTerms): SessionEntry {
  return { kind: "moved", path: audience.mount.path };
}

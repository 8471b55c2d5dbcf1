// Lets HLS sessions in. A session is admitted once, like the connection of any other listener, and again when the rules change.
import type { Admission } from "../../access/admission.ts";
import { userOf, type Verdict } from "../../access/verdict.ts";
import type { AccessLog } from "../../journal/access-log.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Rounds } from "../../lib/rounds.ts";
import { when } from "../../lib/when.ts";
import type { Audience } from "../audience/audience.ts";
import { CountedSessions } from "./counted-sessions.ts";
import { EndedIds } from "./ended-ids.ts";
import { HlsSession, type SessionTerms } from "./hls-session.ts";
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

export class HlsSessions {
  readonly ids = new SessionIds();
  readonly counted: CountedSessions;
  readonly #table = new SessionTable();
  readonly #ended = new EndedIds();

  constructor(private readonly context: SessionContext) {
    const { admission, clock, rounds } = context;
    this.counted = new CountedSessions(this.#table, this.#ended, admission, clock);
    rounds.add((nowMs) => this.counted.sweep(nowMs));
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

  /** Somebody at this address has a session on the mount. */
  hasSessionAt(audience: Audience, address: string): boolean {
    return this.#table.isAt(audience, address);
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
    this.counted.end(session, "the rules changed");
    return refusal;
  }

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
    if (evicted !== null) this.counted.end(evicted, "too many sessions began");
    return session;
  }

  #settle(session: HlsSession, poll: Poll, granted: SessionTerms["granted"], user: string): void {
    this.counted.leaveMount(session, true, "it goes on elsewhere");
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
}

function moved({ audience }: SessionTerms): SessionEntry {
  return { kind: "moved", path: audience.mount.path };
}

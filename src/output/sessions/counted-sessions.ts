// Counts HLS sessions: a session is a listener from its second playlist on, until it stops asking.
import type { Admission } from "../../access/admission.ts";
import type { Clock } from "../../lib/clock.ts";
import type { ListenerState } from "../../native/broadcaster.ts";
import type { Audience } from "../audience/audience.ts";
import { endTime, limitTime } from "../audience/listening-time.ts";
import { Listener, type Owner } from "../audience/listener.ts";
import type { EndedIds } from "./ended-ids.ts";
import { Fetches } from "./fetches.ts";
import type { ListedSegment } from "./heard-segments.ts";
import { type HlsSession, NO_SINK } from "./hls-session.ts";
import type { Poll } from "./poll.ts";
import type { SessionTable } from "./session-table.ts";

const SWEEP_MS = 1000;

/** Why an audience ends its listeners with the station. */
const STOPPING = "the station stops";

/** Longer than three target durations of any sensible playlist. */
const FETCH_PERIOD_MS = 30_000;

export class CountedSessions implements Owner {
  readonly #fetches = new Fetches(FETCH_PERIOD_MS);

  constructor(
    private readonly table: SessionTable,
    private readonly ended: EndedIds,
    private readonly admission: Admission,
    private readonly clock: Clock,
  ) {}

  /** The player gets a playlist of these segments. `poll`: null for a settled session. */
  saw(
    session: HlsSession,
    poll: Poll | null,
    listed: readonly ListedSegment[],
    targetSeconds: number,
  ) {
    session.polled(this.#nowMs, targetSeconds);
    session.heard.see(listed);
    if (session.listener !== null || !session.isListening || !this.table.has(session)) return;
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

  /** Ends the sessions that stopped asking. Returns the milliseconds until it has to look again. */
  sweep(nowMs: number): number {
    for (const session of this.table)
      if (session.isOver(nowMs)) this.end(session, "it stopped asking");
    this.#fetches.trim(nowMs);
    return SWEEP_MS;
  }

  dismiss(listener: Listener, why: string): void {
    const session = this.table.of(listener);
    if (session === undefined) return;
    // A player that asks until the station is gone is to find it again after a restart.
    if (why !== STOPPING) this.ended.add(session.id, this.#nowMs);
    this.end(session, why);
  }

  leave(listener: Listener, why: string): void {
    const session = this.table.of(listener);
    if (session !== undefined) this.end(session, why);
  }

  stateOf(listener: Listener): ListenerState | null {
    const session = this.table.of(listener);
    if (session === undefined) return null;
    const delaySeconds = session.terms.audience.mount.writtenSeconds - session.positionSeconds;
    const place = { cursor: Number.NaN, lagSeconds: 0, delaySeconds };
    return { ...place, sentBytes: session.bytes, isBlocked: false, blockedMs: 0 };
  }

  /** Its player alone decides where it is. */
  restart(): void {}

  get #nowMs(): number {
    return this.clock.nowMs();
  }

  /** Several may have been admitted while none of them counted yet. */
  #mayCount({ terms }: HlsSession, { visit }: Poll): boolean {
    const { address } = terms.client;
    const most = this.#fetches.most(address, this.#nowMs);
    if (!terms.isCached && this.table.countedAt(address) >= most) return false;
    return this.admission.ruledOut(visit) === null;
  }

  #count(session: HlsSession): void {
    const { audience, client } = session.terms;
    if (session.number === 0) session.number = audience.apart.nextNumber();
    const { number, beganMs } = session;
    const listener = new Listener(number, client, NO_SINK, beganMs, this, -1);
    const { fromSeconds: positionSeconds, isProven: isMoved } = session;
    if (!audience.apart.join(listener, { positionSeconds, isMoved })) return;
    session.isProven = true;
    this.table.count(session, listener);
    limitTime(listener);
  }

  end(session: HlsSession, why: string): void {
    const { listener, seconds, bytes, record, terms } = session;
    this.leaveMount(session, false, why);
    if (listener === null) terms.granted?.left(seconds, bytes);
    this.table.remove(session);
    Object.assign(record, { sentBytes: bytes, heardSeconds: seconds });
    record.endSession();
  }

  leaveMount(session: HlsSession, isMoved: boolean, why: string): void {
    const { listener, positionSeconds, bytes } = session;
    if (listener === null) return;
    this.table.uncount(session);
    const heard = { sentBytes: isMoved ? 0 : bytes, heardSeconds: session.seconds };
    session.terms.audience.apart.leave(listener, { positionSeconds, isMoved, ...heard }, why);
    if (isMoved) clearTimeout(listener.timer);
    else endTime(listener, bytes, listener.joinedMs + session.seconds * 1000);
  }
}

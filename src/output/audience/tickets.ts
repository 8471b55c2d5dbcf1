// Where each listener begins, and the token by which it can go on there later.
import { isReplayed } from "../../format/content-type.ts";
import type { Mount } from "../../mount/mount.ts";
import type { SharedPlace } from "../../mount/positions.ts";
import type { Asked } from "./asked-place.ts";
import { RecordedTickets } from "./recorded-tickets.ts";
import { type RingPlace, Places } from "./ring-place.ts";
import { type Beginning, type ReadToken, ResumeTokens } from "./resume-tokens.ts";
import type { Listeners, NoPlace, Ticket } from "./ticket.ts";

/** Where a listener of a cluster goes on. */
export interface GoingOn {
  /** The run of the ring that it heard. */
  readonly from: string;
  /** Its next byte: in that ring, and as its token says it for others. */
  readonly local: number;
  readonly next: SharedPlace;
}

type Resume = Extract<Asked, { kind: "resume" }>;

/** Audio that a relay gets once more: what its first frames refer to lies within it. */
const OVERLAP_BYTES = 8192;

/** A date may be this far beyond the oldest audio: clocks differ. */
const TOLERANCE_SECONDS = 2;

export class Tickets {
  readonly #places: Places;
  readonly #tokens: ResumeTokens;
  readonly #recorded: RecordedTickets;

  constructor(
    private readonly mount: Mount,
    private readonly listeners: Listeners,
  ) {
    this.#places = new Places(mount.ring);
    this.#tokens = new ResumeTokens(mount.positions, () => listeners.clusterKey?.() ?? null);
    this.#recorded = new RecordedTickets(mount, this.#tokens, listeners);
  }

  /** `burstSeconds`: the client's. */
  issue(asked: Asked, burstSeconds: number): Ticket | NoPlace {
    if (asked.kind === "unreadable") return { status: 400, sentence: asked.sentence };
    if (asked.kind === "resume")
      return this.#resumed(asked, burstSeconds) ?? this.live(burstSeconds);
    if (asked.kind === "live") return this.live(burstSeconds);
    const recordedMs = this.#recordedMs(asked);
    if (recordedMs !== null)
      return this.#recorded.begin(recordedMs, this.#places.live(burstSeconds));
    const back = this.#secondsBack(asked);
    if (typeof back === "object") return back;
    if (back <= burstSeconds) return this.live(burstSeconds);
    return this.#ticket(this.#places.behind(back, burstSeconds));
  }

  /** To be awaited before issue(), if it is not null. Never rejects. */
  prepare(asked: Asked): Promise<void> | null {
    return this.#recorded.prepare(asked);
  }

  live(burstSeconds: number): Ticket {
    return this.#ticket(this.#places.live(burstSeconds));
  }

  isHeld({ place }: Ticket): boolean {
    return this.#places.isHeld(place);
  }

  /** A server of the cluster goes on behind a place, or begins at the live audio; either way it gets all at once. */
  relay(behind: SharedPlace | null, burstSeconds: number): Ticket {
    const { positions, ring } = this.mount;
    const position = behind === null ? null : positions.local(behind);
    if (position === null || ring.frameAt(position) === null) return this.live(burstSeconds);
    const from = Math.max(ring.tail, position - OVERLAP_BYTES);
    const place = this.#places.at(from, burstSeconds, false) ?? this.#places.live(burstSeconds);
    return this.#ticket({ ...place, delaySeconds: 0 });
  }

  /** Bytes of audio that come before the place's position. */
  leadBytes({ place }: Ticket): number {
    return this.#places.leadBytes(place);
  }

  /** Ends the connection that a listener resumes, so that no limit counts it. */
  giveWay(asked: Asked): void {
    if (asked.kind === "resume") this.#recorded.giveWay(asked.token);
    const read = asked.kind === "resume" ? this.#tokens.read(asked.token) : null;
    if (read !== null && this.#isOwn(read)) this.listeners.departure(read.beginning.number);
  }

  /** Where a listener of another server goes on; null for all others. */
  goingOn(asked: Asked): GoingOn | null {
    if (asked.kind !== "resume" || asked.bytes === null) return null;
    const read = this.#tokens.read(asked.token);
    if (read === null) return null;
    const local = ringByte(read.beginning, asked.bytes);
    return { from: read.run, local, next: nextByte(read, asked.bytes) };
  }

  /** The token of a listener that has heard so much of it, with another place for its next byte. */
  readdressed({ token, bytes }: Resume, next: SharedPlace): string {
    const read = this.#tokens.read(token);
    if (read === null) return token;
    const heard = nextByte(read, bytes ?? 0).position - read.shared.position;
    const shared = { run: next.run, position: next.position - heard };
    return this.#tokens.write(read.beginning, { run: read.run, shared });
  }

  #isOwn({ run }: ReadToken): boolean {
    return run === this.mount.positions.run;
  }

  /** null: it is not known where it stopped, or that is not held any more. */
  #resumed(asked: Resume, burstSeconds: number): Ticket | NoPlace | null {
    const place = this.#places.live(burstSeconds);
    const recorded = this.#recorded.resume(asked.token, asked.bytes, place);
    if (recorded !== null) return recorded;
    const read = this.#tokens.read(asked.token);
    if (read === null) return null;
    return this.#isOwn(read)
      ? this.#resumedHere(asked, read.beginning, burstSeconds)
      : this.#resumedFrom(asked, read, burstSeconds);
  }

  #resumedHere({ bytes }: Resume, beginning: Beginning, burstSeconds: number): Ticket | null {
    const departure = this.listeners.departure(beginning.number);
    const isCounted = bytes !== null && departure?.isWhole !== false;
    const counted = isCounted ? ringByte(beginning, bytes) : null;
    const byte = counted ?? departure?.position ?? Number.NaN;
    // Audio that came as a first frame of its own has nothing in the ring that it could be put in front of.
    const isStitched = isCounted && bytes >= beginning.leadBytes;
    const place = this.#places.at(byte, burstSeconds, isStitched);
    return place === null ? null : this.#ticket(place, receivedBytes(beginning, place));
  }

  /** It heard another server: nothing is known of it but its own count. */
  #resumedFrom({ bytes }: Resume, read: ReadToken, burstSeconds: number): Ticket | null {
    if (bytes === null) return null;
    const byte = this.mount.positions.local(nextByte(read, bytes));
    if (byte === null) return null;
    const isStitched = bytes >= read.beginning.leadBytes;
    const place = this.#places.at(byte, burstSeconds, isStitched);
    if (place === null) return null;
    return this.#ticket(place, isStitched ? bytes - (byte - place.start) : 0);
  }

  #secondsBack(asked: Extract<Asked, { kind: "ago" | "date" }>): number | NoPlace {
    const { limitSeconds, reachSeconds } = this.mount.rewind;
    if (asked.kind === "ago" && asked.seconds <= 0) return 0;
    if (limitSeconds === 0) return { status: 416, sentence: "This stream cannot be rewound" };
    if (asked.kind === "ago") return Math.min(asked.seconds, reachSeconds);
    const back = this.mount.rewind.secondsBackTo(asked.wallMs);
    if (back !== null && back < -TOLERANCE_SECONDS)
      return { status: 416, sentence: "That time is still to come" };
    if (back === null || back > reachSeconds + TOLERANCE_SECONDS)
      return { status: 416, sentence: this.#oldestSentence(reachSeconds) };
    return Math.min(back, reachSeconds);
  }

  /** The time in recordings that is asked for, further back than the ring reaches; null if it is not, or nothing is there. */
  #recordedMs(asked: Extract<Asked, { kind: "ago" | "date" }>): number | null {
    const { rewind, sounding } = this.mount;
    if (rewind.limitSeconds === 0 || sounding === null || !isReplayed(sounding)) return null;
    const fromMs = rewind.past()?.fromMs ?? Number.POSITIVE_INFINITY;
    const { nowMs, reachSeconds } = rewind;
    const latestMs = nowMs - (reachSeconds + TOLERANCE_SECONDS) * 1000;
    const wallMs = asked.kind === "date" ? asked.wallMs : nowMs - asked.seconds * 1000;
    if (asked.kind === "date" && wallMs < fromMs - TOLERANCE_SECONDS * 1000) return null;
    const recordedMs = Math.max(wallMs, fromMs);
    return recordedMs < latestMs ? recordedMs : null;
  }

  #oldestSentence(reachSeconds: number): string {
    const wallMs = this.mount.rewind.wallMsAt(reachSeconds);
    const since = wallMs === null ? "" : ` is of ${new Date(wallMs).toISOString()},`;
    return `That time is not held any more: the oldest audio${since} ${Math.round(reachSeconds)} seconds ago`;
  }

  #ticket(place: RingPlace, resumedBytes: number | null = null): Ticket {
    const number = this.listeners.nextNumber();
    const { start, position } = place;
    const leadBytes = this.#places.leadBytes(place);
    const replacedBytes = position - start;
    const token = this.#tokens.write({ number, position, leadBytes, replacedBytes });
    const atSeconds = this.mount.rewind.secondsAt(start);
    return { number, place, token, resumedBytes, atSeconds };
  }
}

/** The place in the ring of the byte that follows so many received ones. */
function ringByte({ position, leadBytes, replacedBytes }: Beginning, bytes: number): number {
  return bytes < leadBytes ? position - replacedBytes : position + bytes - leadBytes;
}

/** The byte that follows so many received ones, for all servers. */
function nextByte({ beginning, shared }: ReadToken, bytes: number): SharedPlace {
  const position = ringByte({ ...beginning, position: shared.position }, bytes);
  return { run: shared.run, position };
}

/** How many received bytes the place follows. */
function receivedBytes({ position, leadBytes }: Beginning, { start }: RingPlace): number {
  return start < position ? 0 : start - position + leadBytes;
}

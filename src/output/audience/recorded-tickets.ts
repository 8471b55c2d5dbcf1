// Where listeners of recordings begin, and go on after a lost connection: the place has to be looked for on the disk first.
import { within } from "../../lib/within.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Asked } from "./asked-place.ts";
import { type FoundPlace, placeBehind, type RecordedBeginning } from "./recorded-place.ts";
import type { ResumeTokens } from "./resume-tokens.ts";
import type { RingPlace } from "./ring-place.ts";
import type { Listeners, NoPlace, Ticket } from "./ticket.ts";

/** Of each mount: each has a file open. */
export const MOST_IN_PAST = 50;

/** A disk that is slower is not waited for. */
const LONGEST_MS = 5000;

/** A place that was found and is not used is that of a client who has gone. */
const MOST_FOUND = 100;

interface Found extends FoundPlace {
  readonly beginning: RecordedBeginning;
}

export class RecordedTickets {
  /** By token and count. */
  readonly #found = new Map<string, Found>();

  constructor(
    private readonly mount: Mount,
    private readonly tokens: ResumeTokens,
    private readonly listeners: Listeners,
  ) {}

  /** `place`: of the ring, until the recordings lead there. */
  begin(recordedMs: number, place: RingPlace): Ticket | NoPlace {
    return this.#ticket(recordedMs, { atMs: recordedMs, skippedBytes: 0 }, place);
  }

  /** Settles when it is known where a listener goes on; null if nothing has to be looked for. Never rejects. */
  prepare(asked: Asked): Promise<void> | null {
    if (asked.kind !== "resume" || asked.bytes === null) return null;
    const read = this.tokens.readRecorded(asked.token);
    if (read === null || this.listeners.departure(read.number)?.isWhole === false) return null;
    return this.#look(asked.token, asked.bytes, read);
  }

  /** Ends the connection of a listener that goes on. */
  giveWay(token: string): void {
    const read = this.tokens.readRecorded(token);
    if (read !== null) this.listeners.departure(read.number);
  }

  /** Of a listener whose place was found; null for all others. */
  resume(token: string, bytes: number | null, place: RingPlace): Ticket | NoPlace | null {
    const key = `${token} ${bytes}`;
    const found = this.#found.get(key);
    this.#found.delete(key);
    if (found === undefined || bytes === null) return null;
    const { heardBytes, leadBytes, beginning } = found;
    const resumedBytes = bytes - heardBytes;
    const skippedBytes = beginning.skippedBytes + Math.max(0, resumedBytes - leadBytes);
    const { atMs } = beginning;
    const ticket = this.#ticket(found.place.atMs, { atMs, skippedBytes }, place);
    return "sentence" in ticket ? ticket : { ...ticket, resumedBytes, recordedPlace: found.place };
  }

  async #look(token: string, bytes: number, beginning: RecordedBeginning): Promise<void> {
    const { rewind, sounding } = this.mount;
    const past = rewind.past();
    if (past === null || sounding === null) return;
    // When the disk fails, or the file has gone, it hears the live audio.
    const looked = placeBehind(past, sounding, beginning, bytes).catch(() => null);
    const found = await within(LONGEST_MS, looked);
    if (found !== null) this.#keep(`${token} ${bytes}`, { ...found, beginning });
  }

  #keep(key: string, found: Found): void {
    const [oldest] = this.#found.keys();
    if (this.#found.size >= MOST_FOUND && oldest !== undefined) this.#found.delete(oldest);
    this.#found.set(key, found);
  }

  #ticket(recordedMs: number, beginning: RecordedBeginning, place: RingPlace): Ticket | NoPlace {
    if (this.listeners.inPast() >= MOST_IN_PAST)
      return { status: 503, sentence: "Too many listeners hear recordings now" };
    const { writtenSeconds, rewind } = this.mount;
    const atSeconds = writtenSeconds - (rewind.nowMs - recordedMs) / 1000;
    const number = this.listeners.nextNumber();
    const token = this.tokens.writeRecorded(number, beginning);
    return { number, place, token, resumedBytes: null, atSeconds, recordedMs };
  }
}

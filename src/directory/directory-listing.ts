// Pure: one mount's place in the directory, as a state machine: when it is added, touched and removed, and when it is tried
// again.
import {
  addForm,
  readReply,
  removeForm,
  type Stream,
  touchForm,
  unfit,
  type YpReply,
} from "./yp-form.ts";

/** off: it is not to be listed, or nothing is on air. unfit: the directory would refuse it. */
export const LISTING_STATES = [
  "off",
  "unfit",
  "waiting",
  "listed",
  "refused",
  "unreachable",
] as const;
export type ListingState = (typeof LISTING_STATES)[number];

export interface ListingFacts {
  readonly state: ListingState;
  /** What the directory said, or what is wrong; "" for nothing. */
  readonly message: string;
}

type Action = "add" | "touch" | "remove";

export interface Question {
  readonly action: Action;
  readonly form: string;
}

/** All in milliseconds. */
const FIRST_TOUCH = 5000;
const SHORTEST_TOUCH = 30_000;
const USUAL_TOUCH = 200_000;
const AFTER_REFUSED_ADD = 7_200_000;
const AFTER_REFUSED_TOUCH = 1_200_000;
const AFTER_NO_ANSWER = 1_200_000;
const OTHERS_AFTER_NO_ANSWER = 900_000;

/** A new title is touched once it has lasted so long, and so long after the last touch. */
const TITLE_LASTS = 3000;
const TITLE_SPACING = 60_000;

export class DirectoryListing {
  #facts: ListingFacts = { state: "off", message: "" };
  #sid: string | null = null;
  #dueMs = 0;
  #touchMs = USUAL_TOUCH;
  #touchedMs = 0;
  #title = "";
  #titleMs = 0;
  /** What was touched last. */
  #knownTitle = "";

  get facts(): ListingFacts {
    return this.#facts;
  }

  /** What is to be asked now, or null. `stream`: null if it is not to be listed, or nothing is on air. */
  next(stream: Stream | null, nowMs: number): Question | null {
    const lack = stream === null ? null : unfit(stream);
    if (stream === null || lack !== null) {
      this.#facts = { state: lack === null ? "off" : "unfit", message: lack ?? "" };
      return this.remove();
    }
    if (this.#facts.state === "off" || this.#facts.state === "unfit")
      this.#facts = { state: "waiting", message: "" };
    this.#noteTitle(stream.title, nowMs);
    if (this.#sid === null)
      return nowMs < this.#dueMs ? null : { action: "add", form: addForm(stream) };
    if (nowMs < this.#dueMs && !this.#hasNewTitle(nowMs)) return null;
    return { action: "touch", form: touchForm(this.#sid, stream) };
  }

  /** To leave the directory; null if it is not there. */
  remove(): Question | null {
    return this.#sid === null ? null : { action: "remove", form: removeForm(this.#sid) };
  }

  /** What the directory said to the question. */
  answered(action: Action, headers: Headers, nowMs: number): void {
    const reply = readReply(headers);
    if (action === "remove") this.#sid = null;
    if (action === "add") this.#added(reply, nowMs);
    if (action === "touch") this.#touched(reply, nowMs);
  }

  /** It did not answer. A removal is not tried again: the directory forgets what is not touched. */
  failed(action: Action, why: string, nowMs: number): void {
    if (action === "remove") this.#sid = null;
    else this.#facts = { state: "unreachable", message: why };
    this.#dueMs = nowMs + AFTER_NO_ANSWER;
  }

  /** It did not answer to another mount. */
  postpone(nowMs: number): void {
    this.#dueMs = Math.max(this.#dueMs, nowMs + OTHERS_AFTER_NO_ANSWER);
  }

  /** Another directory: it knows nothing of the mount. */
  forget(): void {
    this.#sid = null;
    this.#dueMs = 0;
    this.#facts = { state: "off", message: "" };
  }

  #added({ isTaken, sid, message, touchSeconds }: YpReply, nowMs: number): void {
    if (!isTaken || sid === "") {
      this.#facts = { state: "refused", message: message || "it gave no reason" };
      this.#dueMs = nowMs + AFTER_REFUSED_ADD;
      return;
    }
    this.#sid = sid;
    this.#facts = { state: "listed", message };
    this.#touchMs = touchSeconds === 0 ? USUAL_TOUCH : touchSeconds * 1000;
    this.#touchedMs = nowMs;
    this.#dueMs = nowMs + FIRST_TOUCH;
  }

  #touched({ isTaken, message, touchSeconds }: YpReply, nowMs: number): void {
    if (touchSeconds > 0) this.#touchMs = touchSeconds * 1000;
    const touchMs = Math.max(this.#touchMs, SHORTEST_TOUCH);
    this.#knownTitle = this.#title;
    this.#touchedMs = nowMs;
    if (isTaken) {
      this.#facts = { state: "listed", message };
      this.#dueMs = nowMs + touchMs;
    } else {
      this.#sid = null;
      this.#facts = { state: "refused", message: message || "it gave no reason" };
      this.#dueMs = nowMs + Math.max(AFTER_REFUSED_TOUCH, touchMs);
    }
  }

  #noteTitle(title: string, nowMs: number): void {
    if (title === this.#title) return;
    this.#title = title;
    this.#titleMs = nowMs;
  }

  #hasNewTitle(nowMs: number): boolean {
    const isSettled = nowMs - this.#titleMs >= TITLE_LASTS;
    const isSpaced = nowMs - this.#touchedMs >= TITLE_SPACING;
    return this.#title !== this.#knownTitle && isSettled && isSpaced && this.#isListed;
  }

  get #isListed(): boolean {
    return this.#facts.state === "listed";
  }
}

// The call queue of one thread: one call at a time, so that a disk that hangs gets no further ones.
import type { Call, Reply } from "./call.ts";
import { BROKEN, type Thread } from "./thread.ts";

/** A call that takes longer hangs, or soon will: others must not wait behind it. */
export const STUCK_MS = 2000;

export interface Job {
  readonly owner: object;
  readonly call: Call;
  /** Needed for audio: goes before walks and measurements. */
  readonly isUrgent: boolean;
  /** `shared` has a read's bytes until this returns. */
  readonly settle: (reply: Reply, shared: Uint8Array) => void;
}

export class Lane {
  /** The users of this lane. */
  readonly owners = new Set<object>();
  #thread: Thread | null = null;
  #waiting: Job[] = [];
  #current: Job | null = null;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(
    private readonly start: () => Thread,
    /** Called when a call of this owner has taken STUCK_MS. */
    private readonly onStuck: (lane: Lane, owner: object) => void,
  ) {}

  add(job: Job): void {
    const place = job.isUrgent ? this.#waiting.findIndex(({ isUrgent }) => !isUrgent) : -1;
    if (place < 0) this.#waiting.push(job);
    else this.#waiting.splice(place, 0, job);
    this.#next();
  }

  /** Releases all other owners, and returns their pending jobs. */
  leaveTo(owner: object): Job[] {
    const others = this.#waiting.filter((job) => job.owner !== owner);
    this.#waiting = this.#waiting.filter((job) => job.owner === owner);
    this.owners.clear();
    this.owners.add(owner);
    return others;
  }

  /** A thread that hangs in a call cannot be stopped: it stays until the process ends. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#watch);
    if (this.#current === null) this.#thread?.close();
    this.#thread = null;
  }

  #next(): void {
    if (this.#current !== null || this.#isClosed) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#current = job;
    this.#thread ??= this.#started();
    this.#watch = setTimeout(() => this.onStuck(this, job.owner), STUCK_MS);
    this.#watch.unref();
    this.#thread.post(job.call);
  }

  #started(): Thread {
    const thread = this.start();
    thread.onReply = (reply) => this.#answered(thread, reply);
    return thread;
  }

  #answered(thread: Thread, reply: Reply): void {
    const job = this.#current;
    if (this.#isClosed) return thread.close();
    if ("code" in reply && reply.code === BROKEN) this.#thread = null;
    this.#current = null;
    clearTimeout(this.#watch);
    job?.settle(reply, thread.shared);
    this.#next();
  }
}

// Pure: who leads, by one register in which a write succeeds only if nobody has written since the last look. A leader writes
// again and again; another node takes the register once it has seen it unchanged for as long as a write entitles to lead.

/** A write entitles to lead for so long. */
export const LEASE_MS = 5000;

/** A leader stops this long before that: clocks of machines differ a little in speed. */
const MARGIN_MS = 500;

/** The register as it was read; revision 0 while nothing is in it. */
export interface Register {
  readonly revision: number;
  /** The run of a node that wrote it; "" if it was given back. */
  readonly holder: string;
}

export type Step =
  /** Write, if the revision is still this one. */
  { readonly kind: "write"; readonly revision: number } | { readonly kind: "read" };

export class Lease {
  #untilMs = Number.NEGATIVE_INFINITY;
  /** The latest content that was seen, and since when it has been. */
  #seen: Register | null = null;
  #seenMs = 0;

  /** `me`: this run of the node, which no other has ever been. */
  constructor(private readonly me: string) {}

  isLeader(nowMs: number): boolean {
    return nowMs < this.#untilMs;
  }

  /** Milliseconds for which it leads without another write. */
  leftMs(nowMs: number): number {
    return Math.max(0, this.#untilMs - nowMs);
  }

  /** What to do now. */
  next(nowMs: number): Step {
    const seen = this.#seen;
    return seen !== null && this.#mayWrite(seen, nowMs)
      ? { kind: "write", revision: seen.revision }
      : { kind: "read" };
  }

  #mayWrite({ revision, holder }: Register, nowMs: number): boolean {
    // A write on top of its own proves that nobody has led in between.
    if (holder === this.me) return true;
    if (revision > 0 && holder === "") return true;
    return nowMs - this.#seenMs >= LEASE_MS;
  }

  /** A read was answered. */
  read(register: Register, nowMs: number): void {
    if (this.#seen === null || !isSame(this.#seen, register)) this.#seenMs = nowMs;
    this.#seen = register;
    if (register.holder !== this.me) this.#untilMs = Number.NEGATIVE_INFINITY;
  }

  /** A write that was begun at `begunMs` succeeded. */
  wrote(revision: number, begunMs: number): void {
    this.#seen = { revision, holder: this.me };
    this.#seenMs = begunMs;
    this.#untilMs = begunMs + LEASE_MS - MARGIN_MS;
  }

  /** A write failed because of another one, which may have been its own. The lease lasts as it was: nobody leads before
   * its end. */
  refused(): void {
    this.#seen = null;
  }

  /** The connection to the register was lost: it may be another one afterwards, whose revisions begin anew. */
  disconnected(): void {
    this.#seen = null;
  }

  /** Leads no longer, whatever is in the register. */
  resign(): void {
    this.#untilMs = Number.NEGATIVE_INFINITY;
  }
}

function isSame(a: Register, b: Register): boolean {
  return a.revision === b.revision && a.holder === b.holder;
}

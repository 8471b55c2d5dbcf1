// Whether a master that sends nothing is still there. The kernel of a machine accepts connections even while its server is slow
// or stands still; one that has vanished (power, network) answers nothing, and no end of its connections ever comes.
import type { Destination, Dial, Line } from "../../dial/dial.ts";
import { SYSTEM_TRUST } from "../../dial/dial.ts";

/** Live audio is paced: a pause of this length is unusual. */
const UNUSUAL_MS = 3000;

/** Longer than a lost packet and its repetition take. */
const ANSWER_MS = 2000;

/** After this process itself was slow an answer may be there, and not read yet. */
const LOOKS = 2;

/** Other failures may be our own, such as too many open files. */
const GONE = /^it (?:refuses connections|cannot be reached from here|does not answer)/;

interface Probe {
  readonly line: Line;
  readonly sinceMs: number;
  looks: number;
}

export class StillThere {
  #probe: Probe | null = null;
  /** When it was asked last, or heard. */
  #askedMs = Number.NEGATIVE_INFINITY;

  /** `onGone`: it does not answer; `why` is a sentence without its end, "it …". */
  constructor(
    private readonly dial: Dial,
    private readonly master: Destination,
    private readonly onGone: (why: string) => void,
  ) {}

  /** To be called about once a second. `heardMs`: when it was heard last. */
  check(heardMs: number, nowMs: number): void {
    if (nowMs - heardMs < UNUSUAL_MS) return this.close();
    const probe = this.#probe;
    if (probe === null) {
      if (nowMs - Math.max(heardMs, this.#askedMs) >= UNUSUAL_MS) this.#ask(nowMs);
    } else if (++probe.looks >= LOOKS && nowMs - probe.sinceMs >= ANSWER_MS)
      this.#gone("its machine does not answer any more");
  }

  close(): void {
    this.#probe?.line.close();
    this.#probe = null;
  }

  /** Plain: a TLS handshake would need the server. */
  #ask(nowMs: number): void {
    this.#askedMs = nowMs;
    const line = this.dial({ ...this.master, isSecure: false }, SYSTEM_TRUST, {
      onOpen: () => this.close(),
      onData: () => undefined,
      onClose: (why) => (GONE.test(why) ? this.#gone(why) : this.close()),
    });
    this.#probe = { line, sinceMs: nowMs, looks: 0 };
  }

  #gone(why: string): void {
    this.close();
    this.onGone(why);
  }
}

// Pure: a source that drops is expected back. For a moment nothing is written, and listeners live on their burst; what then
// goes on air first writes the audio that is missing, so that their reserve is whole again.
import type { MountConfig } from "../config/config.ts";
import type { Lead } from "./lead.ts";
import { LIVE } from "./priority.ts";
import { isPaced, type Input } from "./roles.ts";

type Heard = Pick<Input, "priority" | "isFed" | "isFiller">;

const NOTHING = () => 0;

export class Hold {
  #untilMs = Number.NEGATIVE_INFINITY;
  /** What sources that returned in time have used up of the listeners' reserve, and nobody has written since. */
  #owedMs = 0;
  #missingMs = NOTHING;

  constructor(
    private readonly lead: Lead,
    private readonly config: () => Pick<MountConfig, "sourceGrace" | "buffer">,
  ) {}

  /** Milliseconds that listeners can live on their burst: half of it stays for the network. */
  get reserveMs(): number {
    const { sourceGrace, buffer } = this.config();
    return Math.min(sourceGrace, buffer.burstSeconds / 2) * 1000;
  }

  /** What is left of it. */
  get leftMs(): number {
    return Math.max(0, this.reserveMs - this.#owedMs);
  }

  /** What the source was late with is used up already. */
  begin(nowMs: number): void {
    this.#untilMs = nowMs + this.leftMs - Math.max(0, nowMs - this.lead.overMs);
  }

  /** The input has to wait; sources have not. */
  keepsOut(next: Heard | null, nowMs: number): boolean {
    return nowMs < this.#untilMs && (next?.priority ?? 0) < LIVE;
  }

  /** Milliseconds until it is over; Infinity without one. */
  pauseMs(nowMs: number): number {
    return nowMs < this.#untilMs ? this.#untilMs - nowMs : Number.POSITIVE_INFINITY;
  }

  /**
   * Players that keep a store of their own have lost `missingMs` of it. The next input that paces itself writes that at once;
   * until then it is still missing, as live sources cannot, and silence should not.
   */
  owe(missingMs: () => number, mostMs: number): void {
    this.#missingMs = () => Math.max(0, Math.min(mostMs, missingMs()));
  }

  /** Nobody misses it any more. */
  forgive(): void {
    this.#missingMs = NOTHING;
  }

  /** `next` goes on air after an input that has been since `sinceMs`. Returns when what was written has been played. */
  end(next: Heard | null, sinceMs: number, nowMs: number): number {
    const { reserveMs } = this;
    this.#untilMs = Number.NEGATIVE_INFINITY;
    const { overMs } = this.lead;
    // Paced inputs have written all that is due.
    const lateMs = overMs < sinceMs ? 0 : Math.min(reserveMs, Math.max(0, nowMs - overMs));
    // Stalls are noticed late: more than the reserve may be missing, but not more than the burst.
    const owedMs = Math.min(2 * reserveMs, this.#owedMs + lateMs);
    this.#owedMs = (next?.priority ?? 0) < LIVE ? 0 : owedMs;
    return Math.max(nowMs, overMs) - owedMs - this.#makeUp(next);
  }

  #makeUp(next: Heard | null): number {
    if (next === null || !isPaced(next)) return 0;
    const missingMs = this.#missingMs();
    this.forgive();
    return missingMs;
  }
}

// Pure: turns conditions that hold now into notices, one when trouble lasts, one when it is over. What comes and goes
// within a minute is one trouble.
import type { AlertEvent } from "../config/alert-keys.ts";

export interface Condition {
  readonly event: AlertEvent;
  /** A mount's path, or "station". */
  readonly subject: string;
  /** What is wrong, and what the operator can do about it. */
  readonly message: string;
  readonly remedy: string;
}

export interface Notice extends Condition {
  readonly state: "firing" | "resolved";
  /** When it began, on the clock of update(). */
  readonly sinceMs: number;
  /** How often it came back meanwhile. */
  readonly returns: number;
}

/** Trouble that is gone sooner needs nobody. */
export const FIRING_MS = 10_000;

/** Trouble that returns sooner was never over. */
export const RESOLVED_MS = 60_000;

/** No station has as many troubles at a time; the rest waits. */
const MAX_TROUBLES = 1000;

interface Trouble {
  condition: Condition;
  readonly sinceMs: number;
  /** When it last held. */
  lastMs: number;
  isHolding: boolean;
  isReported: boolean;
  returns: number;
}

export class Alarm {
  readonly #troubles = new Map<string, Trouble>();

  /** `conditions`: all that hold at this moment. Returns the notices that are due. */
  update(conditions: readonly Condition[], nowMs: number): Notice[] {
    const now = new Map(conditions.map((one) => [keyOf(one), one]));
    for (const [key, condition] of now) this.#holds(key, condition, nowMs);
    return [...this.#troubles].flatMap(([key, trouble]) => {
      trouble.isHolding = now.has(key);
      return this.#judge(key, trouble, nowMs);
    });
  }

  #holds(key: string, condition: Condition, nowMs: number): void {
    const known = this.#troubles.get(key);
    if (known !== undefined) {
      if (!known.isHolding) known.returns++;
      Object.assign(known, { condition, lastMs: nowMs });
    } else if (this.#troubles.size < MAX_TROUBLES) {
      const times = { sinceMs: nowMs, lastMs: nowMs };
      const state = { isHolding: true, isReported: false, returns: 0 };
      this.#troubles.set(key, { condition, ...times, ...state });
    }
  }

  #judge(key: string, trouble: Trouble, nowMs: number): Notice[] {
    const { isHolding, isReported, sinceMs, lastMs } = trouble;
    const isDue = !isReported && lastMs - sinceMs >= FIRING_MS;
    if (isDue) trouble.isReported = true;
    const isOver = !isHolding && nowMs - lastMs >= (trouble.isReported ? RESOLVED_MS : FIRING_MS);
    if (isOver) this.#troubles.delete(key);
    if (isDue) return [notice(trouble, "firing")];
    return isOver && isReported ? [notice(trouble, "resolved")] : [];
  }
}

function notice({ condition, sinceMs, returns }: Trouble, state: Notice["state"]): Notice {
  return { ...condition, state, sinceMs, returns };
}

/** Sentences count: "for 5 min" and "for 6 min" are one trouble. */
function keyOf({ event, subject, message }: Condition): string {
  const text = event === "doctor" ? message.replace(/\d+(?:\.\d+)?/g, "#") : "";
  return JSON.stringify([event, subject, text]);
}

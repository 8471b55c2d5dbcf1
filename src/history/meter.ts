// Pure: listening seconds, sessions and the most listeners of the current hour, by name, updated as sessions begin and end.
import { HOUR_MS, hourOf } from "./times.ts";

interface Count {
  listeners: number;
  sessions: number;
  peak: number;
  /** Up to `sinceMs`. */
  seconds: number;
  sinceMs: number;
}

export interface Sum {
  /** The begin of its hour. */
  readonly atMs: number;
  readonly name: string;
  readonly seconds: number;
  readonly sessions: number;
  readonly peak: number;
}

/** Longer without any event, and the clock was set, or the machine slept: nobody is known to have listened meanwhile. */
const JUMP_MS = 48 * HOUR_MS;

export class Meter {
  readonly #counts = new Map<string, Count>();
  /** Of hours that are over, until they are taken. */
  #over: Sum[] = [];
  #hourMs: number;
  #nowMs: number;

  constructor(sinceMs: number) {
    this.#hourMs = hourOf(sinceMs);
    this.#nowMs = sinceMs;
  }

  /** `isNew`: it counts as a session; else it goes on. */
  begin(names: readonly string[], atMs: number, isNew: boolean): void {
    this.advance(atMs);
    for (const name of names) {
      const count = this.#countOf(name);
      this.#elapse(count, this.#nowMs);
      count.listeners++;
      if (isNew) count.sessions++;
      count.peak = Math.max(count.peak, count.listeners);
    }
  }

  /** `unheardSeconds`: how much less than its time it has heard. */
  end(names: readonly string[], atMs: number, unheardSeconds: number): void {
    // The end of an hour belongs to it.
    this.#turnUntil(atMs - 1);
    this.#nowMs = Math.max(this.#nowMs, atMs);
    for (const name of names) {
      const count = this.#countOf(name);
      this.#elapse(count, this.#nowMs);
      count.listeners--;
      if (unheardSeconds * 1000 < JUMP_MS) count.seconds -= unheardSeconds;
    }
  }

  /** Time never goes back, even if the system's clock is set back. */
  advance(atMs: number): void {
    this.#turnUntil(atMs);
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  #turnUntil(ms: number): void {
    if (ms - this.#nowMs > JUMP_MS) this.#jump(ms);
    while (ms >= this.#hourMs + HOUR_MS) this.#turn(ms);
  }

  /** The sums of the hours that are over, once, and those of the current hour so far. */
  take(): Sum[] {
    const over = this.#over;
    this.#over = [];
    return [...over, ...this.#sums(Math.min(this.#nowMs, this.#hourMs + HOUR_MS))].filter(isAny);
  }

  #turn(ms: number): void {
    const endMs = this.#hourMs + HOUR_MS;
    this.#over.push(...this.#sums(endMs));
    this.#beginAgain(endMs);
    // Without listeners nothing happens in the hours between.
    this.#hourMs = this.#counts.size === 0 ? hourOf(ms) : endMs;
  }

  #jump(ms: number): void {
    this.#turnUntil(this.#nowMs);
    this.#over.push(...this.#sums(this.#nowMs));
    this.#beginAgain(ms);
    this.#hourMs = hourOf(ms);
    this.#nowMs = ms;
  }

  #beginAgain(sinceMs: number): void {
    for (const [name, count] of this.#counts) {
      if (count.listeners === 0) this.#counts.delete(name);
      else Object.assign(count, { sessions: 0, peak: count.listeners, seconds: 0, sinceMs });
    }
  }

  #sums(toMs: number): Sum[] {
    const atMs = this.#hourMs;
    return [...this.#counts].map(([name, count]) => {
      this.#elapse(count, toMs);
      const { seconds, sessions, peak } = count;
      return { atMs, name, seconds, sessions, peak };
    });
  }

  #elapse(count: Count, toMs: number): void {
    count.seconds += (count.listeners * (toMs - count.sinceMs)) / 1000;
    count.sinceMs = toMs;
  }

  #countOf(name: string): Count {
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    const made = { listeners: 0, sessions: 0, peak: 0, seconds: 0, sinceMs: this.#nowMs };
    this.#counts.set(name, made);
    return made;
  }
}

function isAny({ seconds, sessions }: Sum): boolean {
  return seconds > 0 || sessions > 0;
}

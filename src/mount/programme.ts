// The inputs of a mount in order of priority, and which of them is on air.
import { sourceIdentity, type SourceNames } from "./drops.ts";
import type { Input } from "./roles.ts";

function isOf({ feed }: Input, from: SourceNames): boolean {
  return feed !== undefined && sourceIdentity(feed.client) === sourceIdentity(from);
}

export class Programme {
  /** In the order they were added. */
  #inputs: readonly Input[] = [];

  /** Highest priority first, as priorities are now; among equals, the one added first. */
  get inputs(): readonly Input[] {
    return this.#inputs.toSorted((a, b) => b.priority - a.priority);
  }

  /** The live input on air, else the next one by priority. */
  live(onAir: Input | null): Input | null {
    if (onAir?.isLive === true && this.has(onAir)) return onAir;
    return this.inputs.find((input) => input.isLive) ?? null;
  }

  /** The live input that a title from this client belongs to: its own, else the one on air; null if there is none. */
  titled(onAir: Input | null, from: SourceNames | null): Input | null {
    const heard = onAir?.isLive === true ? onAir : null;
    if (from === null || (heard !== null && isOf(heard, from))) return heard;
    return this.inputs.find((input) => input.isLive && isOf(input, from)) ?? heard;
  }

  has(input: Input): boolean {
    return this.#inputs.includes(input);
  }

  add(input: Input): void {
    this.#inputs = [...this.#inputs, input];
  }

  remove(input: Input): void {
    this.#inputs = this.#inputs.filter((other) => other !== input);
  }

  clear(): void {
    this.#inputs = [];
  }

  /** Once per tick, for every input. */
  tick(nowMs: number): void {
    for (const input of this.#inputs) input.tick?.(nowMs);
  }

  /** The ready input with the highest priority, `current` before its equals; the last one if none is ready. */
  choose(current: Input | null): Input | null {
    let best: Input | null = null;
    for (const input of this.#inputs) {
      if (!input.ready) continue;
      const priority = best?.priority ?? Number.NEGATIVE_INFINITY;
      const isBetter = input.priority > priority;
      if (isBetter || (input === current && input.priority === priority)) best = input;
    }
    return best ?? this.inputs.at(-1) ?? null;
  }
}

// The inputs of a mount in order of priority, and which of them is on air.
import type { Input } from "./roles.ts";

export class Programme {
  #inputs: readonly Input[] = [];

  /** Highest priority first; among equals, the one added first. */
  get inputs(): readonly Input[] {
    return this.#inputs;
  }

  add(input: Input): void {
    this.#inputs = [...this.#inputs, input].toSorted((a, b) => b.priority - a.priority);
  }

  remove(input: Input): void {
    this.#inputs = this.#inputs.filter((other) => other !== input);
  }

  clear(): void {
    this.#inputs = [];
  }

  /** The ready input with the highest priority, `current` before its equals; the last one if none is ready. */
  choose(current: Input | null): Input | null {
    const best = this.#inputs.find((input) => input.ready);
    if (best === undefined) return this.#inputs.at(-1) ?? null;
    const mayStay = current?.ready === true && current.priority === best.priority;
    return mayStay && this.#inputs.includes(current) ? current : best;
  }
}

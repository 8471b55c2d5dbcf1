// Numbers of inputs, by which an admin names one of several sources. None is used twice in a run.
import type { Input } from "./roles.ts";

const numbers = new WeakMap<Input, number>();
let last = 0;

export function numberOf(input: Input): number {
  const number = numbers.get(input) ?? ++last;
  numbers.set(input, number);
  return number;
}

/** null: none of them has it. */
export function numbered(inputs: readonly Input[], number: number): Input | null {
  return inputs.find((input) => numberOf(input) === number) ?? null;
}

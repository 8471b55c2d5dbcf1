// The stack of inputs of a mount: pure choice of who is on air.
import { INPUT_KINDS, type Input } from "./roles.ts";

/** The ready input of the highest priority; the last of the stack when none is ready. */
export function chooseInput(inputs: readonly Input[]): Input | undefined {
  return inputs.find((input) => input.ready) ?? inputs.at(-1);
}

/** The inputs with one more, in the order of their priority. */
export function withInput(inputs: readonly Input[], added: Input): readonly Input[] {
  const rank = (input: Input) => INPUT_KINDS.indexOf(input.kind);
  return [...inputs, added].sort((a, b) => rank(a) - rank(b));
}

// Who is on air: always the ready input of the highest priority.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { INPUT_KINDS, type Input } from "../../src/mount/roles.ts";
import { chooseInput, withInput } from "../../src/mount/stack.ts";
import { FakeInput } from "./fake-input.ts";

const anyInput = fc
  .record({ kind: fc.constantFrom(...INPUT_KINDS), ready: fc.boolean() })
  .map(({ kind, ready }) => Object.assign(new FakeInput(kind), { ready }));

const anyInputs = fc.array(anyInput, { maxLength: 8 });

function stackOf(inputs: readonly Input[]): readonly Input[] {
  return inputs.reduce<readonly Input[]>(withInput, []);
}

const rank = (input: Input): number => INPUT_KINDS.indexOf(input.kind);

test("the ready input of the highest priority is chosen, in whatever order they came", () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const ready = inputs.filter((input) => input.ready);
      fc.pre(ready.length > 0);
      const chosen = chooseInput(stackOf(inputs));
      expect(chosen?.ready).toBe(true);
      expect(chosen && rank(chosen)).toBe(Math.min(...ready.map(rank)));
    }),
  );
});

test("of two ready inputs of one kind the one that came first is chosen", () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const chosen = chooseInput(stackOf(inputs));
      const alike = inputs.filter((input) => input.ready && input.kind === chosen?.kind);
      if (alike.length > 0) expect(chosen).toBe(alike[0]!);
    }),
  );
});

test("when none is ready the last of the stack is chosen, and nobody from an empty one", () => {
  const [live, playlist] = [new FakeInput("live"), new FakeInput("playlist")];
  expect(chooseInput(stackOf([playlist, live]))).toBe(playlist);
  expect(chooseInput([])).toBeUndefined();
});

test("the stack holds every input once and is in the order of priority", () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const stack = stackOf(inputs);
      expect(new Set(stack)).toEqual(new Set(inputs));
      expect(stack.map(rank)).toEqual(inputs.map(rank).toSorted());
    }),
  );
});

test("to add an input changes no stack that somebody holds", () => {
  const before = stackOf([new FakeInput("playlist")]);
  withInput(before, new FakeInput("live"));
  expect(before.length).toBe(1);
});

// Which input is on air: the ready one of the highest priority, and no change among equals.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { Programme } from "../../src/mount/programme.ts";
import { FakeInput } from "./fake-input.ts";

const anyInput = fc
  .record({
    kind: fc.constantFrom("live" as const, "playlist" as const, "silence" as const),
    ready: fc.boolean(),
  })
  .map(({ kind, ready }) => Object.assign(new FakeInput(kind), { ready }));

const anyInputs = fc.array(anyInput, { maxLength: 8 });

function programmeOf(inputs: readonly FakeInput[]): Programme {
  const programme = new Programme();
  for (const input of inputs) programme.add(input);
  return programme;
}

test("the ready input of the highest priority is on air, in whatever order they were added", () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const ready = inputs.filter((input) => input.ready);
      fc.pre(ready.length > 0);
      const chosen = programmeOf(inputs).choose(null);
      expect(chosen?.ready).toBe(true);
      expect(chosen?.priority).toBe(Math.max(...ready.map(({ priority }) => priority)));
    }),
  );
});

test("of several ready live inputs the one on air stays, and the others wait in the order they came", () => {
  const [first, second] = [new FakeInput("live", "first"), new FakeInput("live", "second")];
  const programme = programmeOf([first, second, new FakeInput("silence")]);
  second.ready = true;
  expect(programme.choose(null)).toBe(second);
  first.ready = true;
  expect(programme.choose(second)).toBe(second);
  expect(programme.choose(null)).toBe(first);
  programme.remove(second);
  expect(programme.choose(second)).toBe(first);
});

test("an input of a higher priority takes over from one that is on air", () => {
  const [live, playlist] = [new FakeInput("live"), new FakeInput("playlist")];
  live.ready = playlist.ready = true;
  expect(programmeOf([playlist, live]).choose(playlist)).toBe(live);
});

test("the last input is on air while none is ready, and none in an empty programme", () => {
  const [live, playlist] = [new FakeInput("live"), new FakeInput("playlist")];
  expect(programmeOf([playlist, live]).choose(live)).toBe(playlist);
  expect(new Programme().choose(null)).toBeNull();
});

test("every input is there once, the highest priority first", () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const { inputs: listed } = programmeOf(inputs);
      expect(new Set(listed)).toEqual(new Set(inputs));
      const priorities = listed.map(({ priority }) => priority);
      expect(priorities).toEqual(priorities.toSorted((a, b) => b - a));
    }),
  );
});

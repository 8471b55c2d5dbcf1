// Events reach every subscriber, whatever the others do.
import { expect, test } from "bun:test";
import { Emitter, together } from "../../src/lib/emitter.ts";

interface Weather {
  readonly rain: number;
  readonly sun: string;
}

function station() {
  const failures: string[] = [];
  const emitter = new Emitter<Weather>((error, event) => {
    failures.push(`${event}: ${error instanceof Error ? error.message : "?"}`);
  });
  return { emitter, failures };
}

test("every subscriber of an event gets it, in the order of subscription, and no other event", () => {
  const { emitter } = station();
  const seen: string[] = [];
  emitter.on("rain", (mm) => void seen.push(`a${mm}`));
  emitter.on("sun", () => void seen.push("never"));
  emitter.on("rain", (mm) => void seen.push(`b${mm}`));
  emitter.emit("rain", 3);
  expect(seen).toEqual(["a3", "b3"]);
});

test("a subscriber that throws is reported and hurts nobody", () => {
  const { emitter, failures } = station();
  const seen: number[] = [];
  emitter.on("rain", () => {
    throw new Error("umbrella");
  });
  emitter.on("rain", (mm) => void seen.push(mm));
  emitter.emit("rain", 1);
  expect([seen, failures]).toEqual([[1], ["rain: umbrella"]]);
});

test("a disposed subscriber gets nothing more, also when it is disposed of while an event is delivered", () => {
  const { emitter } = station();
  const seen: string[] = [];
  let later: Disposable | null = null;
  emitter.on("rain", () => later?.[Symbol.dispose]());
  later = emitter.on("rain", () => void seen.push("late"));
  emitter.emit("rain", 1);
  expect(seen).toEqual([]);
});

test("several subscriptions are disposed of together", () => {
  const { emitter } = station();
  const both = together([emitter.on("rain", () => 0), emitter.on("sun", () => 0)]);
  expect([emitter.has("rain"), emitter.has("sun")]).toEqual([true, true]);
  both[Symbol.dispose]();
  expect([emitter.has("rain"), emitter.has("sun")]).toEqual([false, false]);
});

// Rounds: housekeeping without timers of its own.
import { expect, test } from "bun:test";
import { Rounds } from "../../src/lib/rounds.ts";

test("each round runs in the first turn, then when its pause is over, and says when the next turn is needed", () => {
  const rounds = new Rounds();
  const ran: string[] = [];
  rounds.add((nowMs) => (ran.push(`slow at ${nowMs}`), 1000));
  rounds.add((nowMs) => (ran.push(`quick at ${nowMs}`), 250));
  expect(rounds.run(0)).toBe(250);
  expect(ran.splice(0)).toEqual(["slow at 0", "quick at 0"]);
  expect(rounds.run(249)).toBe(1);
  expect(ran).toEqual([]);
  expect(rounds.run(300)).toBe(250);
  expect(ran.splice(0)).toEqual(["quick at 300"]);
  expect(rounds.run(1000)).toBe(250);
  expect(ran).toEqual(["slow at 1000", "quick at 1000"]);
});

test("a round that has ended runs no more, even when it ends itself, and without rounds no turn is needed", () => {
  const rounds = new Rounds();
  let ran = 0;
  const end = rounds.add(() => {
    ran++;
    end();
    return 1;
  });
  expect(rounds.run(0)).toBe(Number.POSITIVE_INFINITY);
  expect(rounds.run(5)).toBe(Number.POSITIVE_INFINITY);
  expect(ran).toBe(1);
});

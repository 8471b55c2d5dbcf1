// Who joins in which turn of the event loop.
import { expect, test } from "bun:test";
import { JoinQueue } from "../../src/output/join-queue.ts";

test("a few join at once, the others in their order in later turns, and nothing runs once all have", async () => {
  const turns: (() => void)[] = [];
  const queue = new JoinQueue((next) => turns.push(next));
  const joined: number[] = [];
  const come = (who: number) => {
    const turn = queue.turn();
    if (turn === null) joined.push(who);
    else void turn.then(() => joined.push(who));
  };
  const next = async () => {
    turns.shift()?.();
    await Bun.sleep(0);
  };
  for (let who = 0; who < 20; who++) come(who);
  expect(joined.length).toBe(8);
  await next();
  expect(joined.length).toBe(16);
  // Who comes later waits behind those who wait already.
  come(20);
  await next();
  expect(joined).toEqual(Array.from({ length: 21 }, (_, at) => at));
  await next();
  expect(turns).toEqual([]);
  come(21);
  expect(joined.at(-1)).toBe(21);
});

// Who is let in when descriptors are few: counted listeners at once, and what others take when it stays so.
import { expect, test } from "bun:test";
import { ListenerLimit } from "../../../src/output/audience/listener-limit.ts";
import type { Descriptors } from "../../../src/lib/descriptors.ts";
import { keptLog } from "../../mount/fake-input.ts";

function roomFor(descriptors: { places: number; areShort: boolean }) {
  const { log, lines } = keptLog();
  return { limit: new ListenerLimit(descriptors as Descriptors, log), lines };
}

test("as many are admitted as there are places, whatever waiting clients take for a moment", () => {
  const { limit, lines } = roomFor({ places: 36, areShort: true });
  expect(limit.hasPlaceBeside([{ counts: { connected: 35 } }])).toBe(true);
  expect(lines).toEqual([]);
  for (let i = 0; i < 3; i++)
    expect(
      limit.hasPlaceBeside([{ counts: { connected: 30 } }, { counts: { connected: 6 } }]),
    ).toBe(false);
  expect(lines).toEqual(["warn listeners are refused: out of file descriptors"]);
});

test("nobody is let in while others hold the rest for a second, and again when they have gone", () => {
  const descriptors = { places: 36, areShort: true };
  const { limit } = roomFor(descriptors);
  for (let i = 0; i < 3; i++) expect(limit.look()).toBe(true);
  expect(limit.hasPlaceBeside([{ counts: { connected: 1 } }])).toBe(true);
  limit.look();
  expect(limit.hasPlaceBeside([{ counts: { connected: 1 } }])).toBe(false);
  descriptors.areShort = false;
  expect(limit.look()).toBe(false);
  expect(limit.hasPlaceBeside([{ counts: { connected: 1 } }])).toBe(true);
});

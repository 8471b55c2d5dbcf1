// Who is let in when descriptors are few: counted listeners at once, and what others take when it stays so.
import { expect, test } from "bun:test";
import { Room } from "../../src/listener/room.ts";
import type { Descriptors } from "../../src/native/descriptors.ts";
import { keptLog } from "../mount/fake-input.ts";

function roomFor(descriptors: { places: number; areShort: boolean }) {
  const { log, lines } = keptLog();
  return { room: new Room(descriptors as Descriptors, log), lines };
}

test("as many are let in as there are places, whatever a crowd that waits has taken for a moment", () => {
  const { room, lines } = roomFor({ places: 36, areShort: true });
  expect(room.isLeftBeside([{ count: 35 }])).toBe(true);
  expect(lines).toEqual([]);
  for (let i = 0; i < 3; i++) expect(room.isLeftBeside([{ count: 30 }, { count: 6 }])).toBe(false);
  expect(lines).toEqual(["warn listeners are turned away: the file descriptors run out"]);
});

test("nobody is let in while others hold the rest for a second, and again when they have gone", () => {
  const descriptors = { places: 36, areShort: true };
  const { room } = roomFor(descriptors);
  for (let i = 0; i < 3; i++) expect(room.look()).toBe(true);
  expect(room.isLeftBeside([{ count: 1 }])).toBe(true);
  room.look();
  expect(room.isLeftBeside([{ count: 1 }])).toBe(false);
  descriptors.areShort = false;
  expect(room.look()).toBe(false);
  expect(room.isLeftBeside([{ count: 1 }])).toBe(true);
});

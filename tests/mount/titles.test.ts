// A title belongs to a position of the stream.
import { expect, test } from "bun:test";
import { NO_METADATA } from "../../src/mount/metadata.ts";
import { Titles } from "../../src/mount/titles.ts";

const song = (title: string) => ({ artist: "", title });

test("a title holds from its position until the next one's", () => {
  const titles = new Titles();
  titles.add(100, song("one"));
  titles.add(200, song("two"));
  expect([0, 99, 100, 199, 200, 9999].map((position) => titles.at(position).title)).toEqual([
    "",
    "",
    "one",
    "one",
    "two",
    "two",
  ]);
  expect(titles.at(0)).toEqual(NO_METADATA);
});

test("of two titles at one position the later holds", () => {
  const titles = new Titles();
  titles.add(100, song("one"));
  titles.add(100, song("two"));
  expect(titles.at(100).title).toBe("two");
});

test("however many there are, the newest are kept, and the oldest of them holds for what is forgotten", () => {
  const titles = new Titles();
  for (let i = 0; i < 1000; i++) titles.add(i * 10, song(String(i)));
  expect(titles.at(9990).title).toBe("999");
  expect(titles.at(9940).title).toBe("994");
  expect(titles.at(0).title).toBe("744");
});

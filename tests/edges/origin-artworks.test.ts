// Which picture a title has, by its origin's status.
import { expect, test } from "bun:test";
import { artworkIn } from "../../src/edges/origin-status.ts";

const ID = "0123456789abcdef01234567";
const status = (titles: unknown) => JSON.stringify({ timeline: { titles } });

test("the picture is that of the latest title of this line, however its parts were split", () => {
  const titles = [
    { artist: "A", title: "B - C", artwork_url: `/artwork/${"f".repeat(24)}` },
    { artist: "A - B", title: "C", artwork_url: `/artwork/${ID}` },
    { artist: "", title: "None", artwork_url: null },
  ];
  expect(artworkIn(status(titles), "A - B - C")).toBe(ID);
  expect(artworkIn(status(titles), "None")).toBeNull();
  expect(artworkIn(status(titles), "Another")).toBeNull();
});

test.each([
  "",
  "no JSON",
  "[]",
  "null",
  status({}),
  status([1, null, { artist: 1 }]),
  status([{ artist: "", title: "x", artwork_url: "https://elsewhere/x.png" }]),
  status([{ artist: "", title: "x", artwork_url: "/artwork/../secret" }]),
])("there is none in %p", (text) => {
  expect(artworkIn(text, "x")).toBeNull();
});

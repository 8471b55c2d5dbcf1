// Which titles of the past are tracks.
import { expect, test } from "bun:test";
import { isTrack, lineOf, titled } from "./pure-scripts.ts";

const STATION = "Harbour Radio";

test.each([
  [{ title: "Ferry Home", artist: "The Quiet Tide" }],
  [{ title: "Untagged 03" }],
  [{ title: "Ferry Home", artist: STATION }],
  [{ title: "Jingle Bells" }],
  [{ title: "Jingle Bells", artist: "Frank", seconds: 120 }],
  [{ title: "The Jingle Song", artist: "Mira Lund", seconds: 200 }],
  [{ title: "Live", artist: "The Merton Parkas" }],
  [{ title: "Live Forever", kind: "live" }],
  [{ title: "You Suffer", artist: "A Band", seconds: 2 }],
  [{ title: "Song of the Show", kind: "live", dj: "The Late Show" }],
])("%j is a track", (more) => {
  expect(isTrack(titled(more), STATION)).toBe(true);
});

test.each([
  [{}],
  [{ kind: "silence", title: "Silence" }],
  [{ kind: "live", title: "Live" }],
  [{ kind: "live", title: "live on air" }],
  [{ kind: "live", title: "The Late Show", dj: "the late show" }],
  [{ title: STATION }],
  [{ title: STATION.toUpperCase(), artist: STATION }],
  [{ title: "Jingle 3" }],
  [{ title: "Morning Jingles", artist: STATION, seconds: 25 }],
  [{ title: "Sweeper dry", artist: "Voice", seconds: 9 }],
  [{ title: "Station ID (top of the hour)", seconds: 14 }],
  [{ title: "whoosh", seconds: 4 }],
])("%j is none", (more) => {
  expect(isTrack(titled(more), STATION)).toBe(false);
});

test("a line names the artist first, if there is one", () => {
  expect(lineOf({ artist: "The Quiet Tide", title: "Ferry Home" })).toBe(
    "The Quiet Tide – Ferry Home",
  );
  expect(lineOf({ artist: "", title: "Ferry Home" })).toBe("Ferry Home");
});

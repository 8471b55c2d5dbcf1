// What the players of an edge see whose playlists come from one origin and then from another.
import { expect, test } from "bun:test";
import { FollowedPlaylist } from "../../src/hls/followed-playlist.ts";
import { read } from "./hls-rig.ts";

const START_MS = Date.UTC(2026, 10, 29, 10);
const COUNT = 5;

interface Origin {
  readonly run: string;
  /** Of the segment that begins at START_MS. */
  readonly number: number;
  readonly discontinuity: number;
  readonly map?: string;
  /** Its segments begin so many seconds later. */
  readonly shift?: number;
}

/** What an origin lists when so many segments are over. */
function textAt({ run, number, discontinuity, map, shift = 0 }: Origin, at: number): string {
  const first = at - COUNT;
  const segments = Array.from({ length: COUNT }, (_, i) => [
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(START_MS + (first + i) * 6000 + shift * 1000).toISOString()}`,
    "#EXTINF:6.00000,",
    `${run}-${number + first + i}.mp3`,
  ]);
  return [
    "#EXTM3U",
    "#EXT-X-TARGETDURATION:6",
    `#EXT-X-MEDIA-SEQUENCE:${number + first}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuity}`,
    ...(map === undefined ? [] : [`#EXT-X-MAP:URI="${map}"`]),
    ...segments.flat(),
    "",
  ].join("\n");
}

const A: Origin = { run: "a", number: 1000, discontinuity: 7 };
const LOWER: Origin = { run: "b", number: 300, discontinuity: 3, shift: 1 };

const namesOf = (text: string) => read(text).segments.map(({ name }) => name);

test("the playlist of one origin is passed on byte for byte", () => {
  const followed = new FollowedPlaylist();
  for (const at of [10, 11, 13, 12, 40]) {
    const text = textAt(A, at);
    expect(followed.take(text, "a")).toBe(text);
    expect(followed.offset).toBe(0);
  }
});

test("segments of another origin follow those that players know, behind a discontinuity, and none is heard twice", () => {
  const followed = new FollowedPlaylist();
  const before = read(followed.take(textAt(A, 20), "a"));
  const after = read(followed.take(textAt(LOWER, 21), "b"));
  expect(after.segments.map(({ name }) => name)).toEqual([
    ...before.segments.slice(1).map(({ name }) => name),
    "b-320.mp3",
  ]);
  expect(after.segments.slice(0, -1)).toEqual([...before.segments.slice(1)]);
  const [last, next] = after.segments.slice(-2);
  expect(next?.number).toBe((last?.number ?? 0) + 1);
  expect(next?.discontinuity).toBe((last?.discontinuity ?? 0) + 1);
  expect(followed.offset).toBe((next?.number ?? 0) - 320);
});

test("numbers never go back, names keep their numbers, whatever origins come", () => {
  const origins = [A, LOWER, { ...A, run: "c", number: 90_000, discontinuity: 1 }, LOWER, A];
  const followed = new FollowedPlaylist();
  const known = new Map<number, string>();
  let [end, at] = [0, 20];
  for (const origin of origins)
    for (let i = 0; i < 9; i++) {
      const list = read(followed.take(textAt(origin, at++), origin.run));
      for (const { number, discontinuity, name } of list.segments) {
        const text = `${discontinuity} ${name}`;
        expect(known.get(number) ?? text).toBe(text);
        known.set(number, text);
      }
      const next = list.sequence + list.segments.length;
      expect(next).toBeGreaterThanOrEqual(end);
      end = next;
    }
  expect(new Set(known.values()).size).toBe(known.size);
  // 45 segments, less what an origin had not yet when it was turned to.
  expect(known.size).toBeGreaterThan(44);
});

test("an answer of the origin before that comes late changes nothing", () => {
  const followed = new FollowedPlaylist();
  followed.take(textAt(A, 20), "a");
  const text = followed.take(textAt(LOWER, 21), "b");
  expect(followed.take(textAt(A, 22), "a", false)).toBe(text);
  expect(namesOf(followed.take(textAt(LOWER, 22), "b")).slice(-2)).toEqual([
    "b-320.mp3",
    "b-321.mp3",
  ]);
});

test("an origin that has nothing new yet leaves the playlist as it is", () => {
  const followed = new FollowedPlaylist();
  const text = followed.take(textAt(A, 20), "a");
  expect(followed.take(textAt(LOWER, 19), "b")).toBe(text);
  expect(namesOf(followed.take(textAt(LOWER, 21), "b")).at(-1)).toBe("b-320.mp3");
});

test("an origin with another clock begins with its newest segments", () => {
  const followed = new FollowedPlaylist();
  followed.take(textAt(A, 20), "a");
  const names = namesOf(followed.take(textAt({ ...LOWER, shift: -3600 }, 21), "b"));
  expect(names.slice(-3)).toEqual(["b-318.mp3", "b-319.mp3", "b-320.mp3"]);
});

test("an origin that begins anew with higher numbers is passed on as it is", () => {
  const followed = new FollowedPlaylist();
  followed.take(textAt(A, 20), "a");
  const anew = textAt({ run: "x", number: 3000, discontinuity: 300 }, 30);
  expect(followed.take(anew, "a")).toBe(anew);
});

test("what decoders need is named again behind a turn", () => {
  const followed = new FollowedPlaylist();
  followed.take(textAt({ ...A, map: "a-init0.mp4" }, 20), "a");
  const lines = followed.take(textAt({ ...LOWER, map: "b-init0.mp4" }, 21), "b").split("\n");
  expect(lines.filter((line) => line.startsWith("#EXT-X-MAP"))).toEqual([
    '#EXT-X-MAP:URI="a-init0.mp4"',
    '#EXT-X-MAP:URI="b-init0.mp4"',
  ]);
  expect(lines.indexOf('#EXT-X-MAP:URI="b-init0.mp4"')).toBe(
    lines.indexOf("#EXT-X-DISCONTINUITY") + 1,
  );
});

// AzuraCast's now-playing JSON from the facts of a mount.
import { expect, test } from "bun:test";
import type { MountFacts } from "../../src/facts/facts.ts";
import { atMoment, renderNowPlaying, shortcodesOf } from "../../src/stats/now-playing.ts";
import { PLAY, STREAM, TALK } from "../facts/example.ts";

const PLACE = { base: "https://radio.example", place: 2, shortcode: "stream" };

/** A track of three minutes from a playlist. */
const TRACK: MountFacts = {
  ...STREAM,
  onAir: "playlist",
  liveSinceMs: null,
  play: { ...PLAY, onAir: "playlist", dj: "", seconds: 180.4 },
};

const STARTED = Math.floor(PLAY.startedMs / 1000);

function heardFor(seconds: number) {
  const { now_playing } = atMoment(renderNowPlaying(TRACK, PLACE), PLAY.startedMs + seconds * 1000);
  return [now_playing.elapsed, now_playing.remaining];
}

test("the seconds heard and those that remain are whole, and end with the track", () => {
  expect(heardFor(0)).toEqual([0, 180]);
  expect(heardFor(42.9)).toEqual([42, 138]);
  expect(heardFor(500)).toEqual([180, 0]);
  expect(heardFor(-3)).toEqual([0, 180]);
});

test("a track says what comes next and when, and no live show", () => {
  const now = renderNowPlaying(TRACK, PLACE);
  expect(now.live).toEqual({ is_live: false, streamer_name: "", broadcast_start: null, art: null });
  expect(now.now_playing).toMatchObject({
    sh_id: PLAY.id,
    played_at: STARTED,
    duration: 180,
    playlist: "default",
    streamer: "",
    song: { art: "https://radio.example/artwork/c0ffee", album: "An Album" },
  });
  expect(now.playing_next).toMatchObject({
    cued_at: STARTED,
    played_at: STARTED + 180,
    duration: 60,
    song: { text: "C - B", art: "https://radio.example/artwork/0123" },
  });
});

test("a show without titles goes by its own name, else by the station's", () => {
  const play = { ...PLAY, artist: "", title: "" };
  const named = renderNowPlaying({ ...STREAM, play }, PLACE).now_playing.song;
  expect(named.text).toBe("A Host");
  const bare = renderNowPlaying({ ...STREAM, play, dj: "" }, PLACE);
  expect([bare.now_playing.song.text, bare.live.streamer_name]).toEqual([
    "Test Radio",
    "Test Radio",
  ]);
});

test("silence is a station that is offline, as AzuraCast says it", () => {
  const play = { ...PLAY, onAir: "silence" as const, artist: "", title: "" };
  const { now_playing, is_online, song_history } = renderNowPlaying(
    { ...TALK, play, liveSinceMs: null, next: null },
    PLACE,
  );
  expect(now_playing).toMatchObject({ sh_id: 0, played_at: 0, elapsed: 0, duration: 0 });
  expect(now_playing.song).toMatchObject({
    id: "5a6a865199cf5df73b1417326d2ff24f",
    text: "Station Offline",
  });
  expect([is_online, song_history.length]).toEqual([false, 0]);
});

test("the title on air is not in the history, and the same title has the same id everywhere", () => {
  const before = { ...PLAY, id: PLAY.id - 1, startedMs: PLAY.startedMs - 60_000 };
  const respelt = { ...before, id: PLAY.id - 2, artist: "a guest ", title: "A  SONG" };
  const now = renderNowPlaying({ ...STREAM, plays: () => [PLAY, before, respelt] }, PLACE);
  expect(now.song_history.map(({ sh_id }) => sh_id)).toEqual([PLAY.id - 1, PLAY.id - 2]);
  expect(new Set(now.song_history.map(({ song }) => song.id)).size).toBe(1);
});

test("a path of any characters has a shortcode of letters, digits and underscores, of its own", () => {
  const codes = (...paths: string[]) => [...shortcodesOf(paths).values()];
  expect(codes("/stream", "/radio/jazz.mp3", "/é-1")).toEqual(["stream", "radio_jazz_mp3", "_1"]);
  expect(codes("/a-b", "/a_b", "/a.b", "/a_b_2")).toEqual(["a_b", "a_b_2", "a_b_3", "a_b_2_4"]);
});

// An event in the form of each receiver.
import { expect, test } from "bun:test";
import type { HookEvent } from "../../src/hooks/event.ts";
import { FORMATS } from "../../src/hooks/forms.ts";

const START_MS = Date.UTC(2026, 7, 1, 10);

const TRACK = {
  ...{ artist: "Artist", title: "Title", album: "Album", seconds: 180.2 },
  startedMs: START_MS,
};

const TITLE: HookEvent = {
  ...{ event: "title", atMs: START_MS, station: "Test Radio", mount: "/stream", dj: "" },
  ...{ listeners: 3, track: TRACK, state: null, message: "" },
};

function send(format: keyof typeof FORMATS, event: Partial<HookEvent>, url: string) {
  const sending = { id: "7", secret: "s3cret", nowMs: START_MS, url };
  return FORMATS[format]({ ...sending, event: { ...TITLE, ...event } });
}

function bodyOf(format: keyof typeof FORMATS, event: Partial<HookEvent>, url: string) {
  return JSON.parse(send(format, event, url)?.body ?? "null");
}

const URL_OF = "https://receiver.example";

test("json has the event with its track, and a sentence", () => {
  expect(bodyOf("json", {}, URL_OF)).toEqual({
    id: "7",
    event: "title",
    state: null,
    station: "Test Radio",
    mount: "/stream",
    time: "2026-08-01T10:00:00.000Z",
    dj: "",
    listeners: 3,
    track: {
      artist: "Artist",
      title: "Title",
      album: "Album",
      duration_seconds: 180.2,
      started_at: "2026-08-01T10:00:00.000Z",
    },
    text: "Now playing on Test Radio: Artist - Title",
  });
});

test.each([
  ["live_begins", { dj: "Host" }, "Host is live on Test Radio."],
  ["live_ends", {}, "A live show is no longer live on Test Radio."],
  ["listener_peak", { listeners: 40 }, /^Test Radio has had 40 listeners at once/],
  ["silent", { state: "firing", message: "It is quiet." }, "Test Radio: It is quiet."],
  [
    "silent",
    { state: "resolved", message: "It is quiet." },
    "Test Radio: it is over: It is quiet.",
  ],
  ["source_lost", { state: "firing", message: "It is gone." }, "Test Radio: It is gone."],
] as const)("%s is said in a sentence", (event, about, sentence) => {
  expect(bodyOf("json", { event, track: null, ...about }, URL_OF).text).toMatch(sentence);
});

const NASTY = { ...TRACK, artist: "@everyone", title: "[free](https://evil.example) **x** `y` #1" };

test("a title cannot mention anybody on Discord, nor become a link or formatting", () => {
  const { content, allowed_mentions } = bodyOf("discord", { track: NASTY }, URL_OF);
  expect(allowed_mentions).toEqual({ parse: [] });
  expect(content).not.toMatch(/(?<!\\)[[\]()*`#]/);
});

test("a title cannot mention anybody on Mastodon, and a status is posted once however often it is tried", () => {
  const { status } = bodyOf("mastodon", { track: NASTY }, URL_OF);
  expect(status).not.toMatch(/@\w/);
  const request = send("mastodon", {}, `${URL_OF}/`);
  expect(request?.url).toBe(`${URL_OF}/api/v1/statuses`);
  expect(request?.headers).toMatchObject({
    authorization: "Bearer s3cret",
    "idempotency-key": "7",
  });
});

test("Telegram gets plain text for the chat that the address names", () => {
  const request = send(
    "telegram",
    { track: NASTY },
    `${URL_OF}/bot1:a/sendMessage?chat_id=@radio&message_thread_id=4`,
  );
  expect(request?.url).toBe(`${URL_OF}/bot1:a/sendMessage`);
  const { chat_id, message_thread_id, text, parse_mode } = JSON.parse(request?.body ?? "");
  expect([chat_id, message_thread_id, parse_mode]).toEqual(["@radio", "4", undefined]);
  expect(text).toContain(NASTY.title);
});

test.each(["discord", "telegram", "mastodon"] as const)(
  "%s takes titles of any length",
  (format) => {
    const long = { ...TRACK, artist: "é".repeat(1000), title: "🎵".repeat(1000) };
    const sent = bodyOf(format, { track: long }, `${URL_OF}/`);
    const text: string = sent.content ?? sent.text ?? sent.status;
    const most = { discord: 2000, telegram: 4096, mastodon: 500 }[format];
    expect([...text].length).toBeLessThanOrEqual(most);
    expect(text).not.toContain("\ufffd");
  },
);

test("TuneIn is asked with the title behind the station's own parameters, and for titles only", () => {
  const url = "https://air.example/?partnerId=p&partnerKey=k&id=s1";
  const request = send("tunein", { track: { ...TRACK, title: "A & B?" } }, url);
  const { pathname, searchParams } = new URL(request?.url ?? "");
  expect([request?.method, pathname]).toEqual(["GET", "/Playing.ashx"]);
  expect(Object.fromEntries(searchParams)).toEqual({
    ...{ partnerId: "p", partnerKey: "k", id: "s1" },
    ...{ title: "A & B?", artist: "Artist", album: "Album" },
  });
  expect(send("tunein", { event: "live_begins", track: null }, url)).toBeNull();
});

test("ListenBrainz gets what plays, and what has been heard for half of it or four minutes", () => {
  const heard = (seconds: number, track = TRACK) =>
    bodyOf("listenbrainz", { event: "played", atMs: START_MS + seconds * 1000, track }, URL_OF);
  const playing = bodyOf("listenbrainz", {}, URL_OF);
  expect([playing.listen_type, playing.payload[0].listened_at]).toEqual(["playing_now", undefined]);
  expect(playing.payload[0].track_metadata).toMatchObject({
    artist_name: "Artist",
    track_name: "Title",
    release_name: "Album",
    additional_info: { duration_ms: 180_200 },
  });
  expect(heard(89)).toBeNull();
  expect(heard(91).payload[0].listened_at).toBe(START_MS / 1000);
  const live = { ...TRACK, seconds: null as unknown as number };
  expect(heard(239, live)).toBeNull();
  expect(heard(240, live).listen_type).toBe("single");
  const nameless = { ...TRACK, artist: "" };
  expect(bodyOf("listenbrainz", { track: nameless }, URL_OF)).toBeNull();
});

test("that a title is over is for diaries only", () => {
  for (const format of ["json", "discord", "telegram", "mastodon", "tunein"] as const)
    expect(send(format, { event: "played" }, `${URL_OF}/`)).toBeNull();
});

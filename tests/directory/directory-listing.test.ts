// One mount's place in the directory, by a clock that the test owns.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { DirectoryListing } from "../../src/directory/directory-listing.ts";
import { readReply, type Stream, unfit } from "../../src/directory/yp-form.ts";
import { StandIn } from "./stand-in.ts";

const STREAM: Stream = {
  ...{ name: "Test Radio", genre: "Jazz", description: "A station", url: "http://radio.example" },
  ...{ listenUrl: "http://radio.example:8000/stream", contentType: "audio/mpeg", subtype: "" },
  ...{ bitrate: 128, sampleRate: 44_100, channels: 2, title: "Artist - One" },
  ...{ listeners: 3, maxListeners: 0 },
};

const MINUTE = 60_000;

/** Lets time pass second by second; returns when what was asked. */
function run(
  listing: DirectoryListing,
  directory: StandIn,
  streamAt: (seconds: number) => Stream | null,
  seconds: number,
): [seconds: number, action: string][] {
  const asked: [number, string][] = [];
  for (let at = 0; at < seconds; at++) {
    const question = listing.next(streamAt(at), at * 1000);
    if (question === null) continue;
    asked.push([at, question.action]);
    const headers = new Headers(directory.answer(question.form));
    listing.answered(question.action, headers, at * 1000);
  }
  return asked;
}

test("a stream is added, touched after five seconds and then as often as the directory says, and removed at its end", () => {
  const directory = new StandIn();
  const listing = new DirectoryListing();
  const asked = run(listing, directory, (at) => (at < 700 ? STREAM : null), 800);
  expect(asked).toEqual([
    [0, "add"],
    [5, "touch"],
    [205, "touch"],
    [405, "touch"],
    [605, "touch"],
    [700, "remove"],
  ]);
  expect(Object.fromEntries(directory.asked[0] ?? [])).toEqual({
    action: "add",
    sn: "Test Radio",
    genre: "Jazz",
    cpswd: "",
    desc: "A station",
    url: "http://radio.example",
    listenurl: "http://radio.example:8000/stream",
    type: "audio/mpeg",
    stype: "",
    b: "128",
    samplerate: "44100",
    channels: "2",
  });
  expect(Object.fromEntries(directory.asked[1] ?? [])).toEqual({
    ...{ action: "touch", sid: "sid-1", st: "Artist - One" },
    ...{ listeners: "3", max_listeners: "", stype: "" },
  });
  expect(listing.facts).toEqual({ state: "off", message: "" });
});

test("a new title is touched when it has lasted three seconds, a minute after the last touch at the earliest", () => {
  const directory = new StandIn();
  const titled = (title: string) => ({ ...STREAM, title });
  const streamAt = (at: number) => titled(at < 20 ? "One" : at < 100 ? "Two" : `${at >> 1}`);
  const asked = run(new DirectoryListing(), directory, streamAt, 130);
  expect(asked).toEqual([
    [0, "add"],
    [5, "touch"],
    [65, "touch"],
  ]);
  expect(directory.listed.get("sid-1")?.title).toBe("Two");
});

test("a directory that wants to be asked at once is asked every thirty seconds", () => {
  const directory = new StandIn();
  directory.touchFreq = "1";
  const asked = run(new DirectoryListing(), directory, () => STREAM, 100);
  expect(asked.map(([at]) => at)).toEqual([0, 5, 35, 65, 95]);
});

test("a refused stream waits two hours, and says what the directory said", () => {
  const directory = new StandIn();
  directory.listed.set("other", { listenUrl: STREAM.listenUrl, title: "", listeners: "" });
  const listing = new DirectoryListing();
  const asked = run(listing, directory, () => STREAM, 7300);
  expect(asked.map(([at]) => at)).toEqual([0, 7200]);
  expect(listing.facts).toEqual({ state: "refused", message: "Server is already listed" });
});

test("a stream that the directory has forgotten is added again after twenty minutes", () => {
  const directory = new StandIn();
  const listing = new DirectoryListing();
  run(listing, directory, () => STREAM, 1);
  directory.listed.clear();
  const asked = run(listing, directory, () => STREAM, 1300);
  expect(asked.slice(0, 2)).toEqual([
    [5, "touch"],
    [1205, "add"],
  ]);
  expect(listing.facts.state).toBe("listed");
});

test("a directory without an answer is left alone for twenty minutes, by the other mounts for fifteen", () => {
  const [one, other] = [new DirectoryListing(), new DirectoryListing()];
  expect(one.next(STREAM, 0)?.action).toBe("add");
  one.failed("add", "it cannot be reached", 0);
  other.postpone(0);
  expect(one.facts.state).toBe("unreachable");
  expect(one.next(STREAM, 20 * MINUTE - 1)).toBeNull();
  expect(other.next(STREAM, 15 * MINUTE - 1)).toBeNull();
  expect(other.next(STREAM, 15 * MINUTE)?.action).toBe("add");
  expect(one.next(STREAM, 20 * MINUTE)?.action).toBe("add");
});

test.each([
  ["the shipped name", { name: "Cycast Radio" }, /station_name/],
  ["a name of an encoder", { name: "Unspecified name" }, /station_name/],
  ["no genre", { genre: " " }, /station_genre/],
  ["an address of this machine", { listenUrl: "http://localhost:8000/stream" }, /listen_url/],
  ["a private address", { listenUrl: "http://192.168.1.2:8000/stream" }, /listen_url/],
  ["no address", { listenUrl: "" }, /listen_url/],
])("a stream with %s is not even announced", (_, about, why) => {
  const listing = new DirectoryListing();
  expect(listing.next({ ...STREAM, ...about }, 0)).toBeNull();
  expect(listing.facts.state).toBe("unfit");
  expect(listing.facts.message).toMatch(why);
});

test("a stream that loses its name leaves the directory", () => {
  const directory = new StandIn();
  const listing = new DirectoryListing();
  const asked = run(listing, directory, (at) => ({ ...STREAM, name: at < 3 ? "Radio" : "" }), 9);
  expect(asked.map(([, action]) => action)).toEqual(["add", "remove"]);
});

test("headers of any content are an answer, cut and without controls", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (message, sid, freq) => {
      const plain = (text: string) => text.replace(/[^\x20-\x7e]/g, "");
      const headers = new Headers({
        ypmessage: plain(message).repeat(50),
        ...{ sid: plain(sid), touchfreq: plain(freq) },
      });
      const reply = readReply(headers);
      expect(reply.isTaken).toBe(false);
      expect(reply.message.length).toBeLessThanOrEqual(200);
      expect(reply.touchSeconds).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("a station with a name, a genre and an address is fit", () => {
  expect(unfit(STREAM)).toBeNull();
});

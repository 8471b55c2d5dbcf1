// Playlist files of stations, whose addresses people paste.
import { describe, expect, test } from "bun:test";
import { masterUrl } from "../../../src/input/relay/master-url.ts";
import { entriesOf, playlistEnding } from "../../../src/input/relay/playlist-answer.ts";

function from(text: string) {
  const url = masterUrl(text);
  if (url === null) throw new Error(text);
  return url;
}

function ending(type: string, url = "http://a.example/listen"): string | null {
  return playlistEnding({ status: 200, headers: new Map([["content-type", type]]) }, from(url));
}

function urls(file: string, body: string, url = "http://a.example/x/list"): string[] | string {
  const found = entriesOf(file, Buffer.from(body), from(url));
  return found.kind === "unusable" ? found.why : found.urls.map(({ href }) => href);
}

describe("an answer", () => {
  test.each([
    ["audio/x-mpegurl", ".m3u"],
    ["audio/mpegurl; charset=utf-8", ".m3u"],
    ["application/x-mpegURL", ".m3u"],
    ["application/vnd.apple.mpegurl", ".m3u"],
    ["audio/x-scpls", ".pls"],
    ["application/pls+xml", ".pls"],
    ["application/xspf+xml", ".xspf"],
    ["audio/mpeg", null],
    ["application/ogg", null],
  ])("of the type %s is a playlist file: %p", (type, is) => expect(ending(type)).toBe(is));

  test("of a vague type is one by its name", () => {
    expect(ending("text/plain", "http://a.example/listen.pls?x=1")).toBe(".pls");
    expect(ending("application/octet-stream", "http://a.example/a.M3U8")).toBe(".m3u");
    expect(ending("audio/mpeg", "http://a.example/listen.m3u")).toBeNull();
    expect(ending("text/plain", "http://a.example/live")).toBeNull();
  });
});

describe("a playlist file", () => {
  test("names streams in their order, absolute or relative, and nothing else", () => {
    const m3u = "#EXTM3U\r\n#EXTINF:-1,Radio\r\nhttp://s1.example:8000/a\r\n../b\nmailto:x\n";
    expect(urls(".m3u", m3u)).toEqual(["http://s1.example:8000/a", "http://a.example/b"]);
    const pls = "[playlist]\nFile2=http://s2.example/\nFile1=http://s1.example/;\n";
    expect(urls(".pls", pls)).toEqual(["http://s1.example/;", "http://s2.example/"]);
    const xspf = "<playlist><location>https://s.example/?a=1&amp;b=2</location></playlist>";
    expect(urls(".xspf", xspf)).toEqual(["https://s.example/?a=1&b=2"]);
  });

  test("that is HLS is said to be so", () => {
    expect(urls(".m3u", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n")).toContain("HLS");
  });

  test("that names nothing, or only itself, is unusable", () => {
    expect(urls(".m3u", "#EXTM3U\n")).toContain("names no stream");
    expect(urls(".m3u", "http://a.example/x/list\n")).toContain("names no stream");
  });
});

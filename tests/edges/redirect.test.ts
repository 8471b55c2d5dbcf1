// Who is sent on to an edge, and with which address.
import { expect, test } from "bun:test";
import { addressAt, mayBeRedirected } from "../../src/edges/redirect.ts";
import type { StreamRequest } from "../../src/output/stream-answer.ts";

function request(target: string, headers: Record<string, string> = {}, method = "GET") {
  const origin = { address: "192.0.2.1", proxy: null, isForwarded: false };
  const about = { method, target, version: "1.1", door: "listen", origin } as const;
  return { ...about, headers: new Headers(headers) } as unknown as StreamRequest;
}

const PATTERNS = ["old radio/*"];

test.each([
  ["a player", request("/stream", { "user-agent": "VLC/3.0" }), true],
  ["one that goes on", request("/stream?resume=abc&bytes=5"), true],
  ["one that asks to stay", request("/stream?redirect=no"), false],
  ["one that hears the past", request("/stream?at=-300"), true],
  ["one that asks for no time that there is", request("/stream?at=noon"), false],
  ["a request for the head alone", request("/stream", {}, "HEAD"), false],
  ["a probe", request("/stream", { range: "bytes=0-1" }), false],
  ["a relay of ours", request("/stream", { "cycast-relay": "x" }), false],
  ["a relay of Icecast", request("/stream", { "user-agent": "Icecast 2.4.4" }), false],
  ["a player that is named", request("/stream", { "user-agent": "Old Radio/1.2" }), false],
])("%s: %#", (_, asked, isSent) => {
  expect(mayBeRedirected(asked, PATTERNS)).toBe(isSent);
});

test("the address has the query as it was, and asks to be answered there", () => {
  const url = "https://e1.example";
  expect(addressAt(url, "/stream", "/stream")).toBe(`${url}/stream?redirect=no`);
  expect(addressAt(url, "/stream", "/;stream?exp=1&sig=a-b_c")).toBe(
    `${url}/stream?exp=1&sig=a-b_c&redirect=no`,
  );
  expect(addressAt(url, "/ä #?", "/x")).toBe(`${url}/%C3%A4%20%23%3F?redirect=no`);
});

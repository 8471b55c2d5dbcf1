// What holds of every request, whichever port it comes to: mounts in any spelling, and answers that name their server.
import { describe, expect, test } from "bun:test";
import { testConfig } from "../support/config.ts";
import { startStation, type TestStation, until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

const portsOf = (radio: TestStation) => [radio.listenPort, radio.sourcePort];

const mounts = () => testConfig([{ path: "/stream" }, { path: "/häß/zwei" }]);

describe("a mount is found", () => {
  test.each([
    ["/stream", "/stream"],
    ["//stream", "/stream"],
    ["/stream/", "/stream"],
    ["/%2Fstream", "/stream"],
    ["/str%65am", "/stream"],
    ["//str%65am?a=/b", "/stream"],
    ["/häß/zwei", "/häß/zwei"],
    ["/h%c3%a4%C3%9F//zwei", "/häß/zwei"],
  ])("as %s", async (target, path) => {
    await using radio = await startStation(mounts());
    const heads = [
      "HTTP/1.0\r\n\r\n",
      "HTTP/1.0\r\nHost: a\r\n\r\n",
      "HTTP/1.1\r\nHost: radio\r\n\r\n",
    ];
    const { audience } = radio.station.parts(path)!;
    for (const port of portsOf(radio)) {
      for (const head of heads) {
        using wire = await Wire.open(port);
        wire.send(`GET ${target} ${head}`);
        await until("it is answered", () => wire.body.length > 0 || wire.isClosed);
        expect(wire.head).toMatch(/^HTTP\/1\.[01] 200 OK\r\n/);
        expect(wire.head).toMatch(/^content-type: audio\/mpeg\r?$/im);
        expect(audience.count).toBe(1);
        wire[Symbol.dispose]();
        await until("it has left", () => audience.count === 0);
      }
    }
    expect(audience.joined).toBe(6);
  });

  test("by HEAD, which makes no listener, and by no other method", async () => {
    await using radio = await startStation(mounts());
    const ask = (method: string) => fetch(`${radio.url}//stream`, { method });
    const head = await ask("HEAD");
    expect([head.status, head.headers.get("content-type")]).toEqual([200, "audio/mpeg"]);
    expect((await ask("POST")).status).toBe(405);
    expect((await ask("DELETE")).status).toBe(405);
    expect(radio.station.first.audience.joined).toBe(0);
  });

  test.each([
    "/stream/..",
    "/%2e%2e/stream2",
    "/stream%00",
    "/stre%zzam",
    "/%25stream",
    "/streams",
  ])("not as %s", async (target) => {
    await using radio = await startStation(mounts());
    for (const port of portsOf(radio)) {
      using wire = await Wire.open(port);
      wire.send(`GET ${target} HTTP/1.0\r\n\r\n`);
      await until("it is answered", () => wire.isClosed);
      expect(wire.head).not.toContain("audio/mpeg");
    }
    expect(radio.station.first.audience.joined).toBe(0);
  });
});

describe("an answer names its server, once", () => {
  test.each([
    ["the page", "GET /", "", 200],
    ["a file of the page", "GET /style.css", "", 200],
    ["a range of it", "GET /style.css", "Range: bytes=0-3\r\n", 206],
    ["a picture", "GET /favicon.ico", "", 200],
    ["the documentation's file", "GET /swagger/ui.css", "", 200],
    ["the API", "GET /api/status", "", 200],
    ["a wrong request", "GET /api/stats?limit=x", "", 422],
    ["a command without an account", "GET /admin/metadata?mode=updinfo", "", 401],
    ["what is not there", "GET /nope", "", 404],
    ["HEAD", "HEAD /style.css", "", 200],
    ["OPTIONS", "OPTIONS /stream", "", 204],
    ["a stream", "GET /stream", "", 200],
    ["the events", "GET /api/events", "", 200],
  ])("%s", async (_, request, headers, status) => {
    await using radio = await startStation(mounts());
    // Of a host's name so short that Elysia itself would not see the path behind it.
    for (const host of ["a", "radio.example"]) {
      using wire = await Wire.open(radio.listenPort);
      wire.send(`${request} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`);
      await until("it is answered", () => wire.text.includes("\r\n\r\n"));
      expect(wire.head).toStartWith(`HTTP/1.1 ${status} `);
      expect(wire.head.match(/^server: .*$/gim)).toEqual([
        expect.stringMatching(/^server: Cycast\/\d+\.\d+\.\d+$/i),
      ]);
    }
  });

  test("an error of ours", async () => {
    await using radio = await startStation(mounts());
    radio.station.facts = () => {
      throw new Error("of the test");
    };
    const answer = await fetch(`${radio.url}/api/status`);
    expect([answer.status, answer.headers.get("server")]).toEqual([
      500,
      expect.stringMatching(/^Cycast\//),
    ]);
  });
});

test("who takes chunks for audio is led to the door that sends none, where it can be named", async () => {
  await using radio = await startStation(mounts());
  const ask = (headers: Record<string, string>) =>
    fetch(`${radio.url}/stream`, { headers, redirect: "manual" });
  const headers = { "user-agent": "Streamripper/1.x" };
  const led = await ask(headers);
  expect([led.status, led.headers.get("location")]).toEqual([
    302,
    `http://127.0.0.1:${radio.sourcePort}/stream`,
  ]);
  const proxied = await ask({ ...headers, host: "radio.example" });
  const others = await ask({ "user-agent": "VLC/3.0" });
  for (const answer of [proxied, others]) {
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  }
});

// Addresses that players make up for SHOUTcast, which lead to the stream at both ports.
import { describe, expect, test } from "bun:test";
import { testConfig } from "../support/config.ts";
import { startStation, until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

describe("behind a semicolon", () => {
  test.each([
    ["/;", "/one"],
    ["/;stream.mp3", "/one"],
    ["/;?type=http&nocache=66", "/one"],
    ["/one/;", "/one"],
    ["/one;stream.nsv", "/one"],
    ["/two/;x.mp3?a=b", "/two"],
    ["/two%3Bx", "/two"],
    ["/odd;name", "/odd;name"],
    ["/odd;name;", "/odd"],
  ])("%s is the stream of %s", async (target, path) => {
    await using radio = await startStation(
      testConfig([{ path: "/one" }, { path: "/two" }, { path: "/odd;name" }, { path: "/odd" }]),
    );
    const { audience } = radio.station.parts(path)!;
    for (const port of [radio.listenPort, radio.sourcePort]) {
      for (const head of ["HTTP/1.0\r\n\r\n", "HTTP/1.1\r\nHost: radio.example\r\n\r\n"]) {
        using wire = await Wire.open(port);
        wire.send(`GET ${target} ${head}`);
        await until("it is answered", () => wire.body.length > 0 || wire.isClosed);
        expect(wire.head).toMatch(/^HTTP\/1\.[01] 200 OK\r\n/);
        await until("it listens", () => audience.count === 1);
        wire[Symbol.dispose]();
        await until("it has left", () => audience.count === 0);
      }
    }
  });

  test("what names no mount is not there", async () => {
    await using radio = await startStation(testConfig([{ path: "/one" }]));
    for (const port of [radio.listenPort, radio.sourcePort]) {
      const url = `http://127.0.0.1:${port}`;
      expect((await fetch(`${url}/none/;stream.mp3`)).status).toBe(404);
      expect((await fetch(`${url}/admin;`)).status).toBe(404);
    }
  });
});

describe("for a radio that asks in HTTP/1.0 without a Host", () => {
  test.each(["/one.m3u", "/one.pls", "/one.xspf", "/listen.pls"])(
    "%s gives the address that it has reached, with its signature",
    async (target) => {
      const config = testConfig([{ path: "/one" }]);
      await using radio = await startStation({
        ...config,
        server: { ...config.server, host: "0.0.0.0" },
      });
      const signature = "exp=1&sig=x";
      for (const port of [radio.listenPort, radio.sourcePort]) {
        for (const [asked, carried] of [
          [target, ""],
          [`${target}?${signature}`, `?${signature}`],
        ]) {
          using wire = await Wire.open(port);
          wire.send(`GET ${asked} HTTP/1.0\r\n\r\n`);
          await until("it is answered", () => wire.isClosed);
          const file = String(wire.body).replaceAll("&amp;", "&");
          expect(file).toContain(`http://127.0.0.1:${radio.sourcePort}/one${carried}`);
        }
      }
    },
  );
});

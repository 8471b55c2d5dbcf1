// What speaks another protocol is named by its first bytes, however they are cut; no password is taken for one.
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { HeadReader } from "../../src/wire/request-head.ts";
import { testConfig } from "../support/config.ts";
import { startStation, until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

// Longer than a wait in vain.
setDefaultTimeout(120_000);

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
  );

const TLS = bytes([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
const OPENINGS: [string, Buffer][] = [
  ["tls", TLS],
  ["no_login", bytes([0xff, 0xfb, 0x90, 0x64, 0, 0, 10, 0])],
  ["no_login", bytes([0xff, 0xf1, 0x50, 0x80])],
  ["no_login", bytes("OggS", [0, 2, 0, 0, 0, 0])],
  ["no_login", bytes("ID3", [4, 0, 0, 0, 0, 0, 10])],
  ["no_login", bytes([0x1a, 0x45, 0xdf, 0xa3, 0x01])],
  ["xaudiocast", bytes("SOURCE hackme /stream\nx-audiocast-name: A\n\n")],
  ["xaudiocast", bytes("SOURCE hackme\r\n")],
  ["bad_request", bytes("PROXY TCP4 198.51.100.7 192.0.2.1 40000 8000\r\n")],
  ["bad_request", bytes("PROXY UNKNOWN\r\n")],
];

describe("an opening of another protocol", () => {
  test.each(OPENINGS)("is %s, whole and cut anywhere", (kind, opening) => {
    for (let cut = 0; cut < opening.length; cut++) {
      const reader = new HeadReader();
      const first = reader.push(opening.subarray(0, cut));
      const result = first.kind === "more" ? reader.push(opening.subarray(cut)) : first;
      expect(result.kind === "foreign" ? result.opening.kind : result.kind).toBe(kind as never);
    }
  });

  test("is no password, whatever the password is", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (password) => {
        fc.pre(!/[\p{Cc}]/u.test(password) && !/^(?:SOURCE|PROXY) /.test(password));
        const result = new HeadReader().push(Buffer.from(`${password}\r\n`));
        expect(result.kind).not.toBe("foreign");
      }),
    );
  });

  test.each([
    ["tls", TLS, "speaks TLS", [0x15, 3, 1]],
    ["no_login", bytes([0xff, 0xfb, 0x90, 0x64]), "audio without a login", [..."HTTP/1.0 400"]],
    ["xaudiocast", bytes("SOURCE pw /s\n"), "choose Icecast 2", [..."HTTP/1.0 400"]],
    ["bad_request", bytes("PROXY UNKNOWN\r\n"), "server.proxy_protocol", [..."HTTP/1.0 400"]],
    ["bad_request", bytes("\r\n\r\n\0\r\nQUIT\n!"), "server.proxy_protocol", [..."HTTP/1.0 400"]],
  ] as const)("%s is answered and logged at once", async (kind, opening, words, answer) => {
    await using radio = await startStation(testConfig([{}]));
    using wire = await Wire.open(radio.sourcePort);
    wire.send(opening);
    await until("it is answered", () => wire.length > 0);
    const begin = answer.map((byte) => (typeof byte === "string" ? byte.charCodeAt(0) : byte));
    expect([...wire.bytes.subarray(0, begin.length)]).toEqual(begin);
    await until("it is logged", () => radio.logged.some((line) => line.includes(words)));
    expect(radio.station.facts().sources[kind]).toBe(1);
  });
});

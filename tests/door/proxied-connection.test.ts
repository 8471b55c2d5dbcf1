// A connection from a trusted proxy: its PROXY header first, then the client's own bytes, however they are split.
import { describe, expect, test } from "bun:test";
import { ProxiedConnection } from "../../src/door/proxied-connection.ts";
import { Secret } from "../../src/lib/secret.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD } from "../support/config.ts";
import { trackFrames } from "../support/tracks.ts";
import { AUTHORIZED, Door, MPEG, put } from "./door.ts";

const HEADER = "PROXY TCP4 198.51.100.7 192.0.2.1 40000 8000\r\n";
const WELCOMED = "HTTP/1.0 200 OK\r\n\r\n";
const AUDIO = concat(...trackFrames(1, 4, true));

const proxied = (door: Door) => door.connect("10.0.0.1", ProxiedConnection);

describe("a source behind a proxy", () => {
  test("goes live by its own address, wherever its first bytes are split", () => {
    const whole = Buffer.concat([Buffer.from(HEADER + put(AUTHORIZED, MPEG)), AUDIO]);
    for (let at = 0; at < whole.length; at += 7) {
      using door = new Door();
      const { connection, calls } = proxied(door);
      connection.onData(whole.subarray(0, at));
      connection.onData(whole.subarray(at));
      expect(calls).toEqual([WELCOMED]);
      expect(door.stage.audio.equals(AUDIO)).toBe(true);
      expect(connection.address).toBe("198.51.100.7");
      expect([connection.localAddress, connection.localPort]).toEqual(["192.0.2.1", 8000]);
    }
  });

  test("may be a SHOUTcast encoder", () => {
    using door = new Door();
    const { connection, calls } = proxied(door);
    connection.onData(Buffer.from(`${HEADER}${PASSWORD}\r\n`));
    expect(calls).toEqual(["OK2\r\nicy-caps:11\r\n\r\n"]);
  });

  test("of which the proxy knows nothing has the proxy's address", () => {
    using door = new Door();
    const { connection, calls } = proxied(door);
    connection.onData(Buffer.from(`PROXY UNKNOWN\r\n${put(AUTHORIZED, MPEG)}`));
    expect([calls, connection.address]).toEqual([[WELCOMED], "10.0.0.1"]);
  });

  test("is never on this machine, whatever the proxy calls it", () => {
    using door = new Door(new Secret("hackme"));
    const login = `Authorization: Basic ${btoa("source:hackme")}`;
    const { connection, calls } = proxied(door);
    connection.onData(Buffer.from(`PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n${put(login, MPEG)}`));
    expect(calls[0]).toStartWith("HTTP/1.0 403 Forbidden");
  });

  test("is not on this machine either if the proxy there knows nothing of it", () => {
    using door = new Door(new Secret("hackme"));
    const { connection, calls } = door.connect("127.0.0.1", ProxiedConnection);
    const login = `Authorization: Basic ${btoa("source:hackme")}`;
    connection.onData(Buffer.from(`PROXY UNKNOWN\r\n${put(login, MPEG)}`));
    expect(calls[0]).toStartWith("HTTP/1.0 403 Forbidden");
  });
});

describe("a trusted proxy that sends no PROXY header", () => {
  test.each([
    ["but a request", put(AUTHORIZED, MPEG)],
    ["but a password", `${PASSWORD}\r\n`],
    ["but a broken one", "PROXY TCP4 nobody\r\n"],
    ["but one without end", `PROXY ${"x".repeat(200)}`],
  ])("%s is closed without an answer, and counted", (_, text) => {
    using door = new Door();
    const { connection, calls } = proxied(door);
    connection.onData(Buffer.from(text));
    connection.onData(Buffer.from(text));
    expect(calls).toEqual(["close"]);
    expect([door.counts.bad_request, door.stage.mount.live]).toEqual([1, null]);
  });

  test("is logged once, however often it comes", () => {
    using door = new Door();
    for (let i = 0; i < 20; i++)
      proxied(door).connection.onData(Buffer.from("GET / HTTP/1.0\r\n\r\n"));
    const line = "a connection of the proxy 10.0.0.1 was closed: it sends no PROXY header";
    expect(door.stage.told(line)).toHaveLength(1);
  });

  test("is closed after five seconds", () => {
    using door = new Door();
    const { connection, calls } = proxied(door);
    connection.onData(Buffer.from("PROXY "));
    const openedMs = door.stage.clock.nowMs();
    connection.checkTimeout(openedMs + 4999);
    expect(calls).toEqual([]);
    connection.checkTimeout(openedMs + 5000);
    expect(calls).toEqual(["close"]);
    expect(door.stage.told("it sent no PROXY header in time")).toHaveLength(1);
  });

  test("has five seconds for the header alone: then the client has its own time", () => {
    using door = new Door();
    const { connection, calls } = proxied(door);
    connection.onData(Buffer.from(HEADER));
    const openedMs = door.stage.clock.nowMs();
    connection.checkTimeout(openedMs + 14_999);
    expect(calls).toEqual([]);
    connection.checkTimeout(openedMs + 15_000);
    expect([calls, door.counts]).toEqual([["close"], { login_timeout: 1 }]);
  });
});

// A source whose login is decided later, without sockets: what is held, how much of it, and what becomes of it.
import { describe, expect, test } from "bun:test";
import type { Decision } from "../../src/access/verdict.ts";
import { concat } from "../format/mpeg-builder.ts";
import { trackFrames } from "../support/tracks.ts";
import { AUTHORIZED, Door, MPEG, put } from "./door.ts";

const AUDIO = concat(...trackFrames(1, 200, true));
const HEAD = Buffer.from(put(AUTHORIZED, MPEG));

/** A connection that has sent its head, and its decision. */
function pending(door: Door) {
  const { promise, resolve } = Promise.withResolvers<Decision>();
  door.port.admission.judge = () => promise;
  const client = door.connect();
  client.connection.onData(HEAD);
  const decide = async (decision: Decision) => {
    resolve(decision);
    await Bun.sleep(0);
  };
  return { ...client, decide };
}

const heard = (door: Door) => door.stage.mount.live?.feed?.receivedBytes ?? 0;

describe("a source that waits for its verdict", () => {
  test("is read until 64 KiB are held, and read on once it is admitted", async () => {
    using door = new Door();
    const { connection, socket, calls, decide } = pending(door);
    const piece = AUDIO.subarray(0, 1 << 10);
    for (let kib = 0; kib < 63; kib++) connection.onData(piece);
    expect(socket.isPaused).toBe(false);
    connection.onData(piece);
    expect([socket.isPaused, calls]).toEqual([true, []]);
    await decide(true);
    expect(calls).toEqual(["HTTP/1.0 200 OK\r\n\r\n"]);
    expect(heard(door)).toBeGreaterThan(0);
  });

  test("is heard whole and in order, in whatever pieces it came", async () => {
    using now = new Door();
    const { connection } = now.connect();
    connection.onData(concat(HEAD, AUDIO.subarray(0, 5000)));
    using later = new Door();
    const waiting = pending(later);
    for (let at = 0; at < 5000; at += 700)
      waiting.connection.onData(AUDIO.subarray(at, Math.min(5000, at + 700)));
    await waiting.decide(true);
    const facts = ({ stage }: Door) => {
      const { feed, format } = stage.mount.live!;
      const { receivedBytes, garbageBytes, seconds } = feed!;
      return { receivedBytes, garbageBytes, seconds, format, head: stage.mount.ring.head };
    };
    expect(facts(later)).toEqual(facts(now));
  });

  test("keeps what it was given, not the socket's memory", async () => {
    using door = new Door();
    const { connection, decide } = pending(door);
    const memory = new Uint8Array(AUDIO.subarray(0, 5000));
    connection.onData(memory);
    memory.fill(0);
    await decide(true);
    expect(door.stage.mount.live?.feed).toMatchObject({ garbageBytes: 0, receivedBytes: 5000 });
  });

  test("is not timed by the port: the verdict is", () => {
    using door = new Door();
    const { connection, calls } = pending(door);
    connection.checkTimeout((door.stage.clock.ms += 60_000));
    expect([calls, door.counts]).toEqual([[], {}]);
  });

  test("is refused like any other, and what it sent is discarded", async () => {
    using door = new Door();
    const { connection, calls, socket, decide } = pending(door);
    connection.onData(AUDIO.subarray(0, 100_000));
    expect(socket.isPaused).toBe(true);
    await decide(false);
    expect(calls[0]).toStartWith("HTTP/1.0 401 ");
    expect([calls[1], socket.isPaused, heard(door)]).toEqual(["half-close", false, 0]);
  });

  test.each<[string, (connection: ReturnType<Door["connect"]>["connection"]) => void]>([
    ["its end", (connection) => connection.onEnd()],
    ["its loss", (connection) => connection.onClose(undefined)],
    ["a rush of logins that needs its place", (connection) => connection.makeRoom()],
    ["the end of the station", (connection) => connection.close("the station stops")],
  ])("is forgotten with %s", async (_, end) => {
    using door = new Door();
    const { connection, calls, decide } = pending(door);
    end(connection);
    const before = [...calls];
    await decide(true);
    expect(door.stage.mount.live).toBeNull();
    expect([calls, door.port.admission.pending]).toEqual([before, 0]);
    expect(door.counts.accepted).toBeUndefined();
  });
});

// When a connection of the source port goes on in TLS, and with which bytes.
import { describe, expect, test } from "bun:test";
import { Turn } from "../../src/lib/turn.ts";
import { ManualClock } from "../input/stage.ts";
import { Door } from "./door.ts";

const HELLO = Buffer.from("\x16\x03\x01\x00\x05\x01\x02\x03\x04\x05", "latin1");

/** A door with a certificate, whose handshakes are only noted; `runs` does what waits for a later turn. */
function secureDoor() {
  const door = new Door();
  const hellos: string[] = [];
  const clock = new ManualClock();
  const later: (() => void)[] = [];
  const tlsTurn = new Turn(clock, (next) => later.push(next));
  Object.assign(door.port, {
    hasTls: true,
    tlsTurn,
    startTls: (plain: unknown, _: unknown, hello: Uint8Array) => {
      hellos.push(Buffer.from(hello).toString("hex"));
      return plain;
    },
  });
  return {
    door,
    hellos,
    spend: () => tlsTurn.spend(() => (clock.ms += 6)),
    runs: () => later.splice(0).forEach((next) => next()),
    [Symbol.dispose]: () => door[Symbol.dispose](),
  };
}

describe("a TLS handshake", () => {
  test("begins with the first bytes of the client, however they come", () => {
    using at = secureDoor();
    const { connection } = at.door.connect();
    connection.onData(HELLO.subarray(0, 1));
    expect(at.hellos).toEqual([]);
    connection.onData(HELLO.subarray(1));
    expect(at.hellos).toEqual([HELLO.toString("hex")]);
    expect(connection.isSecure).toBe(true);
    expect(connection.descriptor).toBe(-1);
  });

  test("waits while others have used the time of this turn, and takes what comes meanwhile", () => {
    using at = secureDoor();
    at.spend();
    const { connection } = at.door.connect();
    connection.onData(HELLO.subarray(0, 4));
    connection.onData(HELLO.subarray(4));
    expect(at.hellos).toEqual([]);
    at.runs();
    expect(at.hellos).toEqual([HELLO.toString("hex")]);
  });

  test("is none for a client that has left while it waited", () => {
    using at = secureDoor();
    at.spend();
    const { connection } = at.door.connect();
    connection.onData(HELLO);
    connection.onClose(undefined);
    at.runs();
    expect(at.hellos).toEqual([]);
  });
});

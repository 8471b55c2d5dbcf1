// Connections of the listen port that hold descriptors: which are hung up on, and that a real one is.
import { describe, expect, test } from "bun:test";
import { limitsOf, tooMany } from "../../src/http/idle-clients.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { type Client, clientsOf, hangUp } from "../../src/native/clients.ts";
import { Descriptors } from "../../src/lib/descriptors.ts";
import { testConfig } from "../support/config.ts";
import { requireLinux } from "../support/programs.ts";
import { startStation, until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

const V4 = (last: number) => `00000000000000000000ffff0a0000${last.toString(16).padStart(2, "0")}`;
const V6 = (last: number) => `20010db8000000010000000000000${last.toString(16).padStart(3, "0")}`;
const LOOPBACK = "00000000000000000000ffff7f000001";

const many = (count: number, peer: (place: number) => string, from = 0): Client[] =>
  Array.from({ length: count }, (_, i) => ({ descriptor: from + i, peer: peer(i), quietMs: i }));

/** Few places, however many descriptors this process has open. */
class FewDescriptors extends Descriptors {
  override get areShort(): boolean {
    return false;
  }
}

const limits = { total: 100, perNetwork: 10 };
const numbers = (clients: readonly Client[]) => clients.map(({ descriptor }) => descriptor);

describe("too many are", () => {
  test("those that were sent nothing for half a minute", () => {
    const clients = [29_999, 30_000].map((quietMs, descriptor) => ({
      descriptor,
      peer: V4(1),
      quietMs,
    }));
    expect(numbers(tooMany(clients, limits))).toEqual([1]);
  });

  test.each([
    ["an IPv4 address", () => V4(1)],
    ["a /64 of IPv6", V6],
  ])("of %s the quietest beyond its share", (_, peer) => {
    const others = many(10, V4, 100);
    const chosen = tooMany([...many(12, peer), ...others.slice(2)], limits);
    expect(numbers(chosen)).toEqual([11, 10]);
  });

  test("of a proxy on this machine none, as long as there is room", () => {
    expect(
      tooMany(
        many(100, () => LOOPBACK),
        limits,
      ),
    ).toEqual([]);
  });

  test("of a trusted proxy none, as long as there is room", () => {
    const clients = many(100, () => V4(1));
    expect(tooMany(clients, limits)).toHaveLength(90);
    expect(tooMany(clients, limits, (peer) => peer === V4(1))).toEqual([]);
  });

  test("in all, the quietest of the address that has most", () => {
    const clients = many(100, () => LOOPBACK);
    const guest = { descriptor: 999, peer: V4(9), quietMs: 5000 };
    expect(numbers(tooMany([...clients, guest], limits))).toEqual([99]);
  });
});

test("when descriptors are short, half as many may stay", () => {
  expect(limitsOf({ places: 200, areShort: false }).total).toBe(100);
  expect(limitsOf({ places: 200, areShort: true }).total).toBe(50);
});

describe.skipIf(!requireLinux("closing idle connections"))(
  "a connection of the listen port",
  () => {
    test("is a client while it is idle, and Bun closes it when it is hung up on", async () => {
      await using radio = await startStation(testConfig([{}]));
      using idle = await Wire.open(radio.listenPort);
      idle.send("GET /health HTTP/1.1\r\nHost: test\r\n\r\n");
      await until("it is answered", () => idle.length > 0);
      using slow = await Wire.open(radio.listenPort);
      slow.send("GET /hea");
      await until("both are seen", () => clientsOf(radio.listenPort).length === 2);
      for (const client of clientsOf(radio.listenPort)) hangUp(client);
      await until("both are closed", () => idle.isClosed && slow.isClosed);
      await until("none is left", () => clientsOf(radio.listenPort).length === 0);
    });

    test("is closed when there are more than fit the descriptors, and a new client is still answered", async () => {
      const descriptors = new FewDescriptors(100);
      const { total } = limitsOf(descriptors);
      await using radio = await startStation(testConfig([{}]), systemClock, descriptors);
      const open = () => Wire.open(radio.listenPort);
      const wires = await Promise.all(Array.from({ length: total + 5 }, open));
      try {
        const left = () => wires.filter(({ isClosed }) => !isClosed).length;
        await until("no more than that are left", () => left() <= total);
        expect(radio.logged).toContainEqual(
          expect.stringContaining("too many connections at the listen port"),
        );
        expect((await fetch(`${radio.url}/health`)).ok).toBe(true);
      } finally {
        for (const wire of wires) wire[Symbol.dispose]();
      }
    });

    test("is none once it listens", async () => {
      await using radio = await startStation(testConfig([{}]));
      using listener = await Wire.listen(radio.listenPort, "/stream");
      expect(listener.head).toStartWith("HTTP/1.1 200");
      expect(clientsOf(radio.listenPort)).toEqual([]);
    });

    test("is one again once a probe of a stream is answered, and is hung up on after half a minute", async () => {
      await using radio = await startStation(testConfig([{}]));
      const port = radio.listenPort;
      using probe = await Wire.open(port);
      probe.send("GET /stream HTTP/1.1\r\nHost: test\r\nRange: bytes=0-1\r\n\r\n");
      // The last chunk of its answer.
      await until("it is answered", () => Buffer.from(probe.body).includes("\r\n0\r\n\r\n"));
      const idle = () => clientsOf(port);
      await until("nobody else holds it", () => idle().length === 1);
      const limits = limitsOf(radio.station.descriptors);
      const quiet = (quietMs: number) =>
        tooMany(
          idle().map((client) => ({ ...client, quietMs })),
          limits,
        );
      expect(quiet(29_999)).toEqual([]);
      quiet(30_000).forEach(hangUp);
      await until("it is closed", () => probe.isClosed && idle().length === 0);
    });
  },
);

// Budgets of wrong passwords: what costs, what comes back, what is remembered.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  ACQUAINTANCE,
  Attempts,
  KNOWN_MS,
  MAX_REMEMBERED,
  PROXY,
  SLIPS,
  STRANGER,
} from "../../src/access/attempts.ts";
import { type ClientIdentity, identify } from "../../src/access/client-identity.ts";

const CLIENT: ClientIdentity = { network: "192.0.2.1", agent: "BUTT", proxy: null };

function guess(attempts: Attempts, count: number, nowMs = 0, client = CLIENT): number {
  let looked = 0;
  for (let i = 0; i < count; i++) {
    const attempt = attempts.open("source", client, nowMs);
    if (attempt.waitSeconds === 0) looked++;
    attempt.wrong([`guess ${nowMs} ${i}`]);
  }
  return looked;
}

function mayTry(attempts: Attempts, nowMs = 0, client = CLIENT): boolean {
  const attempt = attempts.open("source", client, nowMs);
  attempt.drop();
  return attempt.waitSeconds === 0;
}

describe("a client that guesses", () => {
  test("is looked at twenty times, then once in half a minute", () => {
    const attempts = new Attempts(() => undefined);
    expect(guess(attempts, 2000)).toBe(STRANGER.capacity);
    expect(guess(attempts, 2000, STRANGER.refillMs - 1)).toBe(0);
    expect(guess(attempts, 2000, STRANGER.refillMs)).toBe(1);
  });

  test("never gets more than its rate, whenever it tries", () => {
    const pauses = fc.array(fc.nat(100_000), { maxLength: 300 });
    fc.assert(
      fc.property(pauses, (waits) => {
        const attempts = new Attempts(() => undefined);
        let [nowMs, looked] = [0, 0];
        // Guesses at one moment would have the same names, and the same wrong password costs once.
        for (const wait of waits) looked += guess(attempts, 3, (nowMs += wait + 1));
        expect(looked).toBeLessThanOrEqual(
          STRANGER.capacity + Math.ceil(nowMs / STRANGER.refillMs),
        );
      }),
    );
  });

  test("has to wait after five, and its spent budget is logged once", () => {
    const told: number[] = [];
    const attempts = new Attempts((_, seconds) => told.push(seconds));
    const waits = Array.from({ length: SLIPS + 1 }, (_, i) =>
      attempts.open("source", CLIENT, 0).wrong([`guess ${i}`]),
    );
    expect(waits).toEqual([0, 0, 0, 0, 0, 30]);
    guess(attempts, 100);
    guess(attempts, 100, STRANGER.refillMs);
    expect(told).toEqual([30]);
    guess(attempts, 100, STRANGER.refillMs * 100);
    expect(told).toEqual([30, 30]);
  });

  test("cannot have more judged at the same time than one after the other", () => {
    const attempts = new Attempts(() => undefined);
    const open = Array.from({ length: 100 }, () => attempts.open("source", CLIENT, 0));
    const looked = open.filter(({ waitSeconds }) => waitSeconds === 0);
    expect(looked).toHaveLength(STRANGER.capacity);
    for (const attempt of looked) attempt.right();
    expect(mayTry(attempts)).toBe(true);
  });
});

describe("a client that has logged in", () => {
  test("has a budget that strangers at its address do not spend", () => {
    const attempts = new Attempts(() => undefined);
    attempts.know("source", CLIENT, 0);
    const stranger = { ...CLIENT, agent: "curl" };
    expect(guess(attempts, 2000, 0, stranger)).toBe(STRANGER.capacity);
    expect([mayTry(attempts, 0, stranger), mayTry(attempts)]).toEqual([false, true]);
  });

  test("is bounded too, and forgotten after a week", () => {
    const attempts = new Attempts(() => undefined);
    attempts.know("source", CLIENT, 0);
    expect(guess(attempts, 2000)).toBe(ACQUAINTANCE.capacity);
    expect(mayTry(attempts, ACQUAINTANCE.refillMs)).toBe(true);
    expect(guess(attempts, 2000, KNOWN_MS)).toBe(STRANGER.capacity);
  });

  test("is known to that account alone", () => {
    const attempts = new Attempts(() => undefined);
    attempts.know("admin", CLIENT, 0);
    expect(guess(attempts, 2000)).toBe(STRANGER.capacity);
  });
});

test("a client that names itself anew each time through a proxy is bounded by the proxy's budget", () => {
  const attempts = new Attempts(() => undefined);
  const spread = Array.from({ length: 1000 }, (_, i) => {
    const client = { ...CLIENT, network: `10.1.${i}`, proxy: "127.0.0.1" };
    const attempt = attempts.open("admin", client, 0);
    attempt.wrong([`guess ${i}`]);
    return attempt.waitSeconds === 0 ? 1 : 0;
  });
  expect(spread.reduce<number>((sum, one) => sum + one, 0)).toBe(PROXY.capacity);
});

test("only a proxy on this machine names its clients, by the last forwarded address", () => {
  const headers = new Headers({ "x-forwarded-for": "10.9.8.7, ::ffff:198.51.100.7" });
  expect(identify({ address: "127.0.0.1", headers })).toMatchObject({ network: "198.51.100.7" });
  expect(identify({ address: "192.0.2.1", headers })).toMatchObject({ network: "192.0.2.1" });
});

test.each([
  [
    "X-Real-IP where the proxy forwards no address",
    { "x-real-ip": "198.51.100.8" },
    "198.51.100.8",
  ],
  [
    "X-Forwarded-For before X-Real-IP",
    { "x-forwarded-for": "198.51.100.7", "x-real-ip": "198.51.100.8" },
    "198.51.100.7",
  ],
])("the client behind a proxy is named by %s", (_, headers, network) => {
  const client = identify({ address: "127.0.0.1", headers: new Headers(headers) });
  expect(client).toMatchObject({ network, proxy: "127.0.0.1" });
});

test("what is remembered is bounded: the longest unused makes room", () => {
  const attempts = new Attempts(() => undefined);
  for (let i = 0; i < 2 * MAX_REMEMBERED; i++) {
    const client = { ...CLIENT, network: `network ${i}` };
    guess(attempts, 1, 0, client);
    attempts.know("source", client, 0);
  }
  expect(attempts.remembered).toBe(MAX_REMEMBERED);
});

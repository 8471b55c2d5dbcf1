// A listener's request: what it says of the client, and what it gets.
import { expect, test } from "bun:test";
import { directFrom } from "../../src/lib/client-origin.ts";
import { listenerClient } from "../../src/output/stream-answer.ts";

const REQUEST = {
  method: "GET",
  target: "/stream",
  version: "HTTP/1.1",
  origin: directFrom("192.0.2.1"),
  door: "listen",
} as const;

test.each(["X-Forwarded-For", "Forwarded", "X-Real-IP"])(
  "a listener behind a proxy is recognised by %s",
  (name) => {
    const client = (headers: Headers) => listenerClient({ ...REQUEST, headers });
    expect(client(new Headers({ [name]: "198.51.100.7" })).isForwarded).toBe(true);
    expect(client(new Headers()).isForwarded).toBe(false);
  },
);

test("a listener whom a trusted proxy names is not hidden by it", () => {
  const headers = new Headers({ "x-forwarded-for": "198.51.100.7" });
  const named = { address: "198.51.100.7", proxy: "10.0.0.1", isForwarded: true };
  expect(listenerClient({ ...REQUEST, headers, origin: named })).toMatchObject({
    address: "198.51.100.7",
    isForwarded: false,
  });
  const unnamed = { ...named, address: "10.0.0.1" };
  expect(listenerClient({ ...REQUEST, headers, origin: unnamed }).isForwarded).toBe(true);
});

test.each([
  ["1", true],
  [" 1", true],
  ["2", true],
  ["0", false],
  ["yes", false],
  ["", false],
])("a listener that sends Icy-MetaData: %p wants titles: %p", (value, wantsIcy) => {
  const headers = new Headers({ "icy-metadata": value });
  expect(listenerClient({ ...REQUEST, headers }).wantsIcy).toBe(wantsIcy);
});

// Addresses that many may share, because they mean something in one network only.
import { expect, test } from "bun:test";
import { isPrivate } from "../../src/lib/address.ts";

test.each([
  "127.0.0.1",
  "::1",
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.0.9",
  "100.64.0.1",
  "fd12:3456::1",
  "fe80::1",
])("%s is of a network of its own", (address) => {
  expect(isPrivate(address)).toBe(true);
});

test.each(["192.0.2.1", "172.32.0.1", "100.128.0.1", "11.0.0.1", "2001:db8::1", "", "unknown"])(
  "%p is not",
  (address) => {
    expect(isPrivate(address)).toBe(false);
  },
);

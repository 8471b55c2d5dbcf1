// Facts about network addresses.
import { expect, test } from "bun:test";
import {
  addressOfBytes,
  isLoopback,
  networkOf,
  plainAddress,
  urlHost,
} from "../../src/lib/address.ts";

test.each([
  ["00000000000000000000ffffc0000207", "192.0.2.7"],
  ["00000000000000000000000000000001", "::1"],
  ["20010db8000000000000000000000a01", "2001:db8::a01"],
  ["00000000000000000000000000000000", "::"],
])("the bytes %s are %s", (hex, text) => {
  const padded = Buffer.concat([Buffer.alloc(3), Buffer.from(hex, "hex")]);
  expect(addressOfBytes(padded.subarray(3))).toBe(text);
});

test.each(["127.0.0.1", "127.255.0.9", "::1"])("%s is this machine", (address) => {
  expect(isLoopback(address)).toBe(true);
});

test.each([
  "192.168.0.1",
  "128.0.0.1",
  "::",
  "::2",
  "::ffff:10.0.0.1",
  "127.0.0.1.example.org",
  "127.0.0",
  "1127.0.0.1",
  "fe80::1",
  "",
])("%p is not known to be this machine", (address) => {
  expect(isLoopback(address)).toBe(false);
});

test.each([
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::FFFF:127.0.0.1", "127.0.0.1"],
  ["192.0.2.1", "192.0.2.1"],
  ["::1", "::1"],
  ["2001:db8::ffff:192.0.2.1", "2001:db8::ffff:192.0.2.1"],
  ["::ffff:c000:201", "::ffff:c000:201"],
  ["unknown", "unknown"],
])("%s is written %s", (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8:1:2::6", "2001:db8:1:2"],
  ["2001:db8::6", "2001:db8:0:0"],
  ["2001::2:3:4:5:6:7", "2001:0:2:3"],
  ["::1", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["unknown", "unknown"],
])("%s is of the network %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  ["0.0.0.0", "localhost"],
  ["::", "localhost"],
  ["", "localhost"],
  ["127.0.0.1", "127.0.0.1"],
  ["radio.example.org", "radio.example.org"],
  ["::1", "[::1]"],
  ["2001:db8::7", "[2001:db8::7]"],
])("a URL names what listens on %p %s", (hostname, host) => {
  expect(urlHost(hostname)).toBe(host);
  expect(new URL(`http://${urlHost(hostname)}:8001/`).port).toBe("8001");
});

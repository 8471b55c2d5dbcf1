// Addresses and ranges in CIDR notation: what is one, and which addresses it contains.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { AddressRanges, bytesOfAddress, isAddressRange } from "../../src/lib/address-ranges.ts";

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));

function has(range: string, address: string): boolean {
  return new AddressRanges([range]).has(address);
}

describe("a range", () => {
  test.each([
    "127.0.0.1",
    "10.0.0.0/8",
    "10.0.0.1/8",
    "0.0.0.0/0",
    "192.0.2.1/32",
    "::1",
    "::/0",
    "2001:db8::/32",
    "fe80::1/128",
    "::ffff:192.0.2.1",
    "1:2:3:4:5:6:7:8",
  ])("may be %s", (text) => {
    expect(isAddressRange(text)).toBe(true);
  });

  test.each([
    "",
    "/8",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.0/-1",
    "10.0.0/8",
    "10.0.0.0.0",
    "010.0.0.1",
    "256.0.0.1",
    "0x7f.0.0.1",
    "1.2.3.4.",
    "localhost",
    "10.0.0.0 /8",
    "10.0.0.0/8/8",
    "::/129",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "[::1]",
    "fe80::1%eth0",
    "12345::",
  ])("is not %j", (text) => {
    expect(isAddressRange(text)).toBe(false);
    expect(new AddressRanges([text]).has("127.0.0.1")).toBe(false);
  });

  test.each([
    ["10.0.0.0/8", "10.255.255.255", true],
    ["10.0.0.0/8", "11.0.0.0", false],
    ["10.0.0.1/8", "10.9.9.9", true],
    ["172.16.0.0/12", "172.31.255.255", true],
    ["172.16.0.0/12", "172.32.0.0", false],
    ["192.0.2.7", "192.0.2.7", true],
    ["192.0.2.7", "192.0.2.6", false],
    ["0.0.0.0/0", "203.0.113.9", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["::/0", "203.0.113.9", true],
    ["2001:db8::/33", "2001:db8:7fff::1", true],
    ["2001:db8::/33", "2001:db8:8000::1", false],
    ["2001:DB8::1", "2001:db8:0:0::1", true],
    ["::ffff:10.0.0.0/104", "10.1.2.3", true],
    ["10.0.0.0/8", "::ffff:10.1.2.3", true],
    ["1:2:0:3:4:5:102:304", "1:2::3:4:5:1.2.3.4", true],
    ["127.0.0.1", "unknown", false],
    ["127.0.0.1", "", false],
  ])("%s contains %s: %p", (range, address, isInside) => {
    expect(has(range, address)).toBe(isInside);
  });

  test("contains exactly the addresses that agree in its leading bits", () => {
    const numberOf = (parts: readonly number[]) => parts.reduce((sum, part) => sum * 256 + part, 0);
    fc.assert(
      fc.property(octets, octets, fc.integer({ min: 0, max: 32 }), (a, b, bits) => {
        const size = 2 ** (32 - bits);
        const isSame = Math.floor(numberOf(a) / size) === Math.floor(numberOf(b) / size);
        return has(`${a.join(".")}/${bits}`, b.join(".")) === isSame;
      }),
    );
  });
});

test("any text either is an address of 16 bytes or none", () => {
  const pieces = fc.constantFrom(
    "::",
    ":",
    ".",
    "1",
    "ffff",
    "10.0.0.1",
    "256",
    "[",
    "]",
    "/",
    "%",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const bytes = bytesOfAddress(parts.join(""));
      return bytes === null || bytes.length === 16;
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (address) => bytesOfAddress(address)?.length === 16),
    { numRuns: 500 },
  );
});

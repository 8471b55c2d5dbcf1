// Bans: what they cover, when they end, and how many there are.
import { describe, expect, test } from "bun:test";
import { type Ban, banRange, Bans, MAX_BANS } from "../../src/access/ban.ts";

const wall = { now: 1000, nowMs: () => wall.now };

function ban(address: string, untilMs = 5000): Ban {
  return { address, sinceMs: 0, untilMs, by: "anna", reason: "" };
}

function bansOf(...bans: readonly Ban[]): Bans {
  const made = new Bans(wall);
  for (const one of bans) made.add(one);
  return made;
}

describe("a ban", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::ffff:c000:207", "192.0.2.7"],
    ["0:0:0:0:0:FFFF:192.0.2.7", "192.0.2.7"],
    ["::1", "::1"],
    [" 192.0.2.0/24 ", "192.0.2.0/24"],
    ["2001:DB8:0:1:2:3:4:5", "2001:db8:0:1::/64"],
    ["2001:db8::/32", "2001:db8::/32"],
    ["2001:db8::1/128", "2001:db8::1/128"],
    ["example.org", null],
    ["192.0.2.7/33", null],
    ["", null],
  ])("of %s covers %s", (text, range) => {
    expect(banRange(text)).toBe(range);
  });

  test("is found for its addresses alone, until it ends", () => {
    wall.now = 1000;
    const bans = bansOf(ban("192.0.2.7"), ban("198.51.100.0/24", 3000), ban("2001:db8:0:1::/64"));
    const found = (address: string) => bans.of(address)?.address ?? null;
    expect(found("192.0.2.7")).toBe("192.0.2.7");
    expect(found("192.0.2.70")).toBeNull();
    expect(found("198.51.100.200")).toBe("198.51.100.0/24");
    expect(found("2001:db8:0:1:9::")).toBe("2001:db8:0:1::/64");
    expect(found("2001:db8:0:2::")).toBeNull();
    expect(found("unknown")).toBeNull();
    wall.now = 3000;
    expect(found("198.51.100.200")).toBeNull();
    expect(bans.list().length).toBe(2);
    wall.now = 5000;
    expect([found("192.0.2.7"), bans.list()]).toEqual([null, []]);
  });

  test("takes the place of an earlier one; beyond the most, none is added until one ends", () => {
    wall.now = 1000;
    const bans = bansOf(ban("192.0.2.7", 2000), ban("192.0.2.7", 9000));
    expect(bans.list().map(({ untilMs }) => untilMs)).toEqual([9000]);
    for (let at = 1; at < MAX_BANS; at++) bans.add(ban(`10.0.${at >> 8}.${at & 255}`, 4000));
    expect(bans.add(ban("192.0.2.8"))).toBe(false);
    expect(bans.add(ban("192.0.2.7", 9500))).toBe(true);
    wall.now = 4000;
    expect(bans.add(ban("192.0.2.8"))).toBe(true);
    expect(bans.list().length).toBe(2);
  });
});

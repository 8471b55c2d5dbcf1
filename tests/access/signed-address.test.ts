// Signed addresses: they count for their mount, until their end, and for nobody that changed a letter of them.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { signaturePart, signedQuery, signedUser } from "../../src/access/signed-address.ts";

const KEY = "a key of the mount";
const SIGNED = { path: "/live", expires: 1000, user: "anna", address: "" };
const AT = { path: "/live", address: "192.0.2.1", nowSeconds: 999 };

const query = (signed = SIGNED, key = KEY) => new URLSearchParams(signedQuery(key, signed));

describe("a signed address", () => {
  test("names its user until its end", () => {
    expect(signedUser([KEY], query(), AT)).toEqual({ user: "anna" });
    expect(signedUser([KEY], query(), { ...AT, nowSeconds: 1000 })).toEqual({ fault: "expired" });
  });

  test("is what the documentation says: HMAC-SHA256 of path, end and user, a line each", () => {
    const hasher = new Bun.CryptoHasher("sha256", KEY).update("/live\n1000\nanna");
    expect(query().get("sig")).toBe(hasher.digest("base64url"));
  });

  test("counts under the old key and the new one, and under no other", () => {
    expect(signedUser(["new", KEY], query(), AT)).toEqual({ user: "anna" });
    expect(signedUser(["new"], query(), AT)).toEqual({ fault: "wrong" });
    expect(signedUser([], query(), AT)).toEqual({ fault: "wrong" });
  });

  test("counts for its mount only", () => {
    expect(signedUser([KEY], query(), { ...AT, path: "/other" })).toEqual({ fault: "wrong" });
  });

  test("that is bound counts from its address only", () => {
    const bound = query({ ...SIGNED, address: "192.0.2.1" });
    expect(signedUser([KEY], bound, AT)).toEqual({ user: "anna" });
    expect(signedUser([KEY], bound, { ...AT, address: "192.0.2.2" })).toEqual({
      fault: "elsewhere",
    });
    bound.delete("ip");
    expect(signedUser([KEY], bound, AT)).toEqual({ fault: "wrong" });
  });

  test("is carried on without the rest of the query", () => {
    const more = new URLSearchParams(`${signedQuery(KEY, SIGNED)}&x=1`);
    expect(signedUser([KEY], new URLSearchParams(signaturePart(more)), AT)).toEqual({
      user: "anna",
    });
    expect(signaturePart(new URLSearchParams("exp=1&x=2"))).toBe("");
  });

  test("does not count when a letter of it is another", () => {
    const right = signedQuery(KEY, SIGNED);
    fc.assert(
      fc.property(fc.nat(right.length - 1), fc.constantFrom(..."aZ09-_&="), (at, letter) => {
        const changed = right.slice(0, at) + letter + right.slice(at + 1);
        // The last letter of base64 carries bits that mean nothing.
        fc.pre(changed !== right && at < right.length - 1);
        expect(signedUser([KEY], new URLSearchParams(changed), AT)).toHaveProperty("fault");
      }),
    );
  });

  test("that has no signature, or no end, is none", () => {
    expect(signedUser([KEY], new URLSearchParams("exp=2000"), AT)).toEqual({ fault: "unsigned" });
    expect(signedUser([KEY], new URLSearchParams("sig=abcd"), AT)).toEqual({ fault: "wrong" });
  });
});

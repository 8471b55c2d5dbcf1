// The client behind trusted proxies: X-Forwarded-For read from its end, and believed from them alone.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { identify } from "../../src/access/client-identity.ts";
import { isLocal } from "../../src/access/local.ts";
import { TrustedProxies } from "../../src/access/trusted-proxies.ts";

const TRUSTED = ["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"];
const proxies = new TrustedProxies({ trustedProxies: TRUSTED, proxyProtocol: false });

function originOf(peer: string, headers: Record<string, string>) {
  return proxies.originOf(peer, new Headers(headers));
}

function clientOf(peer: string, forwardedFor: string): string {
  return originOf(peer, { "x-forwarded-for": forwardedFor }).address;
}

describe("the client behind a trusted proxy is", () => {
  test.each([
    ["the last entry", "198.51.100.7", "198.51.100.7"],
    [
      "not an entry before it, which anybody may write",
      "203.0.113.9, 198.51.100.7",
      "198.51.100.7",
    ],
    ["behind all trusted proxies", "203.0.113.9, 198.51.100.7, 10.2.2.2, 10.1.1.1", "198.51.100.7"],
    ["the first of them if all are trusted", "10.3.3.3, 10.2.2.2", "10.3.3.3"],
    ["named without blanks", "203.0.113.9,198.51.100.7", "198.51.100.7"],
    ["named with its port", "198.51.100.7:40123", "198.51.100.7"],
    ["an IPv6 address", "2001:db8:2::7", "2001:db8:2::7"],
    ["an IPv6 address with its port", "[2001:DB8:2::7]:40123", "2001:db8:2::7"],
    ["an IPv4 address in its mapped form", "::ffff:198.51.100.7", "198.51.100.7"],
    ["an IPv4 address in its mapped form in hex", "::ffff:c633:6407", "198.51.100.7"],
    ["an IPv6 address as its peer would be written", "2001:0DB8:2:0::7", "2001:db8:2::7"],
    ["behind an IPv6 proxy", "198.51.100.7, 2001:db8:1::5", "198.51.100.7"],
    ["the proxy itself if the entry is no address", "unknown", "10.9.9.9"],
    ["the proxy before an entry that is none", "198.51.100.7, _hidden, 10.1.1.1", "10.1.1.1"],
    ["the proxy itself if the header is empty", "", "10.9.9.9"],
    ["not a name", "localhost", "10.9.9.9"],
  ])("%s", (_, header, address) => {
    expect(clientOf("10.9.9.9", header)).toBe(address);
  });

  test("never further than 32 entries away, however long the header is", () => {
    const hops = Array.from({ length: 40 }, (_, i) => `10.0.0.${i}`);
    expect(clientOf("10.9.9.9", hops.join(", "))).toBe("10.0.0.8");
  });

  test("whatever a stranger writes, the address that its proxy adds", () => {
    const word = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string(),
      fc.constantFrom("127.0.0.1", "10.1.1.1"),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 50 }), (forged) => {
        const header = [...forged, "198.51.100.7", "10.1.1.1"].join(",");
        const headers = new Map([["x-forwarded-for", header]]);
        return proxies.originOf("127.0.0.1", headers).address === "198.51.100.7";
      }),
    );
  });
});

test.each(["192.0.2.1", "127.0.0.2", "::1", "unknown"])("%s, not trusted, names nobody", (peer) => {
  const headers = { "x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https" };
  expect(originOf(peer, headers)).toEqual({ address: peer, proxy: null, isForwarded: false });
});

test("a trusted peer that forwards nothing is the client itself", () => {
  const direct = { address: "127.0.0.1", proxy: null, isForwarded: false };
  expect(originOf("127.0.0.1", { "user-agent": "curl/7.88.1" })).toEqual(direct);
});

test("a proxy that gives the scheme alone is believed, and hides the client", () => {
  const unnamed = { address: "127.0.0.1", proxy: "127.0.0.1", isForwarded: true };
  expect(originOf("127.0.0.1", { "x-forwarded-proto": "https" })).toEqual(unnamed);
});

test("what a proxy calls loopback is not this machine", () => {
  const headers = new Headers({ "x-forwarded-for": "127.0.0.2" });
  const origin = proxies.originOf("10.9.9.9", headers);
  expect(origin.address).toBe("127.0.0.2");
  expect(isLocal({ ...origin, headers })).toBe(false);
  // The PROXY protocol adds no header.
  expect(isLocal({ ...origin, headers: new Headers() })).toBe(false);
  expect(isLocal({ address: "127.0.0.2", headers: new Headers() })).toBe(true);
});

test("guesses count for the client that a trusted proxy names, and for the proxy", () => {
  const headers = new Headers({ "x-forwarded-for": "203.0.113.9, 198.51.100.7" });
  const client = identify({ ...proxies.originOf("10.9.9.9", headers), headers });
  expect(client).toMatchObject({ network: "198.51.100.7", proxy: "10.9.9.9" });
});

test("other proxies are trusted after a reload", () => {
  const changing = new TrustedProxies({ trustedProxies: ["10.0.0.1"], proxyProtocol: false });
  expect(changing.mustAnnounce("10.0.0.1")).toBe(false);
  changing.reconfigure({ trustedProxies: ["10.0.0.2"], proxyProtocol: true });
  for (const ask of ["has", "mustAnnounce"] as const) {
    expect([changing[ask]("10.0.0.1"), changing[ask]("10.0.0.2")]).toEqual([false, true]);
  }
});

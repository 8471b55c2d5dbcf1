// Countries of those who listen now: asked once, kept, and asked again for another file.
import { expect, test } from "bun:test";
import { CountryCache } from "../../src/history/country-cache.ts";

/** A history whose thread knows one range of addresses. */
function history() {
  const asked: string[][] = [];
  const ask = (question: { readonly addresses?: readonly string[] }) => {
    const addresses = question.addresses ?? [];
    asked.push([...addresses]);
    return Promise.resolve(addresses.map((one) => (one.startsWith("192.0.2.") ? "DE" : "")));
  };
  return { asked, store: { ask } as unknown as ConstructorParameters<typeof CountryCache>[0] };
}

test("an address is asked for once, and again for another file", async () => {
  const { asked, store } = history();
  let file = "one.mmdb";
  const countries = new CountryCache(store, () => file);
  await countries.learn(["192.0.2.1", "10.0.0.1", "192.0.2.1"]);
  await countries.learn(["192.0.2.1", "10.0.0.1"]);
  expect(asked).toEqual([["192.0.2.1", "10.0.0.1"]]);
  expect(["192.0.2.1", "10.0.0.1", "192.0.2.9"].map((one) => countries.of(one))).toEqual([
    "DE",
    "",
    "",
  ]);
  file = "two.mmdb";
  await countries.learn(["192.0.2.1"]);
  expect(asked).toHaveLength(2);
});

test("nothing is asked without a file of countries, or without a history", async () => {
  const { asked, store } = history();
  const without = new CountryCache(store, () => "");
  await without.learn(["192.0.2.1"]);
  await new CountryCache(null, () => "one.mmdb").learn(["192.0.2.1"]);
  expect([asked, without.isOn]).toEqual([[], false]);
});

// Which sources dropped lately, and which of them flap.
import { expect, test } from "bun:test";
import { Drops, sourceIdentity } from "../../src/mount/drops.ts";

test("a source is its account wherever it is, and its address without one", () => {
  expect(sourceIdentity({ address: "192.0.2.1", user: "anna" })).toBe("anna");
  expect(sourceIdentity({ address: "192.0.2.1", user: "" })).toBe("@192.0.2.1");
  expect(sourceIdentity({ address: "192.0.2.1" })).toBe("@192.0.2.1");
});

test("three drops within two minutes are flapping, of one source and not of several", () => {
  const drops = new Drops();
  drops.add("anna", 0);
  drops.add("bert", 1);
  drops.add("anna", 60_000);
  expect(drops.isFlapping("anna", 60_000)).toBe(false);
  drops.add("anna", 120_000);
  expect(drops.isFlapping("anna", 120_000)).toBe(true);
  expect(drops.isFlapping("bert", 120_000)).toBe(false);
  expect(drops.isFlapping("anna", 120_001)).toBe(false);
});

test("the latest drop counts for who returns", () => {
  const drops = new Drops();
  drops.add("anna", 1000);
  drops.add("anna", 3000);
  expect(drops.isRecent("anna", 5000, 8000)).toBe(true);
  expect(drops.isRecent("anna", 5000, 8001)).toBe(false);
  expect(drops.isRecent("bert", 5000, 3000)).toBe(false);
});

test("of a crowd of sources the latest are remembered", () => {
  const drops = new Drops();
  for (let i = 0; i < 100; i++) drops.add(`@${i}`, i);
  expect(drops.isRecent("@99", 5000, 100)).toBe(true);
  expect(drops.isRecent("@0", 5000, 100)).toBe(false);
});

// How far the live audio of a mount is ahead of the clock.
import { describe, expect, test } from "bun:test";
import { Lead } from "../../src/mount/lead.ts";

describe("the lead of a mount", () => {
  test("is the audio that came before its time, from whichever client", () => {
    const lead = new Lead();
    lead.add(8000, 1000);
    lead.add(8000, 2000);
    expect(lead.ms(2000)).toBe(15_000);
    expect(lead.ms(20_000)).toBe(0);
  });

  test("begins anew after a silence: a break saves nothing for later", () => {
    const lead = new Lead();
    lead.add(1000, 0);
    lead.add(1000, 60_000);
    expect(lead.ms(60_000)).toBe(1000);
  });

  test("is not grown by what was sent while the process stood still", () => {
    const lead = new Lead();
    lead.add(1000, 0);
    lead.missed(12_000, 1000);
    lead.add(12_000, 1001);
    expect(lead.ms(1001)).toBeLessThan(1);
  });

  test("is taken back when that was read before the absence was noticed", () => {
    const lead = new Lead();
    lead.add(13_000, 1000);
    lead.missed(12_000, 1000);
    expect(lead.ms(1000)).toBe(1000);
  });

  test("forgets an absence once the audio missed has had time to be read", () => {
    const lead = new Lead();
    lead.missed(12_000, 0);
    lead.add(12_000, 11_000);
    expect(lead.ms(11_000)).toBe(12_000);
  });

  test("forgives a minute at most", () => {
    const lead = new Lead();
    lead.missed(3_600_000, 0);
    lead.add(70_000, 0);
    expect(lead.ms(0)).toBe(10_000);
  });
});

// What is worth an alert at a moment.
import { expect, test } from "bun:test";
import { Conditions } from "../../src/alerts/conditions.ts";
import type { MountFacts, StationFacts } from "../../src/facts/facts.ts";
import { PLAYLIST, STREAM, stationOf, TALK } from "../facts/example.ts";

const EMPTY = { ...PLAYLIST, files: { ...PLAYLIST.files, count: 0 } };
const QUIET: MountFacts = { ...TALK, onAirSeconds: 60, listeners: 0 };
const GONE: MountFacts = { ...QUIET, path: "/stream", playlist: EMPTY };

function events(conditions: Conditions, facts: StationFacts): string[] {
  return conditions.now(facts).map(({ event, subject }) => `${event} ${subject}`);
}

test("a station that plays gives none", () => {
  expect(new Conditions().now(stationOf(STREAM))).toEqual([]);
});

test("a source that has gone is one until it is back", () => {
  const conditions = new Conditions();
  events(conditions, stationOf(STREAM));
  const playing: MountFacts = { ...STREAM, hasSource: false, source: null, onAir: "playlist" };
  expect(events(conditions, stationOf(playing))).toEqual(["source_lost /stream"]);
  expect(events(conditions, stationOf(STREAM))).toEqual([]);
});

test("silence is one, except where nothing was ever played and nothing is there to play", () => {
  const conditions = new Conditions();
  expect(events(conditions, stationOf({ ...QUIET, playlist: EMPTY }))).toEqual([]);
  expect(events(conditions, stationOf(QUIET))).toEqual(["mount_silent /talk"]);
  events(conditions, stationOf(STREAM));
  expect(events(conditions, stationOf(GONE))).toEqual([
    "source_lost /stream",
    "mount_silent /stream",
  ]);
});

test("a source that sends silence is one, whatever plays in its place", () => {
  const silent = { name: "the live source 192.0.2.7 (Encoder/1)", isOnAir: false };
  const facts = stationOf({ ...STREAM, silentInputs: [silent] });
  expect(events(new Conditions(), facts)).toEqual(["mount_silent /stream"]);
});

test("disks and the certificate near their end are each their own, other trouble is the doctor's", () => {
  const facts = stationOf(STREAM);
  const nowMs = Date.UTC(2026, 7, 1);
  const days = (count: number) => ({ endMs: nowMs + count * 86_400_000, trouble: null });
  const full = { directory: "/srv/state", freeBytes: 5e7, totalBytes: 1e12 };
  const at = (more: Partial<StationFacts>) => {
    return events(new Conditions(), { ...facts, nowMs, ...more });
  };
  expect(at({ disks: [full] })).toEqual(["disk station"]);
  expect(at({ disks: [{ ...full, freeBytes: 2e9 }] })).toEqual([]);
  expect(at({ conversionTrouble: "nothing can be converted: the disk is full" })).toEqual([
    "disk station",
  ]);
  expect(at({ certificate: days(5) })).toEqual(["certificate station"]);
  expect(at({ certificate: days(40) })).toEqual([]);
  expect(at({ lateness: { p99Ms: 3000, maxMs: 3000 } })).toEqual(["doctor station"]);
});

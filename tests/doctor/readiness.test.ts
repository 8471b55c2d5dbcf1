// What keeps a station from being ready.
import { expect, test } from "bun:test";
import { notes, notReady } from "../../src/doctor/readiness.ts";
import type { MountFacts, PlaylistFacts } from "../../src/facts/facts.ts";
import { PLAYLIST, STREAM, stationOf, TALK } from "../facts/example.ts";

type Files = Partial<PlaylistFacts["files"]>;

function silent(files: Files, more: Partial<MountFacts> = {}): MountFacts {
  return { ...TALK, playlist: { ...PLAYLIST, files: { ...PLAYLIST.files, ...files } }, ...more };
}

const EMPTY: Files = { count: 0 };

function reasons(files: Files, more: Partial<MountFacts> = {}): string[] {
  return notReady(stationOf(STREAM, silent(files, more)));
}

test("a station whose mounts play is ready", () => {
  expect(notReady(stationOf(STREAM))).toEqual([]);
});

test("a mount without any file is meant to be empty", () => {
  expect(reasons(EMPTY)).toEqual([]);
});

test("a mount whose listeners hear another mount needs no audio", () => {
  expect(reasons({}, { fallback: "/stream" })).toEqual([]);
});

const NO_AUDIO: Readonly<Record<string, Files>> = {
  "its playlist has not begun": {},
  "its playlist directory is still being read": { ...EMPTY, isKnown: false },
  "none of its files can be played": { ...EMPTY, skippedCount: 3 },
  "its playlist directory does not respond": { unansweredSeconds: 5 },
  "its playlist directory cannot be read": {
    ...EMPTY,
    unreadable: new Map([[PLAYLIST.directory, "EACCES"]]),
  },
};

test.each(Object.entries(NO_AUDIO))("a silent mount says why: %s", (why, files) => {
  expect(reasons(files)).toEqual([`/talk has no audio: ${why}`]);
});

const MUTE = { name: "the live source 192.0.2.7 (Encoder/1)", isOnAir: true };

test("a source that sends silence is no audio, and is noted where something else plays", () => {
  const station = (isOnAir: boolean, fallback = "") =>
    stationOf({ ...STREAM, fallback, silentInputs: [{ ...MUTE, isOnAir }] });
  expect(notReady(station(true))).toEqual(["/stream has no audio: its source sends silence"]);
  expect(notReady(station(true, "/talk"))).toEqual([]);
  expect([notReady(station(false)), notes(station(false))]).toEqual([
    [],
    ["/stream: its source sends silence, and something else plays until its sound returns"],
  ]);
  expect(notes(stationOf(STREAM))).toEqual([]);
});

test("a closed source port and a disk that takes nothing are told without names of files", () => {
  const station = stationOf(STREAM);
  const conversionTrouble = "nothing can be converted: /srv/secret cannot be written";
  expect(notReady({ ...station, isListening: false, conversionTrouble })).toEqual([
    "the source port is closed",
    "the disk for converted tracks cannot be written",
  ]);
});

// What the doctor and the readiness say about relays.
import { expect, test } from "bun:test";
import { empty } from "../../src/doctor/playlist-rules.ts";
import { relays } from "../../src/doctor/relay-rules.ts";
import { notReady } from "../../src/doctor/readiness.ts";
import type { MountFacts } from "../../src/facts/facts.ts";
import type { RelayState } from "../../src/mount/roles.ts";
import { STATION, STREAM as MOUNT } from "../facts/example.ts";

const PLAYS: RelayState = {
  label: "main",
  url: "https://radio.example/live",
  state: "playing",
  isStarting: false,
  lastError: null,
  waitMs: null,
  downMs: null,
  connects: 1,
  receivedBytes: 1000,
  format: { codec: "mp3", sampleRate: 44_100, channels: 2 },
  origins: [],
};
const DOWN: RelayState = {
  ...PLAYS,
  state: "waiting",
  waitMs: 4000,
  downMs: 300_000,
  lastError: "it refuses connections (ECONNREFUSED)",
};

function mountWith(relay: RelayState, more: Partial<MountFacts> = {}): MountFacts {
  const inputs = [{ kind: "relay" as const, isOnAir: more.onAir === "relay", relay }];
  return { ...MOUNT, inputs, format: PLAYS.format, onAir: "playlist", ...more };
}

function said(relay: RelayState, more: Partial<MountFacts> = {}): string[] {
  return relays(mountWith(relay, more)).map(({ severity, sentence }) => `${severity}: ${sentence}`);
}

test("a relay that plays, rests or has just been lost is well", () => {
  expect(said(PLAYS)).toEqual([]);
  expect(said({ ...PLAYS, state: "idle" })).toEqual([]);
  expect(said({ ...DOWN, downMs: 20_000 })).toEqual([]);
});

test("a mount with a relay needs no music of its own", () => {
  const playlist = { ...MOUNT.playlist, files: { ...MOUNT.playlist.files, count: 0 } };
  const alone = { playlist, fallback: "" };
  expect(empty({ ...MOUNT, ...alone })).toHaveLength(1);
  expect(empty(mountWith(PLAYS, alone))).toEqual([]);
});

test("a relay that has been down is named with the reason, the worse if nothing else plays", () => {
  const sentence = `The relay "main" of ${MOUNT.path} has been down for 5 min: it refuses connections (ECONNREFUSED).`;
  expect(said(DOWN)).toEqual([`warning: ${sentence}`]);
  expect(said(DOWN, { onAir: "silence" })).toEqual([`trouble: ${sentence}`]);
});

test("a relay on its second address is a note", () => {
  expect(said({ ...PLAYS, lastError: "it does not answer" })[0]).toStartWith("note: The relay");
});

test("a relay of another format than the mount's is told before it disconnects listeners", () => {
  const other: RelayState = { ...PLAYS, format: { codec: "aac", sampleRate: 48_000, channels: 2 } };
  expect(said(other)[0]).toContain("sends AAC 48 kHz stereo");
  expect(said(other, { onAir: "relay" })).toEqual([]);
});

test("a mount without files whose relay does not play is not ready", () => {
  const silent = mountWith(DOWN, { onAir: "silence", fallback: "" });
  const { playlist } = silent;
  const files = { ...playlist.files, count: 0, skippedCount: 0, isKnown: true };
  const mount = { ...silent, playlist: { ...playlist, files } };
  expect(notReady({ ...STATION, mounts: [mount] })).toContain(
    `${MOUNT.path} has no audio: its relay does not play`,
  );
});

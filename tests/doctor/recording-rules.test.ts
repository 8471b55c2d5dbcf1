// What the doctor, the alerts and the metrics say of recordings.
import { expect, test } from "bun:test";
import { Conditions } from "../../src/alerts/conditions.ts";
import { examine } from "../../src/doctor/doctor.ts";
import type { StationFacts } from "../../src/facts/facts.ts";
import type { RecordingFacts } from "../../src/facts/recording-facts.ts";
import { renderOpenMetrics, renderText } from "../../src/stats/metrics/exposition.ts";
import { recordingFamilies } from "../../src/stats/metrics/recording-families.ts";
import { STREAM, stationOf } from "../facts/example.ts";
import { checkOpenMetrics, checkText, valuesOf } from "../support/exposition.ts";

const WELL: RecordingFacts = {
  mount: "/stream",
  name: "shows",
  directory: "/srv/recordings",
  keepSeconds: 86_400,
  isRecording: true,
  trouble: null,
  recordedSeconds: 12,
  recordedBytes: 192_000,
  lostSeconds: 0,
  isLosing: false,
  current: null,
  files: [],
  freeBytes: 5e9,
  neededBytes: 1e9,
};

const stationWith = (recording: Partial<RecordingFacts>): StationFacts => ({
  ...stationOf(STREAM),
  recordings: [{ ...WELL, ...recording }],
});

const told = (recording: Partial<RecordingFacts>) =>
  examine(stationWith(recording))
    .filter(({ sentence }) => sentence.includes("recording"))
    .map(({ severity, sentence }) => `${severity}: ${sentence}`);

test("a recording that is well is not mentioned", () => {
  expect(told({})).toEqual([]);
  expect(told({ freeBytes: null })).toEqual([]);
});

test("a disk that takes nothing is trouble, and an alert of the disk", () => {
  const full = { trouble: "the disk is full", freeBytes: 0 };
  expect(told(full)).toEqual([
    'trouble: Nothing is written to the recording "shows" of /stream: the disk is full.',
  ]);
  const conditions = new Conditions().now(stationWith(full));
  expect(conditions.map(({ event, subject }) => `${event} ${subject}`)).toEqual(["disk /stream"]);
});

test("audio that was lost lately is a warning", () => {
  expect(told({ lostSeconds: 90.4, isLosing: true })).toEqual([
    'warning: 90 s of audio are missing in the recording "shows" of /stream.',
  ]);
  expect(told({ lostSeconds: 1200, isLosing: true })[0]).toContain("20 min of audio");
  expect(told({ lostSeconds: 90.4 })).toEqual([]);
});

test("a disk that is nearly down to min_free is one where files were to be kept", () => {
  const near = { freeBytes: 1.2e9 };
  expect(told(near)).toEqual([
    'warning: The disk of the recording "shows" of /stream is nearly down to min_free: files are deleted before their time.',
  ]);
  expect(told({ ...near, keepSeconds: 0 })).toEqual([]);
});

test("each number has a metric; without a recording there is none", () => {
  const failing = { ...WELL, name: "b", trouble: "it fails", isRecording: false, lostSeconds: 2 };
  const families = recordingFamilies([WELL, failing]);
  checkText(renderText(families));
  checkOpenMetrics(renderOpenMetrics(families));
  const values = valuesOf(renderText(families));
  const of = (name: string, recording: string) =>
    values.get(`${name}{mount="/stream",recording="${recording}"}`);
  expect(of("cycast_recording_active", "shows")).toBe(1);
  expect(of("cycast_recording_failing", "shows")).toBe(0);
  expect(of("cycast_recording_active", "b")).toBe(0);
  expect(of("cycast_recording_failing", "b")).toBe(1);
  expect(of("cycast_recording_seconds_total", "shows")).toBe(12);
  expect(of("cycast_recording_bytes_total", "shows")).toBe(192_000);
  expect(of("cycast_recording_lost_seconds_total", "b")).toBe(2);
  expect(of("cycast_recording_free_bytes", "shows")).toBe(5e9);
  expect(recordingFamilies([])).toEqual([]);
});

// Recordings in the configuration: their defaults, ages, and amounts of space.
import { expect, test } from "bun:test";
import { diffConfig } from "../../src/config/diff.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { recordingWarnings } from "../../src/config/recording-warnings.ts";
import { problemsOf } from "./problems-of.ts";

const read = (body: string) =>
  parseConfig("/srv/config.hcl", `recording "shows" {\n${body}\n}\n`, {});

test("a recording has defaults, and its folder is relative to the file", async () => {
  const { mounts } = await read("");
  expect(mounts[0].recording).toEqual([
    {
      label: "shows",
      directory: "/srv/recordings",
      when: "live",
      split: "hour",
      name: "",
      keep: 0,
      minFree: { bytes: 0, percent: 2 },
      resumeSeconds: 60,
      playlistDirectory: "",
    },
  ]);
});

test.each([
  ["42d", 42 * 86_400],
  ["6w", 42 * 86_400],
  ["36h", 36 * 3600],
  ["", 0],
])("keep %j is %d seconds", async (text, seconds) => {
  const { mounts } = await read(`keep = "${text}"`);
  expect(mounts[0].recording[0]?.keep).toBe(seconds);
});

test.each([
  ["5GB", 5e9, 0],
  ["500 MB", 5e8, 0],
  ["5%", 0, 5],
  ["1.5 TB, 10%", 1.5e12, 10],
  ["10% 2GB", 2e9, 10],
  ["0", 0, 0],
  ["", 0, 0],
])("min_free %j is %d bytes and %d percent", async (text, bytes, percent) => {
  const { mounts } = await read(`min_free = "${text}"`);
  expect(mounts[0].recording[0]?.minFree).toEqual({ bytes, percent });
});

test.each([
  'keep = "42"',
  'keep = "0d"',
  'keep = "-1d"',
  'min_free = "5"',
  'min_free = "95%"',
  'min_free = "1GB 2GB"',
  'split = "day"',
])("%s is a mistake", async (body) => {
  expect(await problemsOf(`recording "shows" {\n${body}\n}\n`)).toHaveLength(1);
});

test("a change of a recording is named by its mount and label", async () => {
  const [before, after] = [await read('keep = "1d"'), await read('keep = "2d"')];
  const { applied, changed } = diffConfig(before, after);
  expect(applied).toEqual(['mount /stream: recording "shows"']);
  expect(changed).toHaveLength(1);
});

test("a recording into the folder of a playlist would be played, which is a warning", async () => {
  const warningsOf = async (directory: string) =>
    recordingWarnings(await read(`directory = "${directory}"`));
  expect(await warningsOf("recordings")).toEqual([]);
  expect(await warningsOf("musical")).toEqual([]);
  expect(await warningsOf("music/shows")).toEqual([
    'recording "shows" of /stream writes to /srv/music/shows, which a playlist plays: its files go on air',
  ]);
});

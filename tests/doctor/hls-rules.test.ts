// What the doctor and the configuration's warnings say about HLS.
import { expect, test } from "bun:test";
import { hlsWarnings } from "../../src/config/hls-warnings.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import type { PlaylistFormat } from "../../src/config/playlist-keys.ts";
import { examine } from "../../src/doctor/doctor.ts";
import type { MountFacts } from "../../src/facts/facts.ts";
import { STATION, STREAM } from "../facts/example.ts";
import { testConfig } from "../support/config.ts";

test("a mount with HLS that plays what HLS cannot carry is named with its codec", () => {
  const saidOf = (codecWithoutHls: MountFacts["codecWithoutHls"]) =>
    examine({ ...STATION, mounts: [{ ...STREAM, codecWithoutHls }] })
      .map(({ severity, sentence }) => `${severity}: ${sentence}`)
      .filter((sentence) => sentence.includes("HLS"));
  expect(saidOf(null)).toEqual([]);
  expect(saidOf("vorbis")).toEqual(["warning: /stream has no HLS while it plays Ogg Vorbis."]);
});

test("a playlist that is to be Vorbis or Speex has no HLS, which is a warning", async () => {
  const warningsOf = async (format: string, enabled = true) => {
    const text = `playlist { format = "${format}" }\nhls { enabled = ${enabled} }`;
    return hlsWarnings(await parseConfig("/srv/config.hcl", text, {}));
  };
  for (const format of ["auto", "mp3", "aac", "opus", "flac"])
    expect(await warningsOf(format), format).toEqual([]);
  expect(await warningsOf("vorbis", false)).toEqual([]);
  expect(await warningsOf("speex")).toEqual([
    "hls.enabled of /stream has no effect while it plays speex: HLS has MP3, AAC, Opus and FLAC",
  ]);
});

test("parts that a mount cannot have are a warning: in MP3, and in a group", () => {
  const warningsOf = (format: PlaylistFormat, part: number, group = "") =>
    hlsWarnings(testConfig([{ playlist: { format }, hls: { enabled: true, part }, group }]));
  expect(warningsOf("mp3", 0)).toEqual([]);
  expect(warningsOf("aac", 1)).toEqual([]);
  expect(warningsOf("mp3", 1)).toEqual([
    "hls.part of /stream has no effect while it plays mp3: AAC, Opus and FLAC have parts",
  ]);
  expect(warningsOf("opus", 1, "all")).toEqual([
    "hls.part of /stream has no effect: mounts of a group have no parts",
  ]);
});

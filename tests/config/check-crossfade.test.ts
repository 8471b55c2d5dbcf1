// A crossfade that the mount's format cannot have is named before the station starts.
import { expect, test } from "bun:test";
import { checkCrossfade } from "../../src/config/check-crossfade.ts";
import { testConfig } from "../support/config.ts";

test("a crossfade of Opus or AAC is named, mount by mount", () => {
  const config = testConfig([
    { path: "/a", playlist: { crossfade: 4, format: "opus" } },
    { path: "/b", playlist: { crossfade: 4, format: "mp3" } },
    { path: "/c", playlist: { crossfade: 4, format: "auto" } },
    { path: "/d", playlist: { crossfade: 0, format: "opus" } },
    { path: "/f", playlist: { crossfade: 4, format: "vorbis" } },
    { path: "/g", playlist: { crossfade: 4, format: "flac" } },
    { path: "/e", playlist: { crossfade: 1, format: "aac" } },
  ]);
  expect(checkCrossfade(config)).toEqual([
    'playlist.crossfade of /a has no effect: only MP3, Vorbis and FLAC are faded, and its playlist.format is "opus"',
    'playlist.crossfade of /e has no effect: only MP3, Vorbis and FLAC are faded, and its playlist.format is "aac"',
  ]);
});

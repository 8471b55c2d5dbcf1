// What a media playlist of another server lists.
import { expect, test } from "bun:test";
import { readPlaylist } from "../../src/hls/read-playlist.ts";

test("numbers count on from the first, and dates from the last that was said", () => {
  const text = `#EXTM3U
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:41
#EXT-X-PROGRAM-DATE-TIME:2026-11-29T10:00:00.000Z
#EXTINF:6.00816,
run-41.mp3
#EXT-X-DISCONTINUITY
#EXTINF:5.5,
run-42.mp3
`;
  const wallMs = Date.UTC(2026, 10, 29, 10);
  expect(readPlaylist(text)).toEqual({
    targetSeconds: 6,
    segments: [
      { sequence: 41, seconds: 6.00816, wallMs },
      { sequence: 42, seconds: 5.5, wallMs: wallMs + 6008.16 },
    ],
  });
});

test("other texts list nothing", () => {
  expect(readPlaylist("")).toEqual({ targetSeconds: 0, segments: [] });
  expect(readPlaylist("#EXTM3U\n#EXTINF:x,\n").segments).toEqual([]);
});

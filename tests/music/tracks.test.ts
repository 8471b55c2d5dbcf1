// The tracks that ship with the project: small, in the mount's format, and named by their tags.

import { describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";

import { parseFile } from "music-metadata";

const directory = join(import.meta.dir, "../../music");
// Named one by one: a user's own files may lie beside them.
const tracks = ["01 Morning Carrier.mp3", "02 Shortwave Bossa.mp3", "03 Skywave at Dusk.mp3"];

describe("the shipped tracks", () => {
  test("take at most 3 MB together", () => {
    const bytes = tracks.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(3_000_000);
  });

  test("hold both a constant and a variable bit rate, so that pacing by bytes would be heard", async () => {
    const formats = await Promise.all(tracks.map((name) => parseFile(join(directory, name))));
    const profiles = formats.map(({ format }) => format.codecProfile ?? "").sort();
    expect(profiles.filter((profile) => profile === "CBR")).toHaveLength(2);
    expect(profiles.filter((profile) => profile.startsWith("V"))).toHaveLength(1);
  });

  test.each(tracks)("%s is 44.1 kHz stereo MP3 of 50 to 65 seconds", async (name) => {
    const { format } = await parseFile(join(directory, name), { duration: true });
    expect(format.codec).toBe("MPEG 1 Layer 3");
    expect(format.sampleRate).toBe(44_100);
    expect(format.numberOfChannels).toBe(2);
    expect(format.duration).toBeGreaterThan(50);
    expect(format.duration).toBeLessThan(65);
  });

  test.each(tracks)("%s carries its title, artist, album and number", async (name) => {
    const { common } = await parseFile(join(directory, name));
    const [, number, title] = /^(\d\d) (.+)\.mp3$/.exec(name) ?? [];
    expect(title).toBeDefined();
    expect(common.title).toBe(title);
    expect(common.track.no).toBe(Number(number));
    expect(common).toMatchObject({ artist: "Cycast", album: "First Light", year: 2026 });
  });
});

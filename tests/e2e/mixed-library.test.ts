// A folder of any music on a whole station: what does not fit is converted once, and all of it plays.
import { expect, test } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { id3v2Length } from "../../src/format/tags/id3.ts";
import { concat } from "../format/mpeg-builder.ts";
import {
  apeTag,
  coverFrame,
  id3Tag,
  id3v1,
  lyrics3,
  textFrame,
} from "../input/playlist/tag-builder.ts";
import { testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";

const ffmpeg = requireProgram("ffmpeg");

/** Name, seconds, and how ffmpeg makes it. */
const KINDS = [
  ["0 jingle.mp3", 1, "-ar", "48000", "-ac", "1"],
  ["1 usual.mp3", 4, "-ar", "44100", "-ac", "2"],
  ["2 usual.mp3", 4, "-ar", "44100", "-ac", "2"],
  ["3 vbr.mp3", 2, "-ar", "44100", "-ac", "2", "-q:a", "4"],
  ["4 studio.flac", 1, "-ar", "96000", "-ac", "2", "-sample_fmt", "s32"],
  ["5 plain.wav", 1, "-ar", "44100", "-ac", "2"],
  ["6 apple.aiff", 1, "-ar", "22050", "-ac", "1"],
  ["7 free.opus", 1, "-ac", "2"],
  ["8 phone.m4a", 1, "-ar", "44100", "-ac", "2"],
  ["9 average.mp3", 1, "-ar", "44100", "-ac", "2", "-abr", "1", "-b:a", "96k"],
  ["10 low.mp3", 1, "-ar", "22050", "-ac", "1"],
  ["11 disc.flac", 1, "-ar", "44100", "-ac", "2", "-sample_fmt", "s16"],
  ["12 free.ogg", 1, "-ar", "44100", "-ac", "1", "-c:a", "libvorbis"],
] as const;

/** Kinds that do not have the rate and channels of most of the playing time, in MP3. */
const CONVERTED = 9;

/** Tags around the audio of another file: those before it, and those behind it. */
const TAGGED: readonly (readonly [name: string, before: Uint8Array, behind: Uint8Array])[] = [
  [
    "13 cover.mp3",
    id3Tag(3, [textFrame(3, "TIT2", "Title 13"), coverFrame(3, 3 << 20)]),
    new Uint8Array(0),
  ],
  [
    "14 tags.mp3",
    id3Tag(4, [textFrame(4, "TIT2", "Title 14", "utf8")]),
    concat(lyrics3("la ".repeat(100)), apeTag({ Title: "Another" }), id3v1("Yet another", "")),
  ],
];

async function fill(folder: string): Promise<void> {
  await mkdir(folder);
  await Promise.all(
    KINDS.map(([name, seconds, ...how], i) => {
      const tone = `sine=frequency=${300 + 50 * i}:duration=${seconds}`;
      const title = ["-metadata", `title=Title ${i}`, "-metadata", `artist=Artist ${i}`];
      const input = ["-v", "error", "-f", "lavfi", "-i", tone];
      return Bun.spawn([ffmpeg ?? "", ...input, ...how, ...title, join(folder, name)]).exited;
    }),
  );
  const usual = await Bun.file(join(folder, "1 usual.mp3")).bytes();
  const audio = usual.subarray(id3v2Length(usual, 0));
  for (const [name, before, behind] of TAGGED) {
    await Bun.write(join(folder, name), concat(before, audio, behind));
  }
}

/** Titles in the order in which they were heard, until all were. */
async function heardTitles({ url, station }: TestStation, wanted: number): Promise<Set<string>> {
  const heard = new Set<string>();
  using _subscription = station.first.mount.events.on("titleWritten", ({ metadata }) => {
    if (metadata.title !== "") heard.add(metadata.title);
  });
  const player = station.first.mount.player;
  await until(`all of ${wanted} tracks are heard`, async () => {
    await Bun.sleep(20);
    player?.skip();
    return heard.size >= wanted;
  });
  expect((await fetch(`${url}/api/status`)).status).toBe(200);
  return heard;
}

test.skipIf(ffmpeg === null)(
  "every kind of file plays under its own title, and after a restart nothing is converted again",
  async () => {
    await using home = await scratch();
    const directory = join(home.path, "music");
    await fill(directory);
    const extensions = ".mp3 .flac .wav .aiff .opus .m4a .ogg".split(" ");
    const config = {
      ...testConfig([{ burstSeconds: 0, playlist: { directory, extensions, shuffle: true } }]),
      library: { directory: join(home.path, "library"), cacheGb: 1 },
    };
    const count = KINDS.length + TAGGED.length;
    const titles = Array.from({ length: count }, (_, i) => `Title ${i}`).toSorted();
    {
      await using radio = await startStation(config);
      expect([...(await heardTitles(radio, count))].toSorted()).toEqual(titles);
      expect(radio.logged.filter((line) => /skipped|cannot|failed/.test(line))).toEqual([]);
    }
    const converted = await readdir(join(home.path, "library", "converted"));
    expect(converted.filter((name) => name.endsWith(".mp3"))).toHaveLength(CONVERTED);
    await using again = await startStation(config);
    await heardTitles(again, count);
    expect(await readdir(join(home.path, "library", "converted"))).toEqual(converted);
  },
  120_000,
);

test.skipIf(ffmpeg === null)(
  "an MP3 among songs of Ogg Vorbis becomes Vorbis, and plays",
  async () => {
    await using home = await scratch();
    const directory = join(home.path, "music");
    await mkdir(directory);
    for (const [i, name] of ["0.ogg", "1.ogg", "2.mp3"].entries()) {
      const tone = ["-f", "lavfi", "-i", `sine=frequency=${300 + 50 * i}:duration=3`];
      const how = ["-ar", "44100", "-ac", "2", "-metadata", `title=Title ${i}`];
      const child = Bun.spawn([
        ffmpeg ?? "",
        "-v",
        "error",
        ...tone,
        ...how,
        join(directory, name),
      ]);
      expect(await child.exited).toBe(0);
    }
    const playlist = { directory, extensions: [".mp3", ".ogg"], shuffle: false };
    await using radio = await startStation({
      ...testConfig([{ burstSeconds: 0, playlist }]),
      library: { directory: join(home.path, "library"), cacheGb: 1 },
    });
    const titles = await heardTitles(radio, 3);
    expect([...titles].toSorted()).toEqual(["Title 0", "Title 1", "Title 2"]);
    const converted = await readdir(join(home.path, "library", "converted"));
    expect(converted.map((name) => name.slice(-4))).toEqual([".ogg"]);
  },
  120_000,
);

// What may be wrong with music and its library, on a whole station: each has one clear sentence in the log, and the other
// tracks play on.
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { concat, id3v2 } from "../format/mpeg-builder.ts";
import { run } from "../format/mpeg/mp3-files.ts";
import { coverFrame, id3Tag, textFrame } from "../input/playlist/tag-builder.ts";
import { operate, type OperatedStation, type Runner } from "../support/operated.ts";
import { whyNoMount, withMount } from "../support/own-mount.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, until } from "../support/station.ts";

const canRun = ["ffmpeg", "setpriv", "unshare"].map(requireProgram).every((path) => path !== null);
if (whyNoMount !== null) console.warn(`skipped: ${whyNoMount}`);

const MIB = 1 << 20;

/** Root reads every file: a station of root's gives up the privilege that lets it. */
const AS_OTHERS: Runner =
  process.getuid?.() === 0
    ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"]
    : [];

async function tone(path: string, seconds: number): Promise<Uint8Array> {
  const source = `sine=f=440:r=44100:d=${seconds}`;
  const how = ["-ac", "2", ...(path.endsWith(".mp3") ? ["-b:a", "128k"] : [])];
  await run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, ...how, path]);
  return Bun.file(path).bytes();
}

function playlistAt(directory: string): string {
  return `playlist {\n  directory = "${directory}"\n  shuffle = false\n}\n`;
}

/** How often the log has a text. */
const count = (station: OperatedStation, text: string) => station.log().split(text).length - 1;

async function said(station: OperatedStation, ...sentences: readonly string[]): Promise<void> {
  for (const sentence of sentences)
    await until(`the log has "${sentence}"`, () => count(station, sentence) > 0);
}

/** Files are on air so often from the start. */
async function heard(station: OperatedStation, names: readonly string[], times = 1): Promise<void> {
  for (const name of names)
    await until(`${name} plays`, () => count(station, `/${name}\n`) >= times);
}

/** Files of which each is odd in its own way; two are as they should be. */
async function fill(folder: string): Promise<void> {
  const put = (name: string, ...parts: Uint8Array[]) =>
    writeFile(join(folder, name), concat(...parts));
  const audio = await tone(join(folder, "good 1.mp3"), 0.5);
  await tone(join(folder, "good 2.mp3"), 0.5);
  const whole = await tone(join(folder, "cut.m4a"), 2);
  await put("cut.m4a", whole.subarray(0, whole.length / 2));
  await put("cut.mp3", audio.subarray(0, audio.length / 2));
  const flac = await tone(join(folder, "cut.flac"), 2);
  await put("cut.flac", flac.subarray(0, flac.length / 2));
  await put("unreadable.mp3", audio);
  await chmod(join(folder, "unreadable.mp3"), 0);
  await put("empty.mp3");
  await put("text.mp3", Buffer.from("This is a note, and no music at all.\n".repeat(100)));
  Bun.spawnSync(["mkfifo", join(folder, "fifo.mp3")]);
  await symlink("/dev/zero", join(folder, "device.mp3"));
  await mkdir(join(folder, "folder.mp3"));
  await put("folder.mp3/inside.mp3", audio);
  await put("sparse.mp3");
  await truncate(join(folder, "sparse.mp3"), 4 * 2 ** 30);
  await put("picture.mp3", id3Tag(3, [coverFrame(3, 50 * MIB)]), audio);
  await put("lyrics.mp3", id3Tag(3, [textFrame(3, "USLT", "la ".repeat(3_500_000))]), audio);
  await put("many tags.mp3", ...Array.from({ length: 10_000 }, () => id3v2(30)), audio);
  await put("endless tag.mp3", id3v2(200 * MIB).subarray(0, 10), audio);
}

const PLAYED = [
  "good 1.mp3",
  "good 2.mp3",
  "cut.mp3",
  "inside.mp3",
  "picture.mp3",
  "lyrics.mp3",
  "many tags.mp3",
  "endless tag.mp3",
];

const SENTENCES = [
  "unreadable.mp3 is skipped: it cannot be read (EACCES)",
  "empty.mp3 is skipped: it is empty",
  "text.mp3 is skipped: it is text, which is not supported",
  "2 files are skipped: they are not a file (device.mp3, fifo.mp3)",
  "sparse.mp3 is skipped: it has no playable audio",
  "cut.m4a is skipped: ffmpeg cannot decode it (moov atom not found)",
  "cut.mp3 is cut short: 50 % of it is missing",
  "cut.flac is cut short: ",
  "picture.mp3 is not shown: it is larger than 3 MB",
];

test.skipIf(!canRun)(
  "odd files have one sentence each, and all that is music plays round after round",
  async () => {
    await using home = await scratch();
    const music = join(home.path, "music");
    await mkdir(music);
    await fill(music);
    await using station = await operate(home.path, "odd", { rest: playlistAt(music) }, AS_OTHERS);
    await heard(station, PLAYED);
    await said(station, ...SENTENCES);
    await heard(station, ["good 1.mp3", "cut.mp3", "picture.mp3"], 2);
    const counts = SENTENCES.map((sentence) => [sentence, count(station, sentence)]);
    expect(counts).toEqual(SENTENCES.map((sentence) => [sentence, 1]));
  },
  120_000,
);

/** Songs of MP3 and one of FLAC, which is to be converted. */
async function stage(home: string): Promise<{ keys: { rest: string }; library: string }> {
  const [music, library] = [join(home, "music"), join(home, "library")];
  for (const folder of [music, library]) await mkdir(folder);
  for (const name of ["1.mp3", "2.mp3"]) await tone(join(music, name), 1);
  await tone(join(music, "3.flac"), 1.5);
  const rest = `${playlistAt(music)}library {\n  directory = "${library}"\n}\n`;
  return { keys: { rest }, library };
}

describe.skipIf(!canRun || whyNoMount !== null)("a library's disk", () => {
  test.each([
    ["is full", "size=16k", "the disk is full", "the disk is full"],
    ["is read-only", "ro", "the disk is read-only", "the disk is read-only"],
  ])(
    "that %s stops conversion and memory, says so once each, and nothing else",
    async (_, options, whyNoCopy, whyNoMemory) => {
      await using home = await scratch();
      const { keys, library } = await stage(home.path);
      const runner = withMount(library, options);
      await using station = await operate(home.path, "disk", keys, runner);
      const sentences = [
        `nothing can be converted: ${library}/converted cannot be written, ${whyNoCopy}`,
        `the library cannot be kept in ${library} (${whyNoMemory}): after a restart it is read again`,
      ];
      await said(station, ...sentences);
      await heard(station, ["1.mp3", "2.mp3"], 2);
      expect(sentences.map((sentence) => count(station, sentence))).toEqual([1, 1]);
    },
    120_000,
  );
});

test.skipIf(!canRun)(
  "a library's file that is damaged is set aside, and a cache that is deleted while it plays is made again",
  async () => {
    await using home = await scratch();
    const { keys, library } = await stage(home.path);
    await writeFile(join(library, "library.sqlite"), "no database at all\n".repeat(1000));
    await using station = await operate(home.path, "library", keys);
    await said(station, "library.sqlite.damaged: the library is read again");
    await until("the copy plays", () => count(station, "/3.flac\n") > 0);
    const cache = join(library, "converted");
    await rm(cache, { recursive: true });
    const isMade = () =>
      existsSync(cache) && readdirSync(cache).some((name) => name.endsWith(".mp3"));
    await until("the copy is made again", isMade);
    const before = count(station, "/3.flac\n");
    await until("it plays again", () => count(station, "/3.flac\n") > before);
    expect(count(station, "was damaged")).toBe(1);
    expect(station.log()).not.toContain("cannot");
  },
  120_000,
);

// A folder of music as listeners have it: fourteen kinds of files, each another tone, as long and as loud as is written here.
import { mkdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { id3v2Length } from "../../src/format/tags/id3.ts";
import { concat } from "../format/mpeg-builder.ts";
import { run } from "../format/mpeg/mp3-files.ts";
import {
  apeTag,
  coverFrame,
  id3Tag,
  id3v1,
  lyrics3,
  textFrame,
} from "../input/playlist/tag-builder.ts";

export interface Tone {
  readonly name: string;
  readonly hertz: number;
  readonly seconds: number;
  /** Of its peaks, in dB of full scale. */
  readonly db: number;
  readonly rate: number;
  readonly channels: 1 | 2;
  /** Arguments of the encoder: LAME's for .mp3, otherwise ffmpeg's. */
  readonly how: string;
  /** Tags in front of the audio and behind it. */
  readonly tags?: readonly [before: Uint8Array, behind: Uint8Array];
}

const NOTHING = new Uint8Array(0);

const picture = () => id3Tag(3, [textFrame(3, "TIT2", "Pictured"), coverFrame(3, 3 << 20)]);
const tagged = () => id3Tag(4, [textFrame(4, "TIT2", "Tagged", "utf8")]);
const behind = () =>
  concat(lyrics3("la ".repeat(100)), apeTag({ Title: "Another" }), id3v1("Yet another", ""));

/** In playing order. The first is not in the format that most of the playing time has. */
const KINDS: readonly (readonly [
  name: string,
  rate: number,
  channels: 1 | 2,
  how: string,
  tags?: Tone["tags"],
])[] = [
  ["48k.mp3", 48_000, 2, "-b 192"],
  ["cbr.mp3", 44_100, 2, "-b 128"],
  ["vbr.mp3", 44_100, 2, "-V 2"],
  ["mono.mp3", 44_100, 1, "-b 64 --resample 44.1"],
  ["abr.mp3", 44_100, 2, "--abr 150"],
  ["22k.mp3", 22_050, 2, "-b 64"],
  ["picture.mp3", 44_100, 2, "-b 320", [picture(), NOTHING]],
  ["16-44.flac", 44_100, 2, "-sample_fmt s16"],
  ["24-96.flac", 96_000, 2, "-sample_fmt s32 -bits_per_raw_sample 24"],
  ["tags.mp3", 44_100, 2, "-b 160", [tagged(), behind()]],
  ["plain.wav", 44_100, 2, "-c:a pcm_s16le"],
  ["plain.aiff", 48_000, 2, "-c:a pcm_s16be"],
  ["free.opus", 48_000, 2, "-c:a libopus -b:a 96k"],
  ["mono.ogg", 44_100, 1, "-c:a libvorbis"],
  ["phone.m4a", 44_100, 2, "-c:a aac -b:a 128k"],
];

/** Peaks of different tracks, in dB of full scale. */
const LEVELS = [-20, -6, -26, -13, -3];

/** So much of a second is in no track: a whole number of frames is a coincidence. */
const ODD_SECONDS = 0.0317;

export const TONES: readonly Tone[] = KINDS.map(([name, rate, channels, how, tags], i) => ({
  name: `${String(i + 1).padStart(2, "0")} ${name}`,
  hertz: 440 + 90 * i,
  seconds: 4 + i * ODD_SECONDS,
  db: LEVELS[i % LEVELS.length] ?? 0,
  rate,
  channels,
  how,
  ...(tags === undefined ? {} : { tags }),
}));

/** Writes the files of some tones. */
export async function makeTones(folder: string, tones = TONES): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(tones.map((tone) => makeTone(folder, tone)));
}

async function makeTone(folder: string, tone: Tone): Promise<void> {
  const path = join(folder, tone.name);
  if (tone.name.endsWith(".mp3"))
    await run(["lame", "--quiet", ...lameArgs(tone, path)], await wavOf(tone));
  else await run(["ffmpeg", ...inputOf(tone), ...tone.how.split(" "), path]);
  const [before, after] = tone.tags ?? [NOTHING, NOTHING];
  if (tone.tags !== undefined) {
    const file = await Bun.file(path).bytes();
    await Bun.write(path, concat(before, file.subarray(id3v2Length(file, 0)), after));
  }
  // One that was written just now might still grow.
  const lately = Date.now() / 1000 - 60;
  await utimes(path, lately, lately);
}

function lameArgs({ how }: Tone, path: string): string[] {
  return [...how.split(" "), "-", path];
}

function wavOf(tone: Tone): Promise<Uint8Array> {
  return run(["ffmpeg", ...inputOf(tone), "-f", "wav", "-"]);
}

function inputOf({ hertz, seconds, db, rate, channels }: Tone): string[] {
  const wave = `${10 ** (db / 20)}*sin(2*PI*${hertz}*t)`;
  const source = `aevalsrc='${Array.from({ length: channels }, () => wave).join("|")}':s=${rate}:d=${seconds}`;
  return ["-v", "error", "-f", "lavfi", "-i", source];
}

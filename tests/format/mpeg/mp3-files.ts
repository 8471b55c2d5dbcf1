// MP3 files of every kind, made by lame from one piece of synthetic music, and what two decoders make of their frames.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createMpegParser, isInfoFrame } from "../../../src/format/sync/mpeg.ts";
import { requireProgram } from "../../support/programs.ts";
import { concat } from "../mpeg-builder.ts";
import { feed } from "../feed.ts";

/** The programs that these functions run are there. */
export const hasMp3Programs = ["ffmpeg", "lame", "mpg123"]
  .map(requireProgram)
  .every((path) => path !== null);

/** A decoder's filter bank remembers so many samples of what came before the cut. */
export const FIRST_EQUAL_SAMPLE = 1039;

/** Arguments of lame, by what is special about the file. */
export const KINDS: Readonly<Record<string, string>> = {
  "CBR 64": "-b 64 --resample 44.1",
  "CBR 96": "-b 96 --resample 44.1",
  "CBR 128": "-b 128",
  "CBR 192": "-b 192",
  "CBR 256": "-b 256",
  "CBR 320": "-b 320",
  "CBR 320 at 48 kHz": "-b 320 --resample 48",
  "CBR 320 at 32 kHz": "-b 320 --resample 32",
  V0: "-V 0",
  V2: "-V 2",
  V5: "-V 5",
  V9: "-V 9 --resample 44.1",
  "ABR 150": "--abr 150",
  "ABR 100 at 48 kHz": "--abr 100 --resample 48",
  "mono 64": "-m m -b 64 --resample 44.1",
  "mono V4": "-m m -V 4",
  "mono 320": "-m m -b 320",
  "plain stereo": "-m s -b 160",
  "forced joint": "-m f -b 128",
  "dual channel": "-m d -b 192",
  "CRC 128": "-p -b 128",
  "CRC 320": "-p -b 320",
  "CRC mono V3": "-p -m m -V 3",
  "CRC at 24 kHz": "-p -b 64 --resample 24",
  "no reservoir": "--nores -b 128",
  "24 kHz 160": "-b 160 --resample 24",
  "22.05 kHz 48": "-b 48 --resample 22.05",
  "22.05 kHz V5 mono": "-m m -V 5 --resample 22.05",
  "16 kHz 32": "-b 32 --resample 16",
  "12 kHz 24": "-b 24 --resample 12",
  "11.025 kHz 8 mono": "-m m -b 8 --resample 11.025",
  "8 kHz 8 mono": "-m m -b 8 --resample 8",
};

/** Chords, beats and noise, different in the two channels: every frame has something to code. */
const LEFT =
  "0.2*sin(2*PI*(220+20*sin(3*t))*t)+0.2*sin(2*PI*1760*t)*gt(mod(t,0.5),0.3)+0.1*(random(0)-0.5)*gt(mod(t,0.7),0.35)";
const RIGHT = "0.3*sin(2*PI*330*t)+0.1*sin(2*PI*5000*t)*exp(-8*mod(t,0.4))+0.02*(random(1)-0.5)";

export async function run(command: readonly string[], stdin?: Uint8Array): Promise<Uint8Array> {
  const pipes = { stdin: stdin ?? ("ignore" as const), stdout: "pipe", stderr: "pipe" } as const;
  const child = Bun.spawn([...command], pipes);
  const [out, complaints, code] = await Promise.all([
    child.stdout.bytes(),
    child.stderr.text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${command.join(" ")}: ${complaints}`);
  return out;
}

export async function makeMusic(path: string, seconds: number): Promise<void> {
  const source = `aevalsrc='${LEFT}|${RIGHT}':s=44100:d=${seconds}`;
  await run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, path]);
}

/** Encodes the music as one of KINDS, once. */
export async function encode(wav: string, kind: string): Promise<string> {
  const path = wav.replace(/[^/]*$/, `${kind.replaceAll(" ", "-")}.mp3`);
  if (await Bun.file(path).exists()) return path;
  await run(["lame", "--quiet", ...(KINDS[kind] ?? "").split(" "), wav, path]);
  return path;
}

/** The frames of a file, without its info frame. */
export async function framesOf(path: string): Promise<Uint8Array[]> {
  const { frames } = feed(createMpegParser(), [await Bun.file(path).bytes()]);
  return isInfoFrame(frames[0]!) ? frames.slice(1) : frames;
}

export interface Decoder {
  readonly name: string;
  /** Samples, the channels one after another in turn. */
  decode(frames: readonly Uint8Array[], folder: string): Promise<Float32Array>;
}

/** What the program writes for a file of these frames, which it decodes once. */
async function decoded(
  frames: readonly Uint8Array[],
  folder: string,
  command: (path: string) => string[],
): Promise<Float32Array> {
  const audio = concat(...frames);
  const [program = ""] = command("");
  const name = Bun.hash(audio).toString(36);
  const path = join(folder, `${name}-${program}.mp3`);
  const output = join(folder, `${name}.${program}`);
  if (!existsSync(output)) {
    await Bun.write(path, audio);
    await Bun.write(output, await run(command(path)));
  }
  const bytes = await Bun.file(output).bytes();
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
}

/** Neither drops samples at the start: without an info frame there is no delay to go by. */
export const DECODERS: readonly Decoder[] = [
  {
    name: "ffmpeg",
    decode: (frames, folder) =>
      decoded(frames, folder, (path) => [
        "ffmpeg",
        "-v",
        "quiet",
        "-f",
        "mp3",
        "-i",
        path,
        "-f",
        "f32le",
        "-",
      ]),
  },
  {
    name: "mpg123",
    decode: (frames, folder) =>
      decoded(frames, folder, (path) => [
        "mpg123",
        "-q",
        "--no-gapless",
        "--no-resync",
        "-e",
        "f32",
        "-s",
        path,
      ]),
  },
];

// Tones: made by ffmpeg, sent through whatever is under test, and known again by their pitch.
import { join } from "node:path";
import { scratch } from "./station.ts";

const RATE = 44_100;

/** Quieter samples are no tone; ffmpeg's sine has an amplitude of an eighth of full scale. */
const AUDIBLE = 400;

async function output(command: string[]): Promise<{ bytes: Uint8Array; errors: string }> {
  const program = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [bytes, errors] = await Promise.all([
    new Response(program.stdout).bytes(),
    new Response(program.stderr).text(),
  ]);
  if ((await program.exited) !== 0) throw new Error(`${command.join(" ")}: ${errors}`);
  return { bytes, errors };
}

/** A file of a sine, as encoders send it: MP3 without tags, or what the ending of the name says. */
export async function makeTone(path: string, hertz: number, seconds: number): Promise<void> {
  const input = ["-f", "lavfi", "-i", `sine=f=${hertz}:d=${seconds}`];
  const encode = ["-ac", "2", "-ar", String(RATE), "-b:a", "128k"];
  const plain = path.endsWith(".mp3") ? "-write_xing 0 -id3v2_version 0".split(" ") : [];
  await output(["ffmpeg", "-v", "error", "-y", ...input, ...encode, ...plain, path]);
}

/** A sine as a source sends it: MP3 without tags. */
export async function toneBytes(hertz: number, seconds: number): Promise<Uint8Array> {
  await using folder = await scratch();
  const path = join(folder.path, "tone.mp3");
  await makeTone(path, hertz, seconds);
  return await Bun.file(path).bytes();
}

export interface Heard {
  /** Of the part that is not silence. */
  readonly hertz: number;
  readonly seconds: number;
  /** What the decoder complained of. */
  readonly errors: string;
}

/** What a recording of whatever format sounds like. */
export async function hear(path: string): Promise<Heard> {
  const decode = ["-ac", "1", "-ar", String(RATE), "-f", "s16le", "-"];
  const { bytes, errors } = await output(["ffmpeg", "-v", "error", "-i", path, ...decode]);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  const from = samples.findIndex((sample) => Math.abs(sample) > AUDIBLE);
  const to = samples.findLastIndex((sample) => Math.abs(sample) > AUDIBLE) + 1;
  const tone = samples.subarray(Math.max(0, from), to);
  let rises = 0;
  for (let i = 1; i < tone.length; i++) {
    if ((tone[i - 1] ?? 0) < 0 && (tone[i] ?? 0) >= 0) rises++;
  }
  const seconds = tone.length / RATE;
  return { hertz: rises / Math.max(seconds, 1 / RATE), seconds, errors };
}

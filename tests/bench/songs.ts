// Music for measuring: many small tracks, songs of different loudness, and one long file that has to be converted.
import { mkdir, truncate, utimes } from "node:fs/promises";
import { join } from "node:path";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { id3Tag, textFrame } from "../input/playlist/tag-builder.ts";

const PER_FOLDER = 10;
const PER_ARTIST = 50;
const FRAMES = 100;

/** Different tracks with tags, of 2.6 s each, an album a folder. */
export async function makeTracks(root: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const folder = join(
      root,
      `Artist ${Math.floor(i / PER_ARTIST)}`,
      `${Math.floor(i / PER_FOLDER)}`,
    );
    if (i % PER_FOLDER === 0) await mkdir(folder, { recursive: true });
    const texts = {
      TIT2: `Title ${i}`,
      TPE1: `Artist ${Math.floor(i / PER_ARTIST)}`,
      TALB: "Album",
    };
    const tag = id3Tag(
      3,
      Object.entries(texts).map(([id, text]) => textFrame(3, id, text)),
    );
    const frames = mpegFrames(FRAMES, { seed: i * FRAMES, bitrate: 32, payload: "zero" });
    await Bun.write(join(folder, `${i}.mp3`), concat(tag, ...numbered(frames, i)));
  }
}

/** Silent frames that differ from each other: their main data is not used. */
function numbered(frames: readonly Uint8Array[], track: number): Uint8Array[] {
  return frames.map((frame, i) => {
    new DataView(frame.buffer, frame.byteOffset).setUint32(frame.length - 4, (track << 8) | i);
    return frame;
  });
}

/** Throws when FFmpeg cannot make it. */
async function ffmpeg(words: readonly string[]): Promise<void> {
  const command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", ...words];
  const made = Bun.spawn(command, { stdio: ["ignore", "ignore", "pipe"] });
  if ((await made.exited) !== 0) throw new Error(await new Response(made.stderr).text());
}

/** Noise of some seconds, in stereo at 44.1 kHz; louder with a higher seed. The file's name decides the format. */
export async function makeSong(file: string, seconds: number, seed: number): Promise<void> {
  const noise = `anoisesrc=d=${seconds}:c=pink:r=44100:a=${(0.1 * seed).toFixed(1)}:seed=${seed}`;
  await ffmpeg([
    "-f",
    "lavfi",
    "-i",
    `${noise},aformat=channel_layouts=stereo`,
    "-b:a",
    "128k",
    file,
  ]);
  // One that was written just now might still grow.
  const lately = Date.now() / 1000 - 60;
  await utimes(file, lately, lately);
}

export async function makeSongs(folder: string, count: number, seconds: number): Promise<void> {
  for (let i = 1; i <= count; i++) await makeSong(join(folder, `${i}.mp3`), seconds, i);
}

/** A WAV file of silence that takes no room on the disk: converting it takes long. */
export async function makeLongWav(file: string, seconds: number): Promise<void> {
  const [rate, head] = [44_100, Buffer.alloc(44)];
  const bytes = seconds * rate * 4;
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write("WAVEfmt ", 8);
  const fields = [16, 1 | (2 << 16), rate, rate * 4, 4 | (16 << 16)];
  fields.forEach((field, i) => head.writeUInt32LE(field, 16 + i * 4));
  head.write("data", 36);
  head.writeUInt32LE(bytes, 40);
  await Bun.write(file, head);
  await truncate(file, 44 + bytes);
  const lately = Date.now() / 1000 - 60;
  await utimes(file, lately, lately);
}

// Audio that tests make with ffmpeg: a tone in every kind of file that a music folder may hold.
import { join } from "node:path";
import { requireProgram } from "../support/programs.ts";

export const ffmpeg = requireProgram("ffmpeg");

export const TONE_HERTZ = 997;
export const SECONDS = 3;

/** How ffmpeg makes each kind: sample rate, channels, and the rest of its arguments. */
export const KINDS: Readonly<
  Record<string, readonly [rate: number, channels: number, args: string]>
> = {
  "cbr.mp3": [44_100, 2, "-b:a 128k"],
  "vbr.mp3": [44_100, 2, "-q:a 2"],
  "abr.mp3": [44_100, 2, "-b:a 160k -abr 1"],
  "mono.mp3": [44_100, 1, "-b:a 96k"],
  "48k.mp3": [48_000, 2, "-b:a 192k"],
  "22k.mp3": [22_050, 2, "-b:a 64k"],
  "layer2.mp2": [48_000, 2, "-b:a 192k"],
  "16.flac": [44_100, 2, "-sample_fmt s16"],
  "24.flac": [96_000, 2, "-sample_fmt s32 -bits_per_raw_sample 24"],
  "16.wav": [44_100, 2, "-c:a pcm_s16le"],
  "24.wav": [48_000, 1, "-c:a pcm_s24le"],
  "float.wav": [32_000, 2, "-c:a pcm_f32le"],
  "8.wav": [22_050, 1, "-c:a pcm_u8"],
  "rf64.wav": [44_100, 2, "-c:a pcm_s16le -rf64 always"],
  "surround.wav": [44_100, 6, "-c:a pcm_s16le"],
  "16.aiff": [44_100, 2, "-c:a pcm_s16be"],
  "24.aiff": [48_000, 2, "-c:a pcm_s24be"],
  "little.aiff": [44_100, 2, "-c:a pcm_s16le"],
  "stereo.opus": [48_000, 2, "-c:a libopus -b:a 96k"],
  "surround.opus": [48_000, 6, "-c:a libopus -mapping_family 1"],
  "mono.ogg": [44_100, 1, "-c:a libvorbis"],
  "surround.ogg": [44_100, 6, "-c:a libvorbis"],
  "flac.oga": [44_100, 2, "-c:a flac"],
};

/** Runs ffmpeg; its standard output, throws what it says on failure. */
export async function runFfmpeg(args: readonly string[]): Promise<Uint8Array> {
  const child = Bun.spawn([ffmpeg ?? "", "-v", "error", "-nostdin", "-y", ...args], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [bytes, errors] = await Promise.all([
    new Response(child.stdout).bytes(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`ffmpeg ${args.join(" ")}: ${errors}`);
  return bytes;
}

/** Makes a file of a kind, or of others with the same arguments; its path. */
export async function makeKind(folder: string, name: string, seconds = SECONDS): Promise<string> {
  const kind = KINDS[name];
  if (kind === undefined) throw new Error(`no kind ${name}`);
  const [rate, channels, args] = kind;
  const path = join(folder, name);
  const tone = `sine=f=${TONE_HERTZ}:r=${rate}:d=${seconds}`;
  await runFfmpeg(["-f", "lavfi", "-i", tone, "-ac", `${channels}`, ...args.split(" "), path]);
  return path;
}

/** What ffmpeg decodes of the first channel of a file. */
export async function ffmpegSamples(path: string, rate: number): Promise<Float32Array> {
  const bytes = await runFfmpeg(`-i ${path} -af pan=mono|c0=c0 -ar ${rate} -f f32le -`.split(" "));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
}

/** Hz, by the rises through zero of the middle half. */
export function pitchOf(samples: Float32Array, rate: number): number {
  const middle = samples.subarray(samples.length >> 2, samples.length - (samples.length >> 2));
  let [first, last, count] = [-1, -1, 0];
  for (let i = 1; i < middle.length; i++) {
    if ((middle[i - 1] ?? 0) >= 0 || (middle[i] ?? 0) < 0) continue;
    if (first < 0) first = i;
    last = i;
    count++;
  }
  return ((count - 1) * rate) / (last - first);
}

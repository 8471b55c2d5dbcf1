// Recordings as other programs read them: the right length, no message, and the sound that was heard.
import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createParser } from "../../src/format/create-parser.ts";
import type { Codec, Frames, StreamFormat } from "../../src/format/frame.ts";
import { copyFrames } from "../../src/format/frame-slice.ts";
import { requireProgram } from "../support/programs.ts";
import { Studio } from "./studio.ts";

const hasPrograms = ["ffmpeg", "ffprobe", "mpg123", "cueprint"].every(
  (name) => requireProgram(name) !== null,
);

const SECONDS = 6;

async function run(...command: string[]): Promise<{ text: string; errors: string; bytes: Buffer }> {
  const program = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, errors] = await Promise.all([
    new Response(program.stdout).bytes(),
    new Response(program.stderr).text(),
  ]);
  expect(await program.exited, `${command.join(" ")}: ${errors}`).toBe(0);
  return { text: Buffer.from(out).toString(), errors, bytes: Buffer.from(out) };
}

/** Frames of music that an encoder made of noise and tones, as a source sends it. */
async function encoded(folder: string, name: string, ...options: string[]): Promise<Frames[]> {
  const path = join(folder, name);
  const sound = `sine=f=440:d=${SECONDS},aformat=channel_layouts=stereo`;
  const noise = `anoisesrc=d=${SECONDS}:a=0.05:s=1,aformat=channel_layouts=stereo`;
  const mix = ["-f", "lavfi", "-i", sound, "-f", "lavfi", "-i", noise];
  const filter = ["-filter_complex", "amix=inputs=2"];
  await run("ffmpeg", "-v", "error", "-y", ...mix, ...filter, ...options, path);
  const codec = name.endsWith(".mp3") ? "mp3" : name.endsWith(".aac") ? "aac" : "ogg";
  return parsed(codec, await Bun.file(path).bytes());
}

function parsed(codec: "mp3" | "aac" | "ogg", bytes: Uint8Array): Frames[] {
  const parser = createParser(codec);
  const batches: Frames[] = [];
  if (parser === null) return batches;
  const keep = (first: Frames) => {
    for (let frames = first; frames.count > 0; frames = parser.next()) {
      batches.push(copyFrames(frames));
    }
  };
  for (let at = 0; at < bytes.length; at += 4096) keep(parser.push(bytes.subarray(at, at + 4096)));
  keep(parser.end());
  return batches;
}

async function duration(path: string): Promise<number> {
  const ask = ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"];
  const { text, errors } = await run("ffprobe", ...ask, path);
  expect(errors).toBe("");
  return Number(text);
}

interface Recorded {
  readonly paths: readonly string[];
  readonly documents: readonly { samples: number; sample_rate: number; head_bytes: number }[];
  readonly audio: Buffer;
  /** Without what ends it. */
  readonly first: Buffer;
  readonly heard: Buffer;
}

/** Recorded over the full hour, so that the second file begins in the middle of the stream. */
async function recorded(
  folder: string,
  batches: readonly Frames[],
  codec: Codec = "mp3",
): Promise<Recorded> {
  using studio = new Studio({}, "2026-11-29T09:59:57Z");
  studio.playlist.format = formatOf(codec, batches);
  for (const frames of batches) studio.play(studio.playlist, 0, frames);
  await studio.recordings.close();
  const documents = studio.files.map((path) => studio.document(path));
  const audio = Buffer.concat(studio.files.map((path) => studio.audio(path)));
  const paths: string[] = [];
  for (const path of studio.files) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    for (const own of [name, name.replace(/\.\w+$/, ".cue")]) {
      await Bun.write(join(folder, own), studio.disk.read(path.replace(name, own)));
    }
    paths.push(join(folder, name));
  }
  const first = studio.audio(studio.files[0] ?? "");
  return { paths, documents, audio, first, heard: Buffer.concat(studio.heard) };
}

function formatOf(codec: Codec, batches: readonly Frames[]): StreamFormat {
  const samples = batches.flatMap((one) => [...one.samples]).reduce((sum, one) => sum + one, 0);
  const seconds = batches.reduce((sum, one) => sum + one.seconds, 0);
  return { codec, sampleRate: Math.round(samples / seconds), channels: 2 };
}

async function inFolder(visit: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "cycast-recorded-"));
  try {
    await visit(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.skipIf(!hasPrograms)("a recording that is cut in the middle of a stream", () => {
  test.each([
    ["MP3 of a constant bit rate", ["-c:a", "libmp3lame", "-b:a", "128k"]],
    ["MP3 of a variable bit rate", ["-c:a", "libmp3lame", "-q:a", "4"]],
    ["MP3 at 24 kHz", ["-c:a", "libmp3lame", "-b:a", "64k", "-ar", "24000"]],
  ])("in %s has the right length for ffprobe and mpg123, and no message", async (_, options) => {
    await inFolder(async (folder) => {
      const plain = ["-write_xing", "0", "-id3v2_version", "0"];
      const batches = await encoded(folder, "in.mp3", ...options, ...plain);
      const { paths, documents, audio, heard } = await recorded(folder, batches);
      expect(paths).toHaveLength(2);
      const lead = audio.length - heard.length;
      expect(audio.subarray(-1000).equals(heard.subarray(-1000))).toBe(true);
      const own = documents.map(({ samples }) => samples);
      expect(own.every((samples) => samples > 0)).toBe(true);
      for (const [at, path] of paths.entries()) {
        const { samples, sample_rate: rate } = documents[at]!;
        const frame = rate >= 32_000 ? 1152 : 576;
        expect(Math.abs((await duration(path)) * rate - samples)).toBeLessThanOrEqual(2 * frame);
        const decoded = await run("mpg123", "-q", "-s", "-e", "s16", "--no-resync", path);
        expect(decoded.errors).toBe("");
        expect(Math.abs(decoded.bytes.length / 4 - samples)).toBeLessThanOrEqual(frame);
      }
      expect(lead).toBeLessThan(1500);
    });
  });

  test("sounds as it was heard from its first frame on", async () => {
    await inFolder(async (folder) => {
      const plain = ["-b:a", "128k", "-write_xing", "0", "-id3v2_version", "0"];
      const batches = await encoded(folder, "in.mp3", "-c:a", "libmp3lame", ...plain);
      const { paths, heard, documents } = await recorded(folder, batches);
      await Bun.write(join(folder, "heard.mp3"), heard);
      const decode = (path: string) => run("mpg123", "-q", "-s", "-e", "s16", "--no-gapless", path);
      const whole = (await decode(join(folder, "heard.mp3"))).bytes;
      const second = (await decode(paths[1] ?? "")).bytes;
      // Behind the length frame and the silent one; a frame's first half overlaps with the one before.
      const from = (documents[0]?.samples ?? 0) * 4;
      const skipped = second.length - (whole.length - from);
      const frame = 1152 * 4;
      expect(skipped).toBe(frame);
      expect(second.subarray(skipped + frame).equals(whole.subarray(from + frame))).toBe(true);
    });
  });

  test.each([
    ["Opus", "opus", "in.opus", ["-c:a", "libopus", "-b:a", "96k"]],
    ["Vorbis", "vorbis", "in.ogg", ["-c:a", "libvorbis", "-q:a", "4"]],
    ["FLAC", "flac", "in.oga", ["-c:a", "flac", "-f", "ogg"]],
    ["AAC", "aac", "in.aac", ["-c:a", "aac", "-b:a", "96k"]],
  ] as const)(
    "in %s is read by ffprobe and ffmpeg with the right length",
    async (_, codec, name, options) => {
      await inFolder(async (folder) => {
        const batches = await encoded(folder, name, ...options);
        const { paths, documents, first, heard } = await recorded(folder, batches, codec);
        expect(paths).toHaveLength(2);
        expect(heard.includes(first)).toBe(true);
        for (const [at, path] of paths.entries()) {
          const { samples, sample_rate: rate } = documents[at]!;
          const decoded = await run(
            "ffmpeg",
            "-v",
            "warning",
            "-i",
            path,
            "-ac",
            "1",
            "-ar",
            String(rate),
            "-f",
            "s16le",
            "-",
          );
          expect(decoded.errors.replaceAll(/.*Estimating duration from bitrate.*\n/g, "")).toBe("");
          expect(Math.abs(decoded.bytes.length / 2 / rate - samples / rate)).toBeLessThan(0.13);
          if (codec !== "aac") {
            expect(Math.abs((await duration(path)) - samples / rate)).toBeLessThan(0.13);
          }
        }
      });
    },
  );
});

test.skipIf(!hasPrograms)("a cue sheet is read by cueprint", async () => {
  await inFolder(async (folder) => {
    using studio = new Studio();
    const { playlist, mount } = studio;
    studio.play(playlist, 500);
    playlist.metadata = { artist: "Bänd", title: 'A "quoted" one' };
    mount.announce(playlist);
    studio.play(playlist, 500);
    await studio.recordings.close();
    const path = join(folder, "show.cue");
    const [audio = ""] = studio.files;
    await Bun.write(path, studio.disk.text(audio.replace(".mp3", ".cue")));
    const { text, errors } = await run("cueprint", "-d", "%N\n", "-t", "%n %p|%t\n", path);
    expect(errors).toBe("");
    expect(text).toBe("2\n1 Test Radio|Some Song\n2 Bänd|A 'quoted' one\n");
  });
});

// Makes the three tracks of this folder from nothing: `bun music/compose.ts [text in a title]`; needs ffmpeg with libmp3lame.

import { join } from "node:path";

import { morningCarrier } from "./pieces/morning-carrier.ts";
import { shortwaveBossa } from "./pieces/shortwave-bossa.ts";
import { skywaveAtDusk } from "./pieces/skywave-at-dusk.ts";
import { filter } from "./synth/filter.ts";
import { fade, limit } from "./synth/master.ts";
import { sampleRate } from "./synth/signal.ts";
import type { Stereo } from "./synth/signal.ts";

interface Track {
  readonly title: string;
  readonly genre: string;
  readonly compose: () => Stereo;
  /** libmp3lame's options; one track is VBR, because pacing by bytes would get it wrong. */
  readonly encoding: readonly string[];
  readonly fadeOut: number;
}

const constant128 = ["-b:a", "128k"];
const variable = ["-q:a", "5"];

const tracks: readonly Track[] = [
  {
    title: "Morning Carrier",
    genre: "Lo-fi",
    compose: morningCarrier,
    encoding: constant128,
    fadeOut: 3.5,
  },
  {
    title: "Shortwave Bossa",
    genre: "Bossa nova",
    compose: shortwaveBossa,
    encoding: constant128,
    fadeOut: 2,
  },
  {
    title: "Skywave at Dusk",
    genre: "Ambient",
    compose: skywaveAtDusk,
    encoding: variable,
    fadeOut: 5,
  },
];

const targetLufs = -14;
// Below full scale by what MP3's own ripple can add to a peak.
const ceiling = 10 ** (-1.8 / 20);
const rawInput = ["-f", "f32le", "-ar", String(sampleRate), "-ac", "2", "-i", "pipe:0"];

function interleave(audio: Stereo): Uint8Array {
  const samples = new Float32Array(audio.left.length * 2);
  audio.left.forEach((sample, i) => {
    samples[2 * i] = sample;
    samples[2 * i + 1] = audio.right[i] ?? 0;
  });
  return new Uint8Array(samples.buffer);
}

/** Runs ffmpeg on raw audio and returns what it told; throws when it fails. */
async function ffmpeg(audio: Stereo, options: readonly string[]): Promise<string> {
  const command = ["ffmpeg", "-hide_banner", "-nostdin", "-y", ...rawInput, ...options];
  const child = Bun.spawn(command, {
    stdin: interleave(audio),
    stdout: "ignore",
    stderr: "pipe",
  });
  const told = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`ffmpeg failed: ${told.trim().slice(-500)}`);
  return told;
}

/** Integrated loudness in LUFS by EBU R 128. */
async function loudnessOf(audio: Stereo): Promise<number> {
  const told = await ffmpeg(audio, ["-af", "ebur128=framelog=verbose", "-f", "null", "-"]);
  const [, loudness] = /I:\s+(-?[\d.]+) LUFS/.exec(told.slice(told.lastIndexOf("Summary"))) ?? [];
  if (loudness === undefined) throw new Error("ffmpeg told no loudness");
  return Number(loudness);
}

/** Brings a piece to the target; the limiter takes some loudness away, so the gain is approached in steps. */
async function master(audio: Stereo, fadeOut: number): Promise<Stereo> {
  const clean = {
    left: filter(audio.left, "highpass", 28),
    right: filter(audio.right, "highpass", 28),
  };
  const faded = fade(clean, 0.05, fadeOut);
  let gain = 1;
  let mastered = faded;
  for (let step = 0; step < 4; step++) {
    gain *= 10 ** ((targetLufs - (await loudnessOf(mastered))) / 20);
    mastered = limit(faded, gain, ceiling);
  }
  return mastered;
}

function tags(track: Track, number: number): string[] {
  const values = {
    title: track.title,
    artist: "Cycast",
    album: "First Light",
    date: "2026",
    genre: track.genre,
    track: `${number}/${tracks.length}`,
  };
  return Object.entries(values).flatMap(([key, value]) => ["-metadata", `${key}=${value}`]);
}

async function make(track: Track, number: number): Promise<void> {
  const name = `${String(number).padStart(2, "0")} ${track.title}.mp3`;
  const audio = await master(track.compose(), track.fadeOut);
  const encoder = ["-c:a", "libmp3lame", ...track.encoding, "-id3v2_version", "3", "-bitexact"];
  await ffmpeg(audio, [...encoder, ...tags(track, number), join(import.meta.dir, name)]);
  console.log(`${name}: ${(await loudnessOf(audio)).toFixed(1)} LUFS`);
}

const wanted = process.argv[2] ?? "";
for (const [index, track] of tracks.entries()) {
  if (track.title.includes(wanted)) await make(track, index + 1);
}

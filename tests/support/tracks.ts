// Tracks for test playlists: known frames, written as files with and without what surrounds audio.
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { concat, id3v2, mpegFrame, mpegFrames, withMagic } from "../format/mpeg-builder.ts";

/** 44.1 kHz stereo, 1152 samples a frame. */
export const FRAME_MS = (1152 / 44_100) * 1000;

/** Frames that differ between tracks and from each other; VBR when asked for. */
export function trackFrames(seed: number, count: number, vbr = false): Uint8Array[] {
  const rates = [64, 128, 192, 96];
  return mpegFrames(count, { seed: seed * 100_000 }, (i) =>
    vbr ? { bitrate: rates[i % rates.length] ?? 128 } : {},
  );
}

/** A file as encoders make it: a tag, an info frame, the audio, a tag. Returns the frames that must be heard. */
export async function writeTrack(
  directory: string,
  name: string,
  frames: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  const info = withMagic(mpegFrame({ payload: "zero" }), 36, "Info");
  const id3v1 = new Uint8Array(128);
  id3v1.set(new TextEncoder().encode("TAG"));
  const path = join(directory, name);
  await Bun.write(path, concat(id3v2(300), info, ...frames, id3v1));
  // One that was written just now might still grow.
  const lately = Date.now() / 1000 - 60;
  await utimes(path, lately, lately);
  return [...frames];
}

/** Frames that a decoder plays as silence. */
export function silentShow(count: number): Uint8Array[] {
  return mpegFrames(count, { payload: "zero", mode: "stereo" });
}

// Files of a test, their audio and what is said of those that cannot be played.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metadata } from "../../../src/mount/metadata.ts";
import { Track } from "../../../src/input/playlist/track.ts";
import { turningDisk } from "../../support/disk.ts";
import { concat } from "../../format/mpeg-builder.ts";

/** A folder of files; each has a name that says artist and title. */
export class Shelf implements AsyncDisposable {
  #files = 0;
  private constructor(readonly folder: string) {}

  static async open(): Promise<Shelf> {
    return new Shelf(await mkdtemp(join(tmpdir(), "cycast-track-")));
  }

  async file(...parts: Uint8Array[]): Promise<string> {
    const path = join(this.folder, `Name Of ${++this.#files} - File.mp3`);
    await writeFile(path, concat(...parts));
    return path;
  }

  /** What the name of the newest file says. */
  get named(): Metadata {
    return { artist: `Name Of ${this.#files}`, title: "File" };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

/** Everything a track gives. */
export async function play(path: string): Promise<{ track: Track; audio: Buffer; count: number }> {
  const track = await Track.open(path, turningDisk());
  const parts: Uint8Array[] = [];
  let count = 0;
  for (let frames = await track.next(); frames !== null; frames = await track.next()) {
    parts.push(frames.bytes);
    count += frames.count;
  }
  await track.close();
  return { track, audio: Buffer.concat(parts), count };
}

export async function reasonFor(path: string): Promise<string> {
  const opened = await Track.open(path, turningDisk()).catch((error: Error) => error);
  if (opened instanceof Error) return `${opened.name}: ${opened.message}`;
  await opened.close();
  throw new Error("it can be played");
}

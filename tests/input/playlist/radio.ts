// A mount with a playlist on a directory of its own, advanced by hand, and a DJ to break into it.
import { join } from "node:path";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import type { Metadata } from "../../../src/mount/metadata.ts";
import type { Input } from "../../../src/mount/roles.ts";
import type { Copying } from "../../../src/input/playlist/conversions.ts";
import { PlaylistFeeder } from "../../../src/input/playlist/feeder.ts";
import { Playlist } from "../../../src/input/playlist/playlist.ts";
import { Silence } from "../../../src/input/silence.ts";
import { concat } from "../../format/mpeg-builder.ts";
import type { TestMount } from "../../support/config.ts";
import { scratch } from "../../support/station.ts";
import { testDisk } from "../../support/disk.ts";
import { writeTrack } from "../../support/tracks.ts";
import { Stage } from "../stage.ts";

export const TICK_MS = 25;

/** Longer than an interruption after which the same track goes on. */
const SHOW_SECONDS = 61;

/** A mount with a playlist on a directory of its own, advanced by hand. */
export class Radio implements AsyncDisposable {
  readonly stage: Stage;
  readonly feeder: PlaylistFeeder;

  private constructor(
    readonly music: Awaited<ReturnType<typeof scratch>>,
    playlist: TestMount["playlist"],
    copying: Copying | null,
  ) {
    this.stage = new Stage({ playlist: { directory: music.path, ...playlist } });
    const { mount } = this.stage;
    const disk = testDisk();
    this.feeder = new PlaylistFeeder(
      mount,
      () => new Playlist(mount.config.playlist, mount.log, disk, "", null, copying),
    );
    mount.attach(this.feeder);
    mount.attach(new Silence(mount));
  }

  static async open(
    playlist: TestMount["playlist"] = {},
    copying: Copying | null = null,
  ): Promise<Radio> {
    return new Radio(await scratch(), playlist, copying);
  }

  get playlist(): Playlist {
    return this.feeder.playlist;
  }

  /** As a reload does it. */
  reconfigure(playlist: TestMount["playlist"]): void {
    const { mount } = this.stage;
    const { config } = mount;
    mount.reconfigure({ ...config, playlist: { ...config.playlist, ...playlist } });
  }

  write(name: string, frames: readonly Uint8Array[]): Promise<Uint8Array[]> {
    return writeTrack(this.music.path, name, frames);
  }

  path(name: string): string {
    return join(this.music.path, name);
  }

  /** Plays on; what is read ahead is always there in time. */
  async play(seconds: number, tickMs = TICK_MS): Promise<void> {
    const { clock, mount } = this.stage;
    for (const endMs = clock.ms + seconds * 1000; clock.ms < endMs; clock.ms += tickMs) {
      await this.feeder.fill();
      mount.advance(clock.ms);
    }
  }

  /** Somebody is live for longer than an interruption, and the next track is read ahead meanwhile. */
  async show(frames: readonly Uint8Array[] = []): Promise<void> {
    await this.interrupt(frames, SHOW_SECONDS);
  }

  /** Somebody is live for so long. */
  async interrupt(
    frames: readonly Uint8Array[] = [],
    seconds = 1,
    isReturning = false,
  ): Promise<void> {
    const { clock, mount } = this.stage;
    const dj = Object.assign(new Dj(), { isReturning });
    mount.attach(dj);
    mount.advance(clock.ms);
    if (frames.length > 0) dj.speak(this.stage, frames);
    clock.ms += seconds * 1000;
    mount.advance(clock.ms);
    await this.feeder.fill();
    mount.detach(dj, clock.ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.feeder.close();
    this.stage[Symbol.dispose]();
    await this.music[Symbol.asyncDispose]();
  }
}

/** A live input played by hand. */
export class Dj implements Input {
  readonly kind = "live";
  readonly priority = 100;
  readonly isLive = true;
  readonly isFed = true;
  readonly name = "the DJ";
  readonly bitrate = 128;
  readonly metadata: Metadata = { artist: "", title: "Show" };
  ready = true;
  format = { codec: "mp3", sampleRate: 44_100, channels: 2 } as const;
  onAir(): void {}
  offAir(): void {}
  advance(): void {}

  speak({ mount, clock }: Stage, frames: readonly Uint8Array[]): void {
    mount.write(this, createMpegParser().push(concat(...frames)), clock.ms);
  }
}

/** How often each frame was heard; frames not asked for are "other". */
export function names(
  radio: Radio,
  tracks: Readonly<Record<string, readonly Uint8Array[]>>,
): string[] {
  const known = new Map<string, string>();
  for (const [name, frames] of Object.entries(tracks)) {
    frames.forEach((frame, i) => known.set(Buffer.from(frame).toString("latin1"), `${name}${i}`));
  }
  return radio.stage.heard.map(({ bytes }) => {
    return known.get(Buffer.from(bytes).toString("latin1")) ?? "other";
  });
}

export const run = (name: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${name}${from + i}`);

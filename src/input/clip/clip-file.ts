// A file that is played before or after a stream: read whole, and converted where it does not fit the mount.
import { dirname } from "node:path";
import type { MountConfig } from "../../config/config.ts";
import { describeFormat, type Frames, sameFormat, type StreamFormat } from "../../format/frame.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Opener } from "../../lib/open-file.ts";
import { ConvertError, fileVersion } from "../../library/converter.ts";
import { targetOf } from "../../library/format-choice.ts";
import { failureOf, ForeignError, TrackError } from "../../library/playable.ts";
import { Clip } from "../../mount/clip.ts";
import type { Copying } from "../playlist/conversions.ts";
import { Track } from "../playlist/track.ts";

/** A longer one is a track, and belongs in a playlist. */
const MOST_SECONDS = 120;
const MOST_BYTES = 8 << 20;

/** A changed file is noticed so long after it was looked at, when it is wanted again. */
const LOOK_MS = 30_000;

export interface ClipSources {
  /** The disk with a folder. */
  disk(folder: string): Opener;
  /** null: nothing is converted. */
  readonly copying: Copying | null;
  readonly clock: Clock;
}

interface Made {
  readonly format: StreamFormat;
  /** null while it is being made, and if it cannot be. */
  clip: Clip | null;
}

export class ClipFile {
  #made: Made | null = null;
  #version = "";
  #lookedMs = Number.NEGATIVE_INFINITY;
  #isBusy = false;
  /** The reason that was logged last. */
  #why = "";

  constructor(
    /** "intro" or "outro". */
    private readonly what: string,
    readonly path: string,
    private readonly config: () => MountConfig,
    private readonly log: Log,
    private readonly sources: ClipSources,
  ) {}

  /** The clip in a format; null while it is not ready, or if it cannot be. It is made ready then. */
  in(format: StreamFormat): Clip | null {
    const made = this.#made !== null && sameFormat(this.#made.format, format) ? this.#made : null;
    const isOld = this.sources.clock.nowMs() - this.#lookedMs >= LOOK_MS;
    if ((made === null || isOld) && !this.#isBusy) void this.#makeReady(format);
    return made?.clip ?? null;
  }

  async #makeReady(format: StreamFormat): Promise<void> {
    this.#isBusy = true;
    this.#lookedMs = this.sources.clock.nowMs();
    try {
      const version = await this.#look();
      const isSame = this.#made !== null && sameFormat(this.#made.format, format);
      if (!isSame || version !== this.#version) await this.#make(format, version);
    } catch (error) {
      this.#made = { format, clip: null };
      this.#version = "";
      this.#complain(reasonOf(error));
    }
    this.#isBusy = false;
  }

  async #make(format: StreamFormat, version: string): Promise<void> {
    const clip = await this.#read(format, version);
    this.#made = { format, clip };
    this.#version = version;
    this.#why = "";
    const seconds = (clip.micros / 1e6).toFixed(1);
    this.log.info(
      `the ${this.what} ${this.path} is ready: ${seconds} s in ${describeFormat(format)}`,
    );
  }

  /** Once for each reason. */
  #complain(why: string): void {
    if (why === this.#why) return;
    this.#why = why;
    this.log.warn(`the ${this.what} ${this.path} is not played: ${why}`);
  }

  async #look(): Promise<string> {
    const file = await this.#disk.open(this.path);
    try {
      return fileVersion(await file.stat());
    } finally {
      await file.close();
    }
  }

  get #disk(): Opener {
    return this.sources.disk(dirname(this.path));
  }

  async #read(format: StreamFormat, version: string): Promise<Clip> {
    const { loudness } = this.config().playlist;
    const sound = { loudness, trimSilence: "off", measured: null } as const;
    try {
      const clip = await clipOf(await Track.open(this.path, this.#disk, null, sound));
      if (sameFormat(clip.format, format)) return clip;
    } catch (error) {
      if (!(error instanceof ForeignError)) throw error;
    }
    return this.#converted(format, version);
  }

  async #converted(format: StreamFormat, version: string): Promise<Clip> {
    const { copying } = this.sources;
    const { bitrate, loudness } = this.config().playlist;
    const canConvert = copying?.hasCache === true;
    const wish = {
      format: "auto",
      sampleRate: 0,
      channels: 0,
      bitrate,
      canConvert,
      loudness,
    } as const;
    const target = targetOf(format, wish);
    if (copying === null || target === null)
      throw new TrackError(`it cannot be made ${describeFormat(format)}, which the mount plays`);
    const copy = await copying.converter.convert({ path: this.path, version }, target);
    const { loudness: lufs, truePeak: peak } = copy;
    const measured = lufs === null ? null : { loudness: lufs, peak };
    const sound = { loudness, trimSilence: "off", measured, isCopy: true } as const;
    return clipOf(await Track.open(copy.path, copying.disk, null, sound));
  }
}

/** Closes the track. */
async function clipOf(track: Track): Promise<Clip> {
  const all: Frames[] = [];
  let [bytes, micros] = [0, 0];
  try {
    for (let frames = await track.next(); frames !== null; frames = await track.next()) {
      bytes += frames.bytes.length;
      micros += frames.seconds * 1e6;
      if (bytes > MOST_BYTES || micros > MOST_SECONDS * 1e6)
        throw new TrackError(`it is longer than ${MOST_SECONDS} s, or than 8 MiB`);
      all.push(frames);
    }
    return new Clip(track.format, all);
  } finally {
    await track.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof ConvertError ? error.message : failureOf(error).why;
}

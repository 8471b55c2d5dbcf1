// The playlist as an input: tracks read ahead, their frames written when they are due, seams included.
import { describeFormat, type Frames, sameFormat, type StreamFormat } from "../format/frame.ts";
import { type Metadata, NO_METADATA } from "../mount/metadata.ts";
import type { Mount } from "../mount/mount.ts";
import type { Input } from "../mount/roles.ts";
import { FrameQueue } from "./frame-queue.ts";
import type { Playlist } from "./playlist.ts";
import { Schedule } from "./schedule.ts";
import { Track, TrackError } from "./track.ts";

/** Read ahead: a slow disk may take this long. Reading starts again when half of it is used. */
const AHEAD_SECONDS = 4;

/** An empty playlist is looked at again after this long. */
const LOOK_AGAIN_MS = 1000;

/** Later than this the machine slept: the schedule starts anew instead of rushing hours of audio. */
const MAX_LATE_SECONDS = 1;

export class PlaylistFeeder implements Input {
  readonly kind = "playlist";
  readonly name = "the playlist";
  readonly #queue = new FrameQueue();
  readonly #schedule = new Schedule();
  /** The track being read, which may be ahead of the one that is heard. */
  #reading: Track | null = null;
  #heard: Track | null = null;
  #isFilling = false;
  #isClosed = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly mount: Mount,
    readonly playlist: Playlist,
  ) {}

  get ready(): boolean {
    return !this.#queue.isEmpty;
  }

  get format(): StreamFormat | null {
    return this.#heard?.format ?? null;
  }

  get bitrate(): number {
    return this.#heard?.bitrate ?? 0;
  }

  get metadata(): Metadata {
    return this.#heard?.metadata ?? NO_METADATA;
  }

  onAir(nowMs: number): void {
    this.#schedule.anchor(nowMs);
  }

  /** A live source has the air: the track it broke into is over, the next one waits in full. A queue
   * that merely ran dry goes on where it was. */
  offAir(): void {
    if (this.#queue.isEmpty) return;
    this.#queue.clear();
    this.#heard = null;
    void this.#closeTrack().then(() => this.fill());
  }

  advance(nowMs: number): void {
    if (this.#schedule.lateSeconds(nowMs) > MAX_LATE_SECONDS) {
      this.mount.log.repeated("the playlist fell behind its schedule and starts it anew");
      this.#schedule.anchor(nowMs);
    }
    for (const due of this.#queue.takeDue(this.#schedule, nowMs)) {
      this.#hear(due.track);
      this.mount.write(this, due.frames, nowMs);
    }
    if (this.#queue.seconds < AHEAD_SECONDS / 2) void this.fill();
  }

  #hear(track: Track): void {
    if (track === this.#heard) return;
    this.#heard = track;
    this.mount.log.info(`plays ${track.path}`);
    this.mount.announce(this);
  }

  /** Reads ahead until enough is waiting or nothing can be played; one at a time. */
  async fill(): Promise<void> {
    if (this.#isFilling || this.#isClosed) return;
    this.#isFilling = true;
    clearTimeout(this.#retry);
    try {
      while (this.#queue.seconds < AHEAD_SECONDS && (await this.#readOn()));
    } finally {
      this.#isFilling = false;
    }
    // advance() asks for more as it plays; without a track it is this that looks again.
    if (this.#queue.isEmpty && !this.#isClosed) this.#lookAgain();
  }

  #lookAgain(): void {
    this.#retry = setTimeout(() => void this.fill(), LOOK_AGAIN_MS);
    this.#retry.unref();
  }

  /** One read of the current track, or the opening of the next. false: there is nothing to play. */
  async #readOn(): Promise<boolean> {
    const track = this.#reading ?? (await this.#openNext());
    if (track === null) return false;
    this.#reading = track;
    const frames = await this.#readFrom(track);
    if (frames !== null && this.#reading === track) this.#queue.push(track, frames);
    else if (this.#reading === track) await this.#closeTrack();
    return !this.#isClosed;
  }

  async #readFrom(track: Track): Promise<Frames | null> {
    try {
      return await track.next();
    } catch (error) {
      // A track that was closed under the read is not broken.
      if (this.#reading === track) await this.playlist.reject(track.path, reasonOf(error));
      return null;
    }
  }

  /** The next track that can be opened and fits the mount. */
  async #openNext(): Promise<Track | null> {
    for (;;) {
      const path = await this.playlist.next();
      if (path === null || this.#isClosed) return null;
      const track = await this.#open(path);
      if (track !== null) return track;
    }
  }

  async #open(path: string): Promise<Track | null> {
    try {
      const track = await Track.open(path);
      const wanted = this.mount.format ?? this.format ?? track.format;
      if (sameFormat(track.format, wanted)) return track;
      await track.close();
      throw new TrackError(
        `it is ${describeFormat(track.format)}, the mount is ${describeFormat(wanted)}`,
      );
    } catch (error) {
      await this.playlist.reject(path, reasonOf(error));
      return null;
    }
  }

  async #closeTrack(): Promise<void> {
    const track = this.#reading;
    this.#reading = null;
    await track?.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#queue.clear();
    await this.#closeTrack();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof TrackError) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : null;
  return code === null ? "it cannot be read" : `it cannot be read (${code})`;
}

// The playlist as an input: tracks read ahead, their frames written when they are due, seams included.
import type { Frames, StreamFormat } from "../../format/frame.ts";
import { aloneFrames, joinedFrames, SEAM_FRAMES } from "../../format/mpeg/seam.ts";
import { shownPath } from "../../lib/path-text.ts";
import { within } from "../../lib/within.ts";
import { type Metadata, NO_METADATA, sameMetadata } from "../../mount/metadata.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Input, NextTrack, Player } from "../../mount/roles.ts";
import { Schedule } from "../schedule.ts";
import { FilePlayer } from "./file-player.ts";
import { FrameQueue } from "./frame-queue.ts";
import { lookAgainMs } from "./look-again.ts";
import type { Playlist } from "./playlist.ts";
import type { Track } from "./track.ts";
import { TrackFinder } from "./track-finder.ts";

/** Read ahead: a slow disk may take this long over a read, or over the change to the next track. */
const AHEAD_SECONDS = 5;

/** A file that may still grow is looked at again after GROW_MS, as long as so much waits to be heard. */
const GROW_MS = 250;
const PATIENT_SECONDS = 1.5;

const MAX_CLOSE_MS = 1000;

/** Later than this the machine slept: the schedule starts anew instead of rushing hours of audio. */
const MAX_LATE_SECONDS = 1;

export class PlaylistFeeder implements Input {
  readonly kind = "playlist";
  readonly priority = 50;
  readonly name = "the playlist";
  readonly player: Player;
  readonly #queue = new FrameQueue<Track>();
  readonly #schedule = new Schedule();
  readonly #finder: TrackFinder;
  /** The track being read, which may be ahead of the one that is heard. */
  #reading: Track | null = null;
  /** The track whose frames came last. */
  #pushed: Track | null = null;
  #heard: Track | null = null;
  /** Of what is heard: the track's, until a later chain of its stream says otherwise. */
  #metadata: Metadata = NO_METADATA;
  /** Was skipped: it goes on until another track waits behind it, so that no gap is heard. */
  #unwanted: Track | null = null;
  #filling: Promise<void> | null = null;
  #lookAgain: ReturnType<typeof setTimeout> | null = null;
  /** Looks by the timer since there was something to play. */
  #vainLooks = 0;
  #isClosed = false;

  constructor(
    private readonly mount: Mount,
    readonly playlist: Playlist,
  ) {
    this.#finder = new TrackFinder(mount, playlist);
    this.player = new FilePlayer(this, playlist);
    playlist.onChanged = () => mount.events.emit("tracks", { input: this });
    mount.events.on("onAir", ({ before }) => {
      if (before?.isLive === true && this.#lookAgain !== null) void this.fill();
    });
  }

  prepare(): Promise<void> {
    return this.fill();
  }

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
    return this.#heard === null ? NO_METADATA : this.#metadata;
  }

  get file(): string | null {
    return this.#heard === null ? null : this.playlist.sourceOf(this.#heard.path);
  }

  get seconds(): number | null {
    return this.#heard === null ? null : (this.playlist.chosen(this.#heard.path)?.seconds ?? null);
  }

  onAir(nowMs: number): void {
    // What a live source sent early is heard to its end.
    this.#schedule.anchor(nowMs + this.mount.lead.ms(nowMs));
    const { track } = this.#queue;
    if (track !== null) this.#hear(track);
  }

  /** A live source has the air: the track it broke into is over, the next one waits in full. When the
   * queue merely ran dry, the track goes on where it was. */
  offAir(): void {
    const broken = this.#heard;
    if (broken === null || this.#queue.isEmpty) return;
    this.#heard = null;
    this.#queue.drop(broken);
    if (this.#reading === broken) void this.#closeTrack();
    void this.fill();
  }

  advance(nowMs: number): void {
    if (this.#schedule.lateSeconds(nowMs) > MAX_LATE_SECONDS) {
      this.mount.log.repeated("the playlist fell behind its schedule and starts it anew");
      this.#schedule.anchor(nowMs);
    }
    for (const due of this.#queue.takeDue(this.#schedule, nowMs)) {
      this.#hear(due.track, due.frames.metadata ?? null);
      this.mount.write(this, due.frames, nowMs);
    }
    if (this.#queue.seconds < AHEAD_SECONDS && this.#lookAgain === null) void this.fill();
  }

  /** The file that is heard, or null while another input has the air. */
  get heardFile(): string | null {
    if (this.#heard === null || this.mount.onAir !== this) return null;
    return this.playlist.nameOf(this.#heard.path);
  }

  /** The files that follow, as far as it is known; the first may be read ahead already. */
  upcoming(count: number): string[] {
    const names = [...this.#ahead].map(({ path }) => this.playlist.nameOf(path));
    return [...names, ...this.playlist.upcoming(count)].slice(0, count);
  }

  /** The track that is read ahead; null while none is. */
  get nextRead(): NextTrack | null {
    const [track] = this.#ahead;
    if (track === undefined) return null;
    const { path, metadata } = track;
    const seconds = this.playlist.chosen(path)?.seconds ?? null;
    return { path: this.playlist.sourceOf(path), metadata, seconds };
  }

  /** Tracks that are read ahead of the one that is heard. */
  get #ahead(): ReadonlySet<Track> {
    const reading = this.#reading === null ? [] : [this.#reading];
    const ahead = new Set([...this.#queue.tracks, ...reading]);
    if (this.#heard !== null) ahead.delete(this.#heard);
    return ahead;
  }

  /** Ends the track that is heard, as soon as the next is there; false when none is on air. */
  skip(): boolean {
    const heard = this.#heard;
    if (heard === null || this.mount.onAir !== this) return false;
    this.#unwanted = heard;
    if (this.#reading === heard) void this.#closeTrack();
    this.#dropUnwanted();
    void this.fill();
    return true;
  }

  #dropUnwanted(): void {
    const unwanted = this.#unwanted;
    if (unwanted === null || !this.#queue.tracks.some((track) => track !== unwanted)) return;
    this.#unwanted = null;
    this.#queue.drop(unwanted);
  }

  /** Looks for files that appeared, vanished or changed, without waiting for the end of the track. */
  async rescan(): Promise<void> {
    await this.playlist.look();
    if (this.#lookAgain !== null) await this.fill();
  }

  /** `told`: what the stream says of itself from here on, or null. */
  #hear(track: Track, told: Metadata | null = null): void {
    const isNew = track !== this.#heard;
    if (!isNew && (told === null || sameMetadata(told, this.#metadata))) return;
    this.#heard = track;
    this.#metadata = told ?? track.metadata;
    if (isNew) this.playlist.heard(track.path);
    if (isNew)
      this.mount.log.often(
        "now playing the next track",
        `now playing ${shownPath(this.playlist.sourceOf(track.path))}`,
      );
    this.mount.announce(this);
  }

  /** Reads ahead until enough is waiting or nothing can be played. Never rejects; one at a time. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill().finally(() => (this.#filling = null));
    return this.#filling;
  }

  async #fill(): Promise<void> {
    this.#stopLooking();
    try {
      while (!this.#isClosed && this.#isHungry) {
        if (!(await this.#readOn())) return this.#lookLater();
      }
    } catch (error) {
      this.mount.log.repeated(`the playlist cannot be read on: ${String(error)}`);
      this.#lookLater();
    }
  }

  get #isHungry(): boolean {
    return this.#queue.seconds < AHEAD_SECONDS || this.#unwanted !== null;
  }

  #lookLater(): void {
    const isLive = this.mount.onAir?.isLive === true;
    const ms = this.#reading === null ? lookAgainMs(this.#vainLooks, isLive) : GROW_MS;
    this.#lookAgain = setTimeout(() => {
      this.#vainLooks++;
      void this.fill();
    }, ms);
    this.#lookAgain.unref();
  }

  #stopLooking(): void {
    if (this.#lookAgain !== null) clearTimeout(this.#lookAgain);
    this.#lookAgain = null;
  }

  /** One read of the current track, or of the next. false: there is nothing to play yet. */
  async #readOn(): Promise<boolean> {
    const track = this.#reading ?? (await this.#finder.next());
    if (track === null) return false;
    this.#reading = track;
    this.#vainLooks = 0;
    const frames = await this.#readFrom(track);
    // Off the air meanwhile: what was read of the broken track is not wanted.
    if (this.#reading !== track) return true;
    if (frames === null) await this.#closeTrack();
    else this.#push(track, frames);
    return frames?.count !== 0;
  }

  #push(track: Track, frames: Frames): void {
    const isFirst = track !== this.#pushed;
    if (frames.count > 0) this.#pushed = track;
    if (isFirst && track.before.length > 0) this.#pushCut(track, frames);
    else this.#queue.push(track, frames);
    this.#dropUnwanted();
  }

  /** The first frames of a track that begins behind some of its own. */
  #pushCut(track: Track, frames: Frames): void {
    const alone = aloneFrames(frames, track.before);
    const joined = joinedFrames(frames, track.before, this.#queue.last(SEAM_FRAMES));
    this.#queue.push(track, joined ?? alone, alone);
  }

  async #readFrom(track: Track): Promise<Frames | null> {
    try {
      return await track.next(this.#queue.seconds > PATIENT_SECONDS);
    } catch (error) {
      // A track that was closed under the read is not broken.
      if (this.#reading === track) this.#finder.leaveOut(error);
      return null;
    }
  }

  /** Never rejects: nothing was written, so an error loses nothing. */
  async #closeTrack(): Promise<void> {
    const track = this.#reading;
    this.#reading = null;
    try {
      await track?.close();
    } catch (error) {
      this.mount.log.debug(`${track?.path} could not be closed: ${String(error)}`);
    }
  }

  /** A disk that does not answer is not waited for; what it answers later is closed then. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#finder.close();
    this.playlist.close();
    await within(MAX_CLOSE_MS, this.#end());
  }

  async #end(): Promise<void> {
    await this.#filling;
    this.#stopLooking();
    this.#queue.clear();
    await this.#closeTrack();
  }
}

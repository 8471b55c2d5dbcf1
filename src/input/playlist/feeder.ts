// The playlist input: reads tracks ahead and writes their frames when they are due, without gaps between tracks.
import type { StreamFormat } from "../../format/frame.ts";
import { within } from "../../lib/within.ts";
import type { MountConfig } from "../../config/config.ts";
import { sameSetting } from "../../config/diff.ts";
import { type Metadata, NO_METADATA, sameMetadata } from "../../mount/metadata.ts";
import type { Mount } from "../../mount/mount.ts";
import { PLAYLIST } from "../../mount/priority.ts";
import type { Input, NextTrack, Player, TrackSound } from "../../mount/roles.ts";
import { Schedule } from "../schedule.ts";
import { CatchUp } from "./catch-up.ts";
import { FilePlayer } from "./file-player.ts";
import { FrameQueue } from "./frame-queue.ts";
import { Interruption } from "./interruption.ts";
import { NextLook } from "./look-again.ts";
import type { Playlist } from "./playlist.ts";
import type { Track } from "./track.ts";
import { TrackReader } from "./track-reader.ts";
import { TrackSupply } from "./track-supply.ts";

/** Audio read ahead, so that a slow read or the opening of the next track causes no gap. */
const AHEAD_SECONDS = 5;

/** How often a file that may still grow is checked. */
const GROW_MS = 250;

const MAX_CLOSE_MS = 1000;

/** A longer delay means that the machine was asleep: the schedule restarts, rather than rushing the missed audio out. */
const MAX_LATE_SECONDS = 1;

export class PlaylistFeeder implements Input {
  readonly kind = "playlist";
  readonly priority = PLAYLIST;
  readonly name = "the playlist";
  readonly player: Player = new FilePlayer(this);
  readonly #queue = new FrameQueue<Track>();
  readonly #schedule = new Schedule();
  readonly #catchUp = new CatchUp();
  readonly #interruption = new Interruption<Track>();
  readonly #supply: TrackSupply;
  readonly #reader: TrackReader;
  #heard: Track | null = null;
  /** Metadata on air: the track's, or that of a later chain in its stream. */
  #metadata: Metadata = NO_METADATA;
  /** How much of the track was heard, and how much of that before an interruption. */
  #heardSeconds = 0;
  #playedSeconds = 0;
  /** Skipped tracks, and those read ahead from a replaced playlist: they stay until another one is queued behind them,
   * to avoid a gap. */
  readonly #unwanted = new Set<Track>();
  #filling: Promise<void> | null = null;
  readonly #nextLook = new NextLook(() => void this.fill());
  #isClosed = false;

  constructor(
    private readonly mount: Mount,
    /** The playlist as the mount's settings have it now. */
    build: () => Playlist,
  ) {
    this.#supply = new TrackSupply(mount, build, () => this.#onTracks());
    this.#reader = new TrackReader(mount, this.#supply, this.#queue);
    mount.events.on("onAir", ({ before }) => {
      if (before?.isLive === true && this.#nextLook.isAwaited) void this.fill();
    });
  }

  /** There are other tracks, or another one comes next. */
  #onTracks(): void {
    this.#reader.lookAhead();
    this.mount.events.emit("tracks", { input: this });
  }

  get playlist(): Playlist {
    return this.#supply.playlist;
  }

  prepare(): Promise<void> {
    return this.fill();
  }

  /** The track on air plays to its end, the new settings hold from the next one on. */
  reconfigure({ playlist }: MountConfig): void {
    if (sameSetting(playlist, this.mount.config.playlist)) return;
    for (const track of this.#ahead) this.#giveUp(track);
    this.#supply.replace();
    // What a failed look misses is looked for again before the next track.
    const looked = this.playlist.look().catch(() => undefined);
    void looked.then(() => this.fill());
  }

  #giveUp(given: Track): void {
    for (const track of this.#reader.leave(given)) {
      if (this.#heard === null) this.#queue.drop(track);
      else this.#unwanted.add(track);
    }
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
    return this.#heard === null ? null : this.#supply.sourceOf(this.#heard);
  }

  get trackSeconds(): number | null {
    return this.#heard === null ? null : this.#supply.secondsOf(this.#heard);
  }

  get playedSeconds(): number {
    return this.#heard === null ? 0 : this.#playedSeconds;
  }

  onAir(nowMs: number, dueMs: number): void {
    this.#schedule.anchor(dueMs);
    this.#catchUp.begin(dueMs, nowMs);
    this.#goOn();
    const { track } = this.#queue;
    if (track !== null) this.#hear(track);
  }

  /** Another input takes over: the track is kept for a while, and goes on if that one soon leaves. If the queue merely ran
   * dry, the track resumes where it stopped. */
  offAir(nowMs: number, next: Input | null): void {
    const track = this.#heard;
    if (track === null || this.#queue.isEmpty) return;
    const [metadata, seconds] = [this.#metadata, this.#heardSeconds];
    this.#interruption.begin({ track, metadata, seconds }, next, nowMs);
    this.#heard = null;
  }

  /** After a show the next track begins, which is read ahead meanwhile. */
  tick(nowMs: number): void {
    const broken = this.#interruption.expired(nowMs);
    if (broken === null) return;
    for (const track of this.#reader.leave(broken)) this.#unwanted.add(track);
    void this.fill();
  }

  /** The interrupted track goes on, unless its end was all that was left to play of it. */
  #goOn(): void {
    const interrupted = this.#interruption.end();
    this.#queue.rejoin();
    if (interrupted === null || interrupted.track !== this.#queue.track) return;
    this.#heard = interrupted.track;
    this.#metadata = interrupted.metadata;
    this.#heardSeconds = this.#playedSeconds = interrupted.seconds;
  }

  advance(nowMs: number): void {
    for (const due of this.#queue.takeDue(this.#schedule, this.#untilMs(nowMs))) {
      this.#hear(due.track, due.frames.metadata ?? null);
      this.mount.write(this, due.frames, nowMs);
      this.#heardSeconds += due.frames.seconds;
    }
    if (this.#queue.seconds < AHEAD_SECONDS && !this.#nextLook.isAwaited) void this.fill();
  }

  /** Until when frames are written now. */
  #untilMs(nowMs: number): number {
    if (this.#catchUp.isBehind(this.#schedule, nowMs)) {
      return this.#catchUp.untilMs(this.#schedule, this.#queue.seconds, nowMs);
    }
    if (this.#schedule.lateSeconds(nowMs) > MAX_LATE_SECONDS) {
      this.mount.log.repeated("the playlist fell behind its schedule and starts it anew");
      this.#schedule.anchor(nowMs);
    }
    return nowMs;
  }

  /** The file on air, or null while another input is. */
  get heardFile(): string | null {
    return this.#onAir && this.#supply.nameOf(this.#onAir);
  }

  get sound(): TrackSound | null {
    return this.#onAir && this.#supply.soundOf(this.#onAir);
  }

  get #onAir(): Track | null {
    return this.mount.onAir === this ? this.#heard : null;
  }

  /** The next files, as far as they are known; the first may have been read ahead. */
  upcoming(count: number): string[] {
    const names = this.#ahead.map((track) => this.#supply.nameOf(track));
    return [...names, ...this.playlist.upcoming(count)].slice(0, count);
  }

  /** The track that is read ahead; null while none is. */
  get nextRead(): NextTrack | null {
    const [track] = this.#ahead;
    return track === undefined ? null : this.#supply.describe(track);
  }

  /** Tracks that are read ahead of the one that is heard. */
  get #ahead(): readonly Track[] {
    const tracks = new Set([...this.#queue.tracks, ...this.#reader.tracks]);
    return [...tracks].filter((track) => track !== this.#heard && !this.#unwanted.has(track));
  }

  /** Ends the current track as soon as the next one is ready; false if none is on air. */
  skip(): boolean {
    const heard = this.#heard;
    if (heard === null || this.mount.onAir !== this) return false;
    this.#giveUp(heard);
    this.#dropUnwanted();
    void this.fill();
    return true;
  }

  #dropUnwanted(): void {
    const last = this.#queue.tracks.at(-1);
    if (last === undefined || this.#unwanted.has(last)) return;
    for (const track of this.#unwanted) this.#queue.drop(track);
    this.#unwanted.clear();
  }

  /** Checks now for new, removed and changed files. */
  async rescan(): Promise<void> {
    await this.playlist.look();
    if (this.#nextLook.isAwaited) await this.fill();
  }

  /** `inStream`: metadata that the stream has from here on, or null. */
  #hear(track: Track, inStream: Metadata | null = null): void {
    const isNew = track !== this.#heard;
    if (!isNew && (inStream === null || sameMetadata(inStream, this.#metadata))) return;
    this.#heard = track;
    this.#metadata = inStream ?? track.metadata;
    if (isNew) this.#begin(track);
    this.mount.announce(this);
  }

  #begin(track: Track): void {
    this.#heardSeconds = this.#playedSeconds = 0;
    this.#supply.heard(track);
  }

  /** Reads ahead until enough is queued or nothing can be played. Calls share one run; never rejects. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill().finally(() => (this.#filling = null));
    return this.#filling;
  }

  async #fill(): Promise<void> {
    this.#nextLook.cancel();
    try {
      while (!this.#isClosed && this.#isHungry) {
        const hasRead = await this.#reader.readOn();
        this.#dropUnwanted();
        if (this.#reader.isReading) this.#nextLook.found();
        if (!hasRead) return this.#lookLater();
      }
    } catch (error) {
      this.mount.log.repeated(`the playlist cannot be read on: ${String(error)}`);
      this.#lookLater();
    }
  }

  get #isHungry(): boolean {
    return this.#queue.seconds < AHEAD_SECONDS || this.#unwanted.size > 0;
  }

  #lookLater(): void {
    const isLive = this.mount.onAir?.isLive === true;
    this.#nextLook.await(isLive, this.#reader.isReading ? GROW_MS : undefined);
  }

  /** Waits at most MAX_CLOSE_MS for a disk that does not respond; files it opens later are closed then. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#supply.close();
    await within(MAX_CLOSE_MS, this.#end());
  }

  async #end(): Promise<void> {
    await this.#filling;
    this.#nextLook.cancel();
    this.#queue.clear();
    await this.#reader.close();
  }
}

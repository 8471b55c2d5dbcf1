// Reads the tracks of a playlist one after the other into a queue: joined where one follows another, or with the crossfade
// that was made between them.
import type { Frames } from "../../format/frame.ts";
import { sliceFrames } from "../../format/frame-slice.ts";
import { aloneFrames, joinedFrames, SEAM_FRAMES } from "../../format/mpeg/seam.ts";
import { within } from "../../lib/within.ts";
import type { Mount } from "../../mount/mount.ts";
import { type Crossfade, Crossfades, type FadeFrames, fadeFrames } from "./crossfades.ts";
import type { FrameQueue } from "./frame-queue.ts";
import type { Track } from "./track.ts";
import type { TrackSupply } from "./track-supply.ts";

/** A file that may still grow is waited for while this much audio is queued. */
const PATIENT_SECONDS = 1.5;

/** Where tracks are faded they are read in pieces of a second: what is read is not faded any more. Pages of Ogg last up to a
 * second. */
const PIECE_FRAMES = 40;
const PIECE_PAGES = 5;

/** A crossfade needs the next track before its own track ends: for no longer than this, or there is none. */
const MAX_FIND_MS = 1500;

export class TrackReader {
  /** May be ahead of the track on air. */
  #reading: Track | null = null;
  /** The track whose frames came last. */
  #pushed: Track | null = null;
  /** The track after the one that is read, if it was looked for already. */
  #finding: Promise<Track | null> | null = null;
  #found: Track | null = null;
  /** The latest crossfade in the queue. */
  #fade: { readonly from: Track; readonly into: Track } | null = null;
  /** Begins anew: its beginning was in a crossfade that is not played. */
  #again: Track | null = null;
  readonly #crossfades: Crossfades;

  constructor(
    private readonly mount: Mount,
    private readonly supply: TrackSupply,
    private readonly queue: FrameQueue<Track>,
  ) {
    this.#crossfades = new Crossfades(mount, supply);
  }

  get isReading(): boolean {
    return this.#reading !== null;
  }

  /** The track that is read, and the one after it if that is open already. */
  get tracks(): readonly Track[] {
    return [this.#reading, this.#found].filter((track) => track !== null);
  }

  /** Has the crossfade made that follows the track that is read, as far as is known now. */
  lookAhead(): void {
    if (this.#reading !== null && this.#finding === null) this.#crossfades.prepare(this.#reading);
  }

  /** Does one read of the current track, or of the next one. False if there is nothing to play yet. */
  async readOn(): Promise<boolean> {
    const track = this.#reading ?? (await this.#next());
    if (track === null) return false;
    this.#reading = track;
    this.lookAhead();
    const fade = this.#crossfades.after(track);
    track.stopAt(fade?.seam.cut ?? null);
    const frames = await this.#readFrom(track);
    // The track was dropped during the read.
    if (this.#reading !== track) return true;
    if (frames !== null) this.#push(track, frames);
    else if (fade !== null && track.isStopped) await this.#fadeOut(track, fade);
    else await this.#end(track);
    return frames?.count !== 0;
  }

  /** The track is not read on. Returns the tracks whose frames are not to be played: a crossfade makes no sense without
   * the track before it. */
  leave(track: Track): readonly Track[] {
    if (this.#reading === track) void this.#end(track);
    if (this.#found === track) this.#dropFound();
    const fade = this.#fade;
    if (fade?.from !== track) return [track];
    this.#fade = null;
    this.#again = fade.into;
    return [track, ...this.leave(fade.into)];
  }

  async close(): Promise<void> {
    this.#dropFound();
    if (this.#reading !== null) await this.#end(this.#reading);
  }

  async #next(): Promise<Track | null> {
    const [again, finding] = [this.#again, this.#finding];
    this.#again = null;
    const anew = again === null ? null : await this.supply.again(again);
    if (anew !== null) return anew;
    this.#finding = null;
    const found = await finding;
    this.#found = null;
    return found ?? this.supply.next();
  }

  /** Looks for the next track once. Never rejects. */
  #find(): Promise<Track | null> {
    this.#finding ??= this.supply.next().then(
      (track) => (this.#found = track),
      (error: unknown) => {
        this.mount.log.repeated(`the next track was not found: ${String(error)}`);
        return null;
      },
    );
    return this.#finding;
  }

  #dropFound(): void {
    const found = this.#found;
    this.#finding = this.#found = null;
    if (found !== null) void this.#closed(found);
  }

  /** The track has stopped where its crossfade begins. */
  async #fadeOut(track: Track, fade: Crossfade): Promise<void> {
    const next = await within(MAX_FIND_MS, this.#find());
    if (this.#reading !== track) return;
    const frames = next === null ? null : fadeFrames(fade, next);
    if (next === null || frames === null) return this.#crossfades.giveUp();
    this.#finding = this.#found = null;
    this.#pushFade(track, next, frames);
    this.#reading = next;
    await this.#closed(track);
  }

  #pushFade(from: Track, into: Track, { frames, middle, resume }: FadeFrames): void {
    into.beginAt(resume);
    const { lastPage } = from;
    if (lastPage !== null) this.queue.push(from, lastPage);
    this.queue.push(from, sliceFrames(frames, 0, middle));
    this.queue.push(into, sliceFrames(frames, middle));
    this.#pushed = into;
    this.#fade = { from, into };
  }

  #push(track: Track, frames: Frames): void {
    const isFirst = track !== this.#pushed;
    if (frames.count > 0) this.#pushed = track;
    if (isFirst && track.before.length > 0) this.#pushCut(track, frames);
    else this.queue.push(track, frames);
  }

  /** The first frames of a track that begins behind some of its own. */
  #pushCut(track: Track, frames: Frames): void {
    const alone = aloneFrames(frames, track.before);
    const joined = joinedFrames(frames, track.before, this.queue.last(SEAM_FRAMES));
    this.queue.push(track, joined ?? alone, alone);
  }

  async #readFrom(track: Track): Promise<Frames | null> {
    try {
      const isFaded = this.mount.config.playlist.crossfade > 0;
      const isPatient = this.queue.seconds > PATIENT_SECONDS;
      return await track.next(isPatient, isFaded ? pieceOf(track) : undefined);
    } catch (error) {
      // Closing the track makes a pending read fail, which is no fault of the file.
      if (this.#reading === track) this.supply.leaveOut(track, error);
      return null;
    }
  }

  async #end(track: Track): Promise<void> {
    this.#reading = null;
    await this.#closed(track);
  }

  /** Never rejects: the file was only read, so an error loses nothing. */
  async #closed(track: Track): Promise<void> {
    try {
      await track.close();
    } catch (error) {
      this.mount.log.debug(`${track.path} could not be closed: ${String(error)}`);
    }
  }
}

/** Frames to be read at once. */
function pieceOf({ format }: Track): number {
  return format.codec === "vorbis" || format.codec === "flac" ? PIECE_PAGES : PIECE_FRAMES;
}

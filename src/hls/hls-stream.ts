// A mount by HLS: follows its frames and titles, and has its playlists and segments. It keeps positions, not audio.
import type { Mount } from "../mount/mount.ts";
import type { Ring } from "../native/ring.ts";
import { HlsRun } from "./hls-run.ts";
import type { Keepable, KeptWindow } from "./kept-window.ts";
import type { MediaPlaylist } from "./media-playlist.ts";
import { fileBytes, type Init, type MediaFile, type MediaSegment } from "./media-segment.ts";
import type { HlsRunContext } from "./run-context.ts";
import { WaitingClients } from "./waiting-clients.ts";

/** What the mounts of a station share. */
export interface HlsContext extends HlsRunContext {
  /** Before audio is heard: goes on with the playlists of the run before. Never rejects. */
  restore(): Promise<void>;
  /** Before the mounts end with the station: completes their playlists and keeps them for the next run. */
  leave(): void;
  /** Settles when all is kept, or could not be in time. Never rejects. */
  close(): Promise<void>;
  /** Those of mounts that are open. */
  readonly streams: Set<HlsStream>;
}

export class HlsStream {
  /** Clients that wait for the first segment. */
  readonly beginning = new WaitingClients();
  /** When a file of it was asked for last, in milliseconds since 1970. */
  askedMs = Number.NEGATIVE_INFINITY;
  #running: HlsRun | null = null;
  /** As they were configured when they were looked at last. */
  #lengths = { segment: 0, part: 0 };

  constructor(
    readonly mount: Mount,
    private readonly context: HlsContext,
  ) {
    context.streams.add(this);
    mount.events.on("closed", () => {
      context.streams.delete(this);
      this.#running?.leave();
      this.beginning.release();
    });
    this.follow();
  }

  /** Takes over a changed configuration. */
  follow(): void {
    const { hls, group } = this.mount.config;
    if (!hls.enabled || this.#running?.group !== group) this.#stop();
    if (!hls.enabled) this.beginning.release();
    else this.#begin();
    this.#keepRing();
  }

  #begin(): void {
    const { segment, part } = this.mount.config.hls;
    if (this.#running !== null) this.#announce({ segment, part });
    this.#lengths = { segment, part };
    if (this.#running !== null) return;
    this.#running = new HlsRun(this.mount, this.context, () => this.#grew());
    const earlier = this.context.earlierOf(this.mount.path);
    if (earlier !== null) this.resume(earlier);
  }

  /** A playlist keeps its lengths. */
  #announce(lengths: { readonly segment: number; readonly part: number }): void {
    for (const name of ["segment", "part"] as const) {
      const seconds = lengths[name];
      if (seconds === this.#lengths[name]) continue;
      this.mount.log.info(`hls.${name}: ${seconds} s count from the next start`);
    }
  }

  #grew(): void {
    this.beginning.look();
    this.#keepRing();
  }

  /** Segments that are files of their own need no audio in the ring. */
  #keepRing(): void {
    this.mount.rewind.keep(this.#running?.heldSeconds ?? 0);
  }

  /** The configuration has it. */
  get isOn(): boolean {
    return this.#running !== null;
  }

  /** It began a moment ago and has no programme yet: a player may ask for what is still to come. */
  get isComing(): boolean {
    const running = this.#running;
    if (running?.isYoung !== true) return false;
    const { onAir } = this.mount;
    return running.playlist === null || onAir === null || onAir.isFiller === true;
  }

  /** What is heard now is of a codec that has no HLS. */
  get isUnsupported(): boolean {
    return this.#running?.isUnsupported ?? false;
  }

  /** The one that grows; null while there is none. */
  get playlist(): MediaPlaylist | null {
    return this.#running?.playlist ?? null;
  }

  /** Time of day at which the mount's timeline was 0, by the dates of the playlist; null before its first segment. */
  get zeroMs(): number | null {
    const newest = this.playlist?.listed.at(-1);
    return newest === undefined ? null : Math.round(newest.wallMs - newest.fromSeconds * 1000);
  }

  /** One that grows, or has ended and is still to be had, by its name. */
  playlistNamed(name: string): MediaPlaylist | null {
    const playlist = this.#running?.playlists.byName.get(name) ?? null;
    if (playlist?.isEnded !== true) return playlist;
    const newest = playlist.listed.at(-1);
    return newest !== undefined && this.#isGone(newest) ? null : playlist;
  }

  /** null if there is none of this name, or none any more. */
  segment(run: string, number: number): MediaSegment | null {
    const segment = this.#running?.segment(number) ?? null;
    return segment?.run === run ? segment : null;
  }

  /** A part of a segment; null if there is none, or not yet. */
  part(run: string, number: number, index: number): MediaFile | null {
    return this.#running?.part(run, number, index) ?? null;
  }

  init(run: string, index: number): Init | null {
    return this.#running?.init(run, index) ?? null;
  }

  /** What players get; null if its audio is overwritten. */
  bytes(file: MediaFile): Uint8Array<ArrayBuffer> | null {
    return fileBytes(file, this.#ringOf(file));
  }

  /** A segment, a part or a header of this server has this name. */
  hasFile(name: string): boolean {
    return this.#running?.hasFile(name) ?? false;
  }

  /** Somebody plays it. */
  asked(): void {
    this.askedMs = this.context.wall.nowMs();
  }

  /** Goes on with what an earlier run has left, unless something was heard since. */
  resume(window: KeptWindow): void {
    this.#running?.resume(window);
    this.askedMs = window.stoppedMs;
    this.beginning.look();
  }

  /** The station stops: all that was broadcast is listed. Returns what the next run needs to go on; null if there is nothing. */
  complete(): Keepable | null {
    this.#running?.complete();
    return this.#running?.keepable ?? null;
  }

  #ringOf({ number }: Pick<MediaFile, "number">): Ring {
    return (this.#running?.ringOf(number) ?? this.mount).ring;
  }

  #isGone({ file, number, from }: MediaSegment): boolean {
    if (file !== null) return this.#running?.segment(number) == null;
    const ring = this.#ringOf({ number });
    return !ring.isClosed && from < ring.tail;
  }

  /** Once a second or so. */
  tick(): void {
    this.#running?.tick();
  }

  #stop(): void {
    this.#running?.close();
    this.#running = null;
  }
}

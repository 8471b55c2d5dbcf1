// A mount by HLS from one switch of `enabled` to the next: its segments, their numbers, and its playlists.
import { type Codec, codecLabel, type StreamFormat } from "../format/frame.ts";
import type { MountEvents } from "../mount/events.ts";
import type { Mount } from "../mount/mount.ts";
import type { Airing } from "../mount/timeline.ts";
import { containerOf } from "./containers.ts";
import { Absence } from "./absence.ts";
import type { GroupTimeline } from "./group-timeline.ts";
import { HeardMount } from "./heard-mount.ts";
import { KeptSegments } from "./kept-segments.ts";
import {
  endOf,
  isPromised,
  type Keepable,
  type KeptWindow,
  placedOn,
  restoredPlaylist,
} from "./kept-window.ts";
import type { MediaPlaylist } from "./media-playlist.ts";
import {
  type GrowingSegment,
  type Init,
  type MediaFile,
  type MediaSegment,
  partsEndMs,
  secondsOf,
} from "./media-segment.ts";
import type { HlsRunContext } from "./run-context.ts";
import { RunNumbers } from "./run-numbers.ts";
import { RunPlaylists } from "./run-playlists.ts";
import { SegmentRings } from "./segment-rings.ts";
import { Segmenter } from "./segmenter.ts";
import { TitleRanges } from "./title-ranges.ts";

/** Sources come back after a restart in less. */
export const YOUNG_MS = 60_000;

export class HlsRun {
  readonly run: string;
  readonly playlists: RunPlaylists;
  readonly segmentSeconds: number;
  /** 0: without parts. */
  readonly partSeconds: number;
  readonly beganMs: number;
  readonly group: string;
  readonly #timeline: GroupTimeline | null;
  readonly #kept = new KeptSegments();
  readonly #numbers: RunNumbers;
  readonly #absence: Absence;
  #airing: Airing | null;
  readonly #segmenter: Segmenter;
  readonly #titles: TitleRanges;
  readonly #heard: HeardMount;
  readonly #rings: SegmentRings;
  #heardMs = 0;
  /** The codec without HLS that is heard; null for none. */
  #passed: Codec | null = null;
  /** Where the media timeline is 0 on the mount's. */
  #zeroSeconds = 0;

  constructor(
    private readonly mount: Mount,
    private readonly context: HlsRunContext,
    private readonly onSegment: () => void,
  ) {
    const { timeline, config } = mount;
    this.run = context.runName();
    this.beganMs = context.wall.nowMs();
    this.group = config.group;
    this.#timeline = context.groupNamed(config.group);
    const { segment, part } = config.hls;
    this.segmentSeconds = this.#timeline?.segmentSeconds(segment) ?? segment;
    // Playlists of one multivariant playlist would have to promise the same, and not all codecs have parts.
    this.partSeconds = this.#timeline === null ? part : 0;
    const segmentMs = this.segmentSeconds * 1000;
    const [{ path, hold }, { numbering, wall }] = [mount, context];
    this.#numbers = new RunNumbers({ path, segmentMs, numbering, group: this.#timeline });
    this.#absence = new Absence({ segmentMs, hold, wall, dateMs: () => this.#segmenter.wallMs });
    this.#titles = new TitleRanges(this.run, (airing) => context.artworkIdOf(airing));
    this.#airing = timeline.airings.at(-1) ?? null;
    this.playlists = new RunPlaylists({
      ...{ run: this.run, segmentSeconds: this.segmentSeconds, partSeconds: this.partSeconds },
      isGrouped: this.#timeline !== null,
      discontinuity: () => this.#numbers.discontinuity,
      onBegin: (format) => this.#began(format),
    });
    this.#segmenter = new Segmenter({
      run: this.run,
      segmentMs,
      partMs: this.partSeconds * 1000,
      epochMs: context.epochMs,
      positionAt: (ms) => this.#zeroSeconds + ms / 1000,
      group: this.#timeline,
      nextNumber: (startMs) => this.#numbers.next(startMs),
      onSegment: (one) => this.#add(one),
      onPart: (growing) => this.#grow(growing),
    });
    this.#rings = new SegmentRings(mount);
    const choose = () => context.programmeOf(mount, (fallback) => this.#fits(fallback));
    this.#heard = new HeardMount(mount, choose, {
      onAir: (change) => this.#absence.onAir(change, mount.writtenSeconds),
      titled: (airing) => (this.#airing = airing),
      frames: (batch) => this.#hear(batch),
      turning: () => this.#segmenter.interrupt(),
    });
  }

  get playlist(): MediaPlaylist | null {
    return this.playlists.current;
  }

  /** Sources may still be on their way back. */
  get isYoung(): boolean {
    return this.context.wall.nowMs() - this.beganMs < YOUNG_MS;
  }

  /** Goes on with the playlist of an earlier run, if it promises the same, and nothing was heard yet. */
  resume(window: KeptWindow): void {
    const { newest } = window;
    const facts = this.playlists.factsOf(newest, window.discontinuity);
    if (this.#heardMs > 0 || !isPromised(window, facts)) return;
    const { config, writtenSeconds } = this.mount;
    const zeroMs = this.context.wall.nowMs() - writtenSeconds * 1000;
    const placed = placedOn(window, zeroMs);
    for (const segment of placed.segments)
      this.#kept.add(segment, config.hls.window, this.segmentSeconds);
    const playlist = restoredPlaylist(placed, facts, config.hls.window);
    this.playlists.resume(playlist);
    this.#titles.restore(window.titles);
    this.#segmenter.follow(endOf(newest));
    this.#numbers.note(playlist.last, playlist.lastDiscontinuity);
    this.#absence.begin(window);
  }

  /** What the next run needs to go on with the playlist; null if there is nothing to go on with. */
  get keepable(): Keepable | null {
    return this.playlists.keepable(this.#kept);
  }

  get isUnsupported(): boolean {
    return this.#heardMs > 0 && this.#segmenter.container === null;
  }

  /** Of audio that its segments have: those that are listed, and as many removed ones. Files of their own need none. */
  get heldSeconds(): number {
    if (this.#segmenter.container?.rewrap !== undefined) return 0;
    return (2 * this.mount.config.hls.window + 2) * this.segmentSeconds;
  }

  segment(number: number): MediaSegment | null {
    return this.#kept.segment(number);
  }

  /** A file of it has this name. */
  hasFile(name: string): boolean {
    return name.startsWith(`${this.run}-`) || this.#kept.hasFile(name);
  }

  /** The mount whose ring a segment lies in, the one that grows included. */
  ringOf(number: number): Mount {
    return this.segment(number) === null ? this.#heard.current : this.#rings.of(number);
  }

  /** Players can go on with what another mount plays. */
  #fits({ sounding }: Mount): boolean {
    const name = (sounding && containerOf(sounding)?.playlistName(sounding)) ?? null;
    return name !== null && (this.playlist === null || this.playlist.facts.name === name);
  }

  /** null if there is none, or not yet. */
  part(run: string, number: number, index: number): MediaFile | null {
    const growing = this.playlist?.growing ?? null;
    const segment = growing?.number === number ? growing : this.segment(number);
    return segment?.run === run ? (segment.parts[index] ?? null) : null;
  }

  init(run: string, index: number): Init | null {
    const init = this.playlist?.growing?.init ?? null;
    return init?.run === run && init.index === index ? init : this.#kept.init(run, index);
  }

  /** While nothing is written, what was heard last must not wait for more. */
  tick(): void {
    this.#heard.look();
    const silentMs = this.context.wall.nowMs() - this.#heardMs;
    if (silentMs > this.segmentSeconds * 1000) this.#segmenter.flush();
    if (!this.isYoung) this.playlists.giveUp();
  }

  /** The station stops: what it has broadcast is listed for the next run, and clients that wait get the list without it. */
  complete(): void {
    this.playlist?.freeze();
    this.#heard[Symbol.dispose]();
    this.#segmenter.flush();
    this.playlist?.waiting.release();
  }

  /** The mount ends, with or without the station: players may find both again, and wait. A segment that grows could not be
   * fetched any more, so it is not listed. */
  leave(): void {
    this.#heard[Symbol.dispose]();
    this.playlist?.waiting.release();
  }

  close(): void {
    this.mount.hold.forgive();
    this.#heard[Symbol.dispose]();
    this.#segmenter.flush();
    this.playlists.close();
  }

  #hear({ input, frames, fromSeconds }: MountEvents["frames"]): void {
    const { current } = this.#heard;
    const { sounding, ring } = current;
    if (sounding === null || (input.isFiller === true && this.#expectsOther(sounding))) return;
    const nowMs = this.context.wall.nowMs();
    this.#heardMs = nowMs;
    const atSeconds = current === this.mount ? fromSeconds : this.mount.writtenSeconds;
    const lateMs = this.#absence.lateMs(atSeconds);
    this.#segmenter.prepare(sounding, nowMs - lateMs);
    this.#zeroSeconds = atSeconds - this.#segmenter.nowMs / 1000;
    if (this.#segmenter.container === null) return this.#pass(sounding);
    if (this.#airing !== null) this.#turnTitle(this.#airing);
    const position = ring.head - frames.bytes.length;
    this.#segmenter.add({ format: sounding, frames, position, nowMs, lateMs });
  }

  /** Silence before the first source is MP3, which players of another codec cannot play. */
  #expectsOther(format: StreamFormat): boolean {
    const { expected } = this.playlists;
    const isOther = containerOf(format)?.playlistName(format) !== expected;
    return expected !== null && isOther && this.isYoung;
  }

  /** There is no HLS for what is heard. */
  #pass({ codec }: StreamFormat): void {
    this.#end();
    if (codec === this.#passed) return;
    this.#passed = codec;
    this.mount.log.warn(`there is no HLS for ${codecLabel(codec)}`);
  }

  #turnTitle(airing: Airing): void {
    this.#airing = null;
    this.#segmenter.retitle(airing.metadata);
    this.#titles.add(airing, this.#segmenter.wallMs ?? this.#heardMs);
  }

  #add(segment: MediaSegment): void {
    const { window } = this.mount.config.hls;
    const playlist = this.playlists.forSegment(segment);
    this.#kept.add(segment, window, this.segmentSeconds);
    this.#rings.note(segment.number, this.#heard.current, this.heldSeconds);
    this.#rings.trim(this.#kept.first);
    this.playlists.forget((number) => this.segment(number) === null);
    const isFirst = playlist.last < 0;
    playlist.append(isFirst ? { ...segment, isDiscontinuous: false } : segment, window);
    this.#publish(playlist, segment.wallMs + secondsOf(segment) * 1000);
    this.onSegment();
    this.#numbers.use(segment.number, playlist.lastDiscontinuity);
  }

  #grow(growing: GrowingSegment): void {
    const playlist = this.playlists.forParts(growing);
    if (playlist === null) return;
    playlist.grow(growing);
    this.#publish(playlist, partsEndMs(growing));
    const own = growing.isDiscontinuous ? 1 : 0;
    this.#numbers.use(growing.number, playlist.lastDiscontinuity + own);
  }

  /** Its audio reaches up to that time of day. */
  #publish(playlist: MediaPlaylist, toMs: number): void {
    const [first] = playlist.listed;
    if (first !== undefined) this.#titles.list(first.wallMs, toMs);
    playlist.publish(this.#titles.listed);
  }

  #began({ codec }: StreamFormat): void {
    this.#passed = null;
    this.mount.log.info(`HLS begins in ${codecLabel(codec)}`);
  }

  #end(): void {
    this.#segmenter.flush();
    this.playlists.end();
  }
}

// Records a mount: decides which of its frames go into which file, and where files begin.
import type { RecordingConfig } from "../config/config.ts";
import type { Recorded } from "../config/recording-keys.ts";
import { sameFormat, type StreamFormat } from "../format/frame.ts";
import { sliceFrames } from "../format/frame-slice.ts";
import type { Clock } from "../lib/clock.ts";
import { together } from "../lib/emitter.ts";
import type { MountEvents } from "../mount/events.ts";
import { type Metadata, NO_METADATA, sameMetadata } from "../mount/metadata.ts";
import type { Mount } from "../mount/mount.ts";
import type { Input } from "../mount/roles.ts";
import type { Airing } from "../mount/timeline.ts";
import { framesBefore } from "./cut.ts";
import { fileName } from "./file-name.ts";
import { FrameMemory, type Start } from "./frame-memory.ts";
import type { Shelf } from "./shelf.ts";
import { type Show, showOf } from "./show.ts";
import type { Heard, Take } from "./take.ts";
import { nextHour, type Offset } from "./wall-hours.ts";

/** A file that nothing else ends is ended after this long. */
const LONGEST_MS = 24 * 3_600_000;

/** The system's clock may be set back a little within a file. */
const SLIP_MS = 60_000;

function isRecorded(when: Recorded, { isLive = false, kind }: Input): boolean {
  return when === "always" || isLive || (when === "live_or_relay" && kind === "relay");
}

const STATION: Show = { id: "", name: "", user: "", address: "" };

export interface RecorderFacts {
  readonly mount: Mount;
  readonly config: RecordingConfig;
  readonly shelf: Shelf;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly offset: Offset;
  readonly listeners: () => number;
}

export class Recorder {
  readonly #memory = new FrameMemory();
  readonly #subscriptions: Disposable;
  #take: Take | null = null;
  #input: Input | null = null;
  #airing: Airing | null = null;
  #isNewTitle = true;
  /** Since when the source of the file is not on air; null while it is. */
  #awaySinceMs: number | null = null;
  #cutMs = 0;
  /** When the frames before came. */
  #lastMs: number;
  /** Audio that was heard and is missing in any file, since the start. */
  lostSeconds = 0;
  /** When that was last, in milliseconds since 1970. */
  lostMs = Number.NEGATIVE_INFINITY;
  recordedSeconds = 0;
  recordedBytes = 0;

  #config: RecordingConfig;

  constructor(readonly facts: RecorderFacts) {
    this.#config = facts.config;
    const { events, timeline } = facts.mount;
    this.#lastMs = facts.wall.nowMs();
    this.#airing = timeline.airings.at(-1) ?? null;
    this.#subscriptions = together([
      events.on("frames", (batch) => this.#hear(batch)),
      events.on("titleWritten", (airing) => {
        this.#airing = airing;
        this.#isNewTitle = true;
      }),
    ]);
  }

  get config(): RecordingConfig {
    return this.#config;
  }

  /** What files there are, and how they are called, is as before. */
  reconfigure(config: RecordingConfig): void {
    this.#config = config;
  }

  get mount(): Mount {
    return this.facts.mount;
  }

  /** The file that grows; null if nothing is recorded. */
  get take(): Take | null {
    return this.#take;
  }

  /** Once a second or so. */
  tick(): void {
    const nowMs = this.facts.wall.nowMs();
    if (this.#take === null || this.#awaySinceMs === null) return;
    if (this.#isAwayTooLong(nowMs) || nowMs >= this.#cutMs) this.#end();
  }

  close(): void {
    this.#subscriptions[Symbol.dispose]();
    this.#end();
  }

  #hear({ input, frames }: MountEvents["frames"]): void {
    const format = this.mount.sounding;
    const [lastMs, nowMs] = [this.#lastMs, this.facts.wall.nowMs()];
    this.#lastMs = nowMs;
    if (format === null) return;
    if (!isRecorded(this.config.when, input)) return this.#leave(nowMs);
    const fromMs = Math.max(nowMs - frames.seconds * 1000, Math.min(lastMs, nowMs));
    this.#follow(input, fromMs);
    this.#settle(format, nowMs);
    const heard = { input, format, frames, fromMs, toMs: nowMs };
    const before = this.#take === null ? 0 : framesBefore(this.#cutMs, frames, lastMs, nowMs);
    if (this.#take === null || before === frames.count) return this.#write(heard);
    const cutMs = Math.min(this.#cutMs, nowMs);
    const [first, rest] = [sliceFrames(frames, 0, before), sliceFrames(frames, before)];
    if (before > 0) this.#write({ ...heard, frames: first, toMs: cutMs });
    this.#end();
    this.#write({ ...heard, frames: rest, fromMs: Math.max(fromMs, cutMs) });
  }

  /** Ends a file that cannot go on: another format follows, or the system's clock was set back. */
  #settle(format: StreamFormat, nowMs: number): void {
    const segment = this.#take?.segment;
    if (segment === undefined) return;
    const isBack = nowMs < segment.startMs - SLIP_MS;
    if (isBack || !sameFormat(segment.format, format)) this.#end();
  }

  /** The input is not recorded. */
  #leave(nowMs: number): void {
    this.#awaySinceMs ??= nowMs;
    this.#memory.forget();
  }

  /** The input that is heard: of the same show as before, of another, or back. */
  #follow(input: Input, nowMs: number): void {
    const isOther = input !== this.#input;
    if (!isOther && this.#awaySinceMs === null) return;
    this.#input = input;
    const take = this.#take;
    if (take === null) return;
    if (this.config.when !== "always") this.#return(take, input, nowMs);
    else if (this.config.split === "show") this.#followShow(take, input, nowMs);
    if (this.#take !== null && isOther) this.#noteSource(this.#take, input);
  }

  #return(take: Take, input: Input, nowMs: number): void {
    const sinceMs = this.#awaySinceMs;
    const isOtherShow = this.config.split === "show" && showOf(input).id !== take.show.id;
    if (isOtherShow || this.#isAwayTooLong(nowMs)) this.#end();
    else if (sinceMs !== null) take.gap("source", take.segment.endMs, nowMs, 0);
    this.#awaySinceMs = null;
  }

  /** Between the shows of sources, the station's own programme is one. */
  #followShow(take: Take, input: Input, nowMs: number): void {
    const { id } = showOf(input);
    const isSame = id === take.show.id;
    if (!isSame && id === "" && this.config.resumeSeconds > 0) this.#awaySinceMs ??= nowMs;
    else if (!isSame) this.#end();
    if (isSame || id !== "") this.#awaySinceMs = null;
    if (this.#isAwayTooLong(nowMs)) this.#end();
  }

  #isAwayTooLong(nowMs: number): boolean {
    const sinceMs = this.#awaySinceMs;
    return sinceMs !== null && nowMs - sinceMs >= this.config.resumeSeconds * 1000;
  }

  #write(heard: Heard): void {
    const { frames, format } = heard;
    if (this.#isNewTitle) this.#turnTitle();
    if (this.#take?.file.isOver === true) this.#take = null;
    if (this.#take === null) this.#begin(heard);
    else this.#add(this.#take, heard);
    this.#memory.pass(frames, format);
  }

  #turnTitle(): void {
    const { split } = this.config;
    const take = this.#take;
    if (take === null) return;
    const { metadata = NO_METADATA, kind = "" } = this.#airing ?? {};
    // A source that returns with its title goes on.
    const isSame = sameMetadata(metadata, take.title);
    if (split !== "title" || isSame) take.entitle(metadata, kind);
    else if (take.isBarelyBegun) this.#rename(take, metadata);
    else return this.#end();
    this.#isNewTitle = false;
  }

  /** A source's first title is its show's name: the right one follows soon. */
  #rename(take: Take, metadata: Metadata): void {
    take.entitle(metadata, this.#airing?.kind ?? "");
    take.rename(this.#pathAt(take.segment.startMs, take.show));
  }

  #begin(heard: Heard): void {
    if (this.facts.shelf.isFull) return this.#lose(heard);
    const start = this.#memory.start(heard.frames, heard.format);
    if (start === null) return;
    const take = this.#newTake(start, heard);
    this.#take = take;
    this.#log(`recording "${this.config.label}" begins: ${take.file.path}${take.file.suffix}`);
    this.#cutMs = this.#cutAfter(heard.fromMs);
    this.#isNewTitle = false;
    this.#awaySinceMs = null;
    take.entitle(this.#title, this.#airing?.kind ?? heard.input.kind);
    this.#noteSource(take, heard.input);
    this.#add(take, { ...heard, frames: start.frames });
  }

  get #title(): Metadata {
    return this.#airing?.metadata ?? NO_METADATA;
  }

  #cutAfter(startMs: number): number {
    const { split } = this.config;
    return split === "hour" ? nextHour(startMs, this.facts.offset) : startMs + LONGEST_MS;
  }

  #newTake(start: Start, { input, format, fromMs: startMs }: Heard): Take {
    const { config } = this;
    const { mount, shelf, offset } = this.facts;
    const show = input.isLive === true ? showOf(input) : STATION;
    const { stationName: station } = mount.config.metadata;
    const belongs = { mount: mount.path, recording: config.label, show: show.name, station };
    const isNamedByTitle = config.split === "title";
    const path = this.#pathAt(startMs, show);
    return shelf.begin(start, { path, format, belongs, show, isNamedByTitle, startMs, offset });
  }

  #pathAt(atMs: number, { name: show }: Show): string {
    const { config } = this;
    const { mount, shelf, offset } = this.facts;
    const { artist, title } = this.#title;
    const facts = { mount: mount.path, recording: config.label, show, artist, title, atMs };
    return shelf.pathOf(fileName(config.name, config.split, facts, offset));
  }

  #add(take: Take, heard: Heard): void {
    const { shelf, listeners } = this.facts;
    const { frames, fromMs, toMs } = heard;
    const isTaken = !shelf.isFull && take.add(heard, listeners(), this.#memory);
    if (!isTaken) {
      this.#lose(heard);
      return take.gap(shelf.isFull ? "space" : "disk", fromMs, toMs, frames.seconds);
    }
    this.recordedSeconds += frames.seconds;
    this.recordedBytes += frames.bytes.length;
  }

  #lose({ frames, toMs }: Heard): void {
    this.lostSeconds += frames.seconds;
    this.lostMs = toMs;
  }

  #noteSource({ segment }: Take, input: Input): void {
    const { name, user, address } = showOf(input);
    segment.source({ kind: input.kind, show: name, user, address });
  }

  #end(): void {
    const take = this.#take;
    this.#take = null;
    this.#awaySinceMs = null;
    if (take === null) return;
    const { file, segment } = take;
    const seconds = Math.round(segment.seconds);
    this.#log(`recording "${this.config.label}" ends: ${file.path}${file.suffix}, ${seconds} s`);
    this.facts.shelf.finish(take);
  }

  /** Titles would fill the log. */
  #log(line: string): void {
    const { log } = this.mount;
    if (this.config.split === "title") log.debug(line);
    else log.info(line);
  }
}

// A mount: its programme of inputs, one of which feeds the ring. Listeners belong to the mount, not to an input.
import type { MountConfig } from "../config/config.ts";
import { describeFormat, type Frames, sameFormat, type StreamFormat } from "../format/frame.ts";
import { Emitter } from "../lib/emitter.ts";
import type { Log } from "../lib/log.ts";
import { Ring } from "../native/ring.ts";
import type { MountEvents } from "./events.ts";
import { inlineTitle } from "./icy.ts";
import { Lead } from "./lead.ts";
import { type Metadata, NO_METADATA, sameMetadata } from "./metadata.ts";
import { Programme } from "./programme.ts";
import type { Input, Player } from "./roles.ts";
import { Titles } from "./titles.ts";
import { type Airing, Timeline } from "./timeline.ts";

/** Smallest change of the average bitrate that is announced, in kbit/s. */
const BITRATE_STEP = 16;

const MIB = 1 << 20;

/** How long a title waits for its source; older ones belong to another show. */
const EARLY_TITLE_MS = 60_000;

export class Mount {
  readonly events: Emitter<MountEvents>;
  readonly timeline = new Timeline();
  /** How far its live audio is ahead of the clock, whichever client sent it. */
  readonly lead = new Lead();
  readonly ring: Ring;
  readonly log: Log;
  /** Non-audio bytes from sources that have left. */
  garbageBytes = 0;
  /** Since the start; none ever decreases. `audioSeconds` leaves out the silence between inputs. */
  readonly totals = { receivedBytes: 0, garbageBytes: 0, audioSeconds: 0 };
  readonly #programme = new Programme();
  #onAir: Input | null = null;
  #format: StreamFormat | null = null;
  #sounding: StreamFormat | null = null;
  #preamble: Uint8Array | null = null;
  #metadata: Metadata = NO_METADATA;
  /** A title sent beside the live input's audio: in force until that input has a title of its own, or ends. */
  #sentTitle: { readonly metadata: Metadata; readonly atMs: number } | null = null;
  #onAirMs = 0;
  #writtenSeconds = 0;
  /** Written, but not yet reached by the burst position. */
  #pending: readonly Airing[] = [];
  #knownBitrate = 0;
  readonly #titles = new Titles();

  #config: MountConfig;

  constructor(config: MountConfig, log: Log) {
    this.#config = config;
    this.ring = new Ring(Math.round(config.buffer.sizeMb * MIB));
    // A player that moves here from another mount must not keep that mount's title.
    this.ring.title(inlineTitle(NO_METADATA));
    this.log = log.of(config.path);
    this.events = new Emitter((error, event) =>
      this.log.repeated(`a subscriber of ${event} failed: ${String(error)}`),
    );
  }

  get config(): MountConfig {
    return this.#config;
  }

  /** Applies new settings; the path and the size of the ring stay. */
  reconfigure(config: MountConfig): void {
    const before = this.#config;
    this.#config = config;
    for (const input of this.inputs) input.reconfigure?.(before);
  }

  get path(): string {
    return this.config.path;
  }

  /** The input on air, which feeds the ring. */
  get onAir(): Input | null {
    return this.#onAir;
  }

  /** When it went on air. */
  get onAirMs(): number {
    return this.#onAirMs;
  }

  /** Codec, rate and channels of the mount: those of its latest audio other than silence. */
  get format(): StreamFormat | null {
    return this.#format;
  }

  /** The format being written, silence included; determines the Content-Type for new listeners. */
  get sounding(): StreamFormat | null {
    return this.#sounding;
  }

  /** Metadata at the head; listeners hear it a burst later. */
  get metadata(): Metadata {
    return this.#metadata;
  }

  /** Metadata at the burst position: what a listener who joined now would be hearing. */
  get heard(): Metadata {
    return this.#titles.at(this.ring.seek(this.config.buffer.burstSeconds));
  }

  /** Seconds of audio written so far: the head's position on the timeline. */
  get writtenSeconds(): number {
    return this.#writtenSeconds;
  }

  /** The timeline position where a new listener begins. */
  get joinSeconds(): number {
    return this.joinSecondsOf(this.config.buffer.burstSeconds);
  }

  /** The same for a burst of this many seconds. */
  joinSecondsOf(burstSeconds: number): number {
    const lag = this.ring.lag(this.ring.seek(burstSeconds));
    // The ring counts whole microseconds, so its sum may be larger.
    return Math.max(0, this.#writtenSeconds - lag);
  }

  /** Highest priority first. */
  get inputs(): readonly Input[] {
    return this.#programme.inputs;
  }

  /** The live input on air, else the next live one by priority. */
  get live(): Input | null {
    if (this.#onAir?.isLive === true) return this.#onAir;
    return this.inputs.find((input) => input.isLive) ?? null;
  }

  /** The input that plays files, if there is one. */
  get player(): Player | null {
    return this.inputs.find(({ player }) => player !== undefined)?.player ?? null;
  }

  attach(input: Input): void {
    this.#programme.add(input);
    this.events.emit("inputs", { inputs: this.inputs });
  }

  detach(input: Input, nowMs: number): void {
    if (input === this.live) this.#sentTitle = null;
    this.#programme.remove(input);
    this.events.emit("inputs", { inputs: this.inputs });
    this.#choose(nowMs);
  }

  /** Once per tick: chooses the input on air and lets it write what is due. */
  advance(nowMs: number): void {
    this.#choose(nowMs);
    this.#onAir?.advance(nowMs);
  }

  /** Writes whole frames of the input on air to the ring; ignores other inputs. An input's first frames make it
   * ready, so the choice comes first. */
  write(input: Input, frames: Frames, nowMs: number): void {
    if (frames.count === 0) return;
    this.#choose(nowMs);
    if (input !== this.#onAir) return;
    this.#settleFormat(input);
    this.#settlePreamble(frames.preamble ?? null);
    this.ring.write(frames.bytes, frames.table, frames.count);
    const fromSeconds = this.#writtenSeconds;
    this.#writtenSeconds += frames.seconds;
    if (!input.isFiller) this.totals.audioSeconds += frames.seconds;
    if (this.events.has("frames")) this.events.emit("frames", { input, frames, fromSeconds });
    this.#announceHeard();
    this.#announceBitrate(input.bitrate);
  }

  /** The input's metadata changed, effective from the next frame on. */
  announce(input: Input): void {
    if (input.isLive) this.#sentTitle = null;
    if (input === this.#onAir) this.#setMetadata(input.metadata);
  }

  /** A title for the live input, sent beside its audio; without a live input it waits for one shortly. */
  retitle(metadata: Metadata, nowMs: number): void {
    this.#sentTitle = { metadata, atMs: nowMs };
    if (this.#onAir?.isLive) this.#retitleOnAir(this.#onAir, metadata);
  }

  #retitleOnAir(input: Input, metadata: Metadata): void {
    input.retitle?.(metadata);
    this.#setMetadata(metadata);
  }

  /** Ends the live input; false if there is none. */
  endLive(why: string, nowMs: number): boolean {
    const { live } = this;
    if (live === null) return false;
    this.detach(live, nowMs);
    void live.close?.(why);
    return true;
  }

  #choose(nowMs: number): void {
    const next = this.#programme.choose(this.#onAir);
    const before = this.#onAir;
    if (next === before) return;
    before?.offAir();
    this.#onAir = next;
    this.#onAirMs = nowMs;
    const input = next?.kind ?? "none";
    this.log.info(next === null ? "nothing is on air" : `${next.name} is on air`, { input });
    next?.onAir(nowMs);
    const sent = this.#sentTitleFor(next, nowMs);
    if (next !== null && sent !== null) this.#retitleOnAir(next, sent);
    else this.#setMetadata(next?.metadata ?? NO_METADATA);
    this.events.emit("onAir", { input: next, before });
  }

  #sentTitleFor(input: Input | null, nowMs: number): Metadata | null {
    if (!input?.isLive || this.#sentTitle === null) return null;
    return nowMs - this.#sentTitle.atMs <= EARLY_TITLE_MS ? this.#sentTitle.metadata : null;
  }

  #setMetadata(metadata: Metadata): void {
    this.#note(metadata);
    if (sameMetadata(metadata, this.#metadata)) return;
    this.#metadata = metadata;
    this.#titles.add(this.ring.head, metadata);
    this.ring.title(inlineTitle(metadata));
  }

  #note(metadata: Metadata): void {
    const { kind = "silence", showName = "", file = null, trackSeconds } = this.#onAir ?? {};
    const [fromSeconds, seconds] = [this.#writtenSeconds, trackSeconds ?? null];
    const airing = this.timeline.add({ fromSeconds, kind, showName, metadata, file, seconds });
    if (airing === null) return;
    this.#pending = [...this.#pending, airing];
    this.events.emit("titleWritten", airing);
  }

  /** Announces titles that the burst position has reached. */
  #announceHeard(): void {
    while (this.#pending.length > 0) {
      const [next, ...later] = this.#pending;
      if (next === undefined || next.fromSeconds > this.joinSeconds) return;
      this.#pending = later;
      this.events.emit("titleHeard", next);
    }
  }

  #announceBitrate(kbps: number): void {
    if (Math.abs(kbps - this.#knownBitrate) < BITRATE_STEP) return;
    this.#knownBitrate = kbps;
    this.events.emit("bitrate", { kbps });
  }

  /** Whether an input of this format may go on air. */
  accepts(format: StreamFormat): boolean {
    if (this.config.onFormatChange !== "refuse" || this.#format === null) return true;
    return sameFormat(format, this.#format);
  }

  /** Players stop or play at the wrong speed if codec, rate or channels change mid-stream. */
  #settleFormat(input: Input): void {
    const { format } = input;
    if (format === null) return;
    const isOther = this.#sounding !== null && !sameFormat(format, this.#sounding);
    this.#sounding = format;
    if (isOther) this.#changeFormat(input.name, format);
    if (input.isFiller) return;
    if (this.#format === null) this.log.info(`the format is ${describeFormat(format)}`);
    this.#format = format;
  }

  #changeFormat(name: string, format: StreamFormat): void {
    if (this.config.onFormatChange === "allow") {
      this.log.repeated(`${name} goes on in ${describeFormat(format)}`);
      return this.events.emit("format", { format, isBreak: false });
    }
    this.log.info(`the format is now ${describeFormat(format)}: the listeners have to come back`);
    this.events.emit("format", { format, isBreak: true });
    this.ring.break();
    this.#preamble = null;
  }

  /** The next frames begin with a copy of it, for present listeners. */
  #settlePreamble(preamble: Uint8Array | null): void {
    if (preamble === this.#preamble) return;
    this.#preamble = preamble;
    this.ring.preamble(preamble);
  }

  close(): void {
    this.#onAir?.offAir();
    this.#onAir = null;
    this.#programme.clear();
    this.ring.close();
  }
}

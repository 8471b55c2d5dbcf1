// A mount: its programme of inputs, one of which feeds the ring. Listeners belong to the mount, not to an input.
import type { MountConfig } from "../config/config.ts";
import { describeFormat, type Frames, sameFormat, type StreamFormat } from "../format/frame.ts";
import { type Clock, wallClock } from "../lib/clock.ts";
import { Emitter } from "../lib/emitter.ts";
import type { Log } from "../lib/log.ts";
import { Ring } from "../native/ring.ts";
import { Announcer } from "./announcer.ts";
import { Drops, type SourceNames } from "./drops.ts";
import type { MountEvents } from "./events.ts";
import { inlineTitle } from "./icy.ts";
import { Formats } from "./formats.ts";
import { Hold } from "./hold.ts";
import { Lead } from "./lead.ts";
import { type Metadata, NO_METADATA, sameMetadata } from "./metadata.ts";
import { Positions } from "./positions.ts";
import { Programme } from "./programme.ts";
import { Rewind } from "./rewind.ts";
import type { Input, Player, Pull } from "./roles.ts";
import { SentTitles } from "./sent-title.ts";
import { Titles } from "./titles.ts";
import type { Timeline } from "./timeline.ts";

const MIB = 1 << 20;

export class Mount {
  readonly events: Emitter<MountEvents>;
  /** How far its live audio is ahead of the clock, whichever client sent it. */
  readonly lead = new Lead();
  /** Sources that dropped lately. */
  readonly drops = new Drops();
  /** While a source that dropped is expected back. */
  readonly hold = new Hold(this.lead, () => this.config);
  readonly ring: Ring;
  readonly rewind: Rewind;
  readonly positions = new Positions();
  readonly log: Log;
  /** The relay of an edge. */
  pull: Pull | null = null;
  /** Non-audio bytes from sources that have left. */
  garbageBytes = 0;
  /** Since the start; none ever decreases. `audioSeconds` leaves out the silence between inputs. */
  readonly totals = { receivedBytes: 0, garbageBytes: 0, audioSeconds: 0 };
  readonly #programme = new Programme();
  #onAir: Input | null = null;
  readonly #formats = new Formats();
  #preamble: Uint8Array | null = null;
  #metadata: Metadata = NO_METADATA;
  readonly #sentTitles = new SentTitles();
  #onAirMs = 0;
  #writtenSeconds = 0;
  readonly #announcer: Announcer;
  readonly #titles = new Titles();

  #config: MountConfig;

  constructor(config: MountConfig, log: Log, wall: Clock = wallClock) {
    this.#config = config;
    this.ring = new Ring(Math.round(config.buffer.sizeMb * MIB));
    // A player that moves here from another mount must not keep that mount's title.
    this.ring.title(inlineTitle(NO_METADATA));
    this.log = log.of(config.path);
    this.rewind = new Rewind(this.ring, () => this.#config.buffer, this.log, wall);
    this.events = new Emitter((error, event) =>
      this.log.repeated(`a subscriber of ${event} failed: ${String(error)}`),
    );
    this.#announcer = new Announcer(this.events);
  }

  get config(): MountConfig {
    return this.#config;
  }

  /** Applies new settings; the path and the size of the ring stay. */
  reconfigure(config: MountConfig): void {
    const before = this.#config;
    this.#config = config;
    if (before.buffer.rewindSeconds !== config.buffer.rewindSeconds) this.rewind.reconfigure();
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
    return this.#formats.own;
  }

  /** The format being written, silence included; determines the Content-Type for new listeners. */
  get sounding(): StreamFormat | null {
    return this.#formats.sounding;
  }

  get timeline(): Timeline {
    return this.#announcer.timeline;
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
    return this.timeline.settled(this.rewind.joinSeconds(this.config.buffer.burstSeconds));
  }

  /** Highest priority first. */
  get inputs(): readonly Input[] {
    return this.#programme.inputs;
  }

  /** The live input on air, else the next live one by priority; null if no source is connected. */
  get live(): Input | null {
    return this.#programme.live(this.#onAir);
  }

  /** All live inputs, the highest priority first. */
  get lives(): readonly Input[] {
    return this.inputs.filter((input) => input.isLive);
  }

  /** The input that plays files, if there is one. */
  get player(): Player | null {
    return this.inputs.find(({ player }) => player !== undefined)?.player ?? null;
  }

  attach(input: Input): void {
    this.#programme.add(input);
    this.events.emit("inputs", { inputs: this.inputs });
  }

  /** `isExpected`: it dropped, and what is below live waits a moment for its return. */
  detach(input: Input, nowMs: number, isExpected = false): void {
    if (!this.#programme.has(input)) return;
    this.#sentTitles.leave(input, isExpected, nowMs);
    if (isExpected && input === this.#onAir) this.#expect(input, nowMs);
    this.#programme.remove(input);
    this.events.emit("inputs", { inputs: this.inputs });
    this.#choose(nowMs);
  }

  #expect(input: Input, nowMs: number): void {
    const { sourceGrace } = this.config;
    if (sourceGrace === 0) return;
    this.log.info(`${input.name} is expected back for ${sourceGrace} s`);
    this.hold.begin(nowMs);
  }

  /** Whether the input is on air, now that it may be ready. */
  isOnAir(input: Input, nowMs: number): boolean {
    this.#choose(nowMs);
    return input === this.#onAir;
  }

  /** Once per tick: chooses the input on air and lets it write what is due. */
  advance(nowMs: number): void {
    this.#programme.tick(nowMs);
    this.#choose(nowMs);
    this.#onAir?.advance(nowMs);
  }

  /** Writes whole frames of the input on air to the ring; ignores other inputs. An input's first frames make it
   * ready, so the choice comes first. */
  write(input: Input, frames: Frames, nowMs: number): void {
    if (frames.count === 0) return;
    if (input.isSilent !== undefined) this.events.emit("arrived", { input, frames });
    const codec = input.format?.codec ?? "mp3";
    if (!this.isOnAir(input, nowMs)) return input.rejoin?.miss(frames, codec);
    this.#put(input, input.rejoin?.pass(frames, codec) ?? frames);
  }

  #put(input: Input, frames: Frames): void {
    if (frames.count === 0) return;
    this.#settleFormat(input);
    this.#settlePreamble(frames.preamble ?? null);
    this.ring.write(frames.bytes, frames.table, frames.count);
    const fromSeconds = this.#writtenSeconds;
    this.#writtenSeconds += frames.seconds;
    this.rewind.wrote(this.#writtenSeconds);
    if (!input.isFiller) this.totals.audioSeconds += frames.seconds;
    if (this.events.has("frames")) this.events.emit("frames", { input, frames, fromSeconds });
    this.#announcer.heard(() => this.joinSeconds);
    this.#announcer.bitrate(input.bitrate);
  }

  /** The input's metadata changed, effective from the next frame on. */
  announce(input: Input): void {
    if (input.isLive) this.#sentTitles.forget(input);
    if (input === this.#onAir) this.#setMetadata(input.metadata);
  }

  /** A title for the live input, sent beside its audio; without a live input it waits for one shortly. `from`: who sent
   * it, as one of several sources may have. */
  retitle(metadata: Metadata, nowMs: number, from: SourceNames | null = null): void {
    const to = this.#programme.titled(this.#onAir, from);
    this.#sentTitles.send(metadata, to, nowMs);
    if (to !== null && to === this.#onAir) this.#retitleOnAir(to, metadata);
  }

  #retitleOnAir(input: Input, metadata: Metadata): void {
    input.retitle?.(metadata);
    this.#setMetadata(metadata);
  }

  #choose(nowMs: number): void {
    const next = this.#programme.choose(this.#onAir);
    const before = this.#onAir;
    if (next === before || this.hold.keepsOut(next, nowMs)) return;
    before?.rejoin?.part();
    before?.offAir(nowMs, next);
    const dueMs = this.hold.end(next, this.#onAirMs, nowMs);
    this.#onAir = next;
    this.#onAirMs = nowMs;
    const input = next?.kind ?? "none";
    this.log.info(next === null ? "nothing is on air" : `${next.name} is on air`, { input });
    next?.onAir(nowMs, dueMs);
    const sent = next?.isLive === true ? this.#sentTitles.take(next, nowMs) : null;
    if (next !== null && sent !== null) this.#retitleOnAir(next, sent);
    else this.#setMetadata(next?.metadata ?? NO_METADATA);
    this.events.emit("onAir", { input: next, before, lateMs: nowMs - dueMs });
  }

  #setMetadata(metadata: Metadata): void {
    this.#announcer.note(this.#onAir, metadata, this.#writtenSeconds);
    if (sameMetadata(metadata, this.#metadata)) return;
    this.#metadata = metadata;
    this.#titles.add(this.ring.head, metadata);
    this.ring.title(inlineTitle(metadata));
  }

  /** Whether an input of this format may go on air. */
  accepts(format: StreamFormat): boolean {
    if (this.config.onFormatChange !== "refuse" || this.format === null) return true;
    return sameFormat(format, this.format);
  }

  /** Players stop or play at the wrong speed if codec, rate or channels change mid-stream. */
  #settleFormat(input: Input): void {
    const before = this.format;
    const isOther = this.#formats.change(input);
    if (isOther && input.format !== null) this.#changeFormat(input.name, input.format);
    if (before !== null || this.format === null) return;
    this.log.info(`the format is ${describeFormat(this.format)}`);
  }

  #changeFormat(name: string, format: StreamFormat): void {
    if (this.config.onFormatChange === "allow") {
      this.log.repeated(`${name} goes on in ${describeFormat(format)}`);
      return this.events.emit("format", { format, isBreak: false });
    }
    this.log.info(`the format is now ${describeFormat(format)}: the listeners have to come back`);
    this.events.emit("format", { format, isBreak: true });
    this.breakOff();
  }

  /** Who joins from here on gets nothing from before. */
  breakOff(): void {
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
    this.events.emit("closed", undefined);
    this.#onAir?.offAir(this.#onAirMs, null);
    this.#onAir = null;
    this.#programme.clear();
    this.ring.close();
  }
}

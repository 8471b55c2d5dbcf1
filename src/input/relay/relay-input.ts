// A stream of another server as an input of a mount.
import type { RelayConfig } from "../../config/config.ts";
import type { Frames, StreamFormat } from "../../format/frame.ts";
import { Rejoin } from "../../format/rejoin.ts";
import { type Metadata, NO_METADATA, sameMetadata } from "../../mount/metadata.ts";
import type { Mount } from "../../mount/mount.ts";
import type { SharedPlace, TimedPlace } from "../../mount/positions.ts";
import { SUNK } from "../../mount/priority.ts";
import type { Feed, Input, PulledStream, RelayState } from "../../mount/roles.ts";
import type { LiveSource } from "../live/live.ts";
import { Demand } from "./demand.ts";
import { Puller } from "./puller.ts";
import { RelayLead, type RelayStation } from "./relay-station.ts";

/** Between two rounds; the second while audio is held back, or nothing plays that should. */
const ROUND_MS = 1000;
const BUSY_ROUND_MS = 250;

/** Of a mount without audio yet: nothing else plays before, for so long. */
const START_GRACE_MS = 3000;

export type RelaySettings = RelayConfig & {
  /** What to do without its audio is decided: it is not waited for longer than this after an end. */
  readonly graceMs?: number;
  /** Its mount is that of an edge, whose listeners hear nothing else, and wait for it so long. */
  readonly holdMs?: number;
};

/** What is not called a stall: networks deliver unevenly. */
const SHORTEST_STALL_MS = 2000;

export class RelayInput implements Input {
  readonly kind = "relay";
  readonly isFed = true;
  readonly rejoin = new Rejoin();
  /** undefined: the leader of a cluster decides itself what is better than silence, and all play the same. */
  isSilent?: boolean;
  readonly name: string;
  readonly #puller: Puller;
  readonly #demand = new Demand();
  readonly #joined: Disposable;
  readonly #lead: RelayLead;
  /** Written since it was lost. */
  #isBack = false;
  #metadata: Metadata = NO_METADATA;
  #format: StreamFormat | null = null;
  /** Until when it is expected back; null if it is not. */
  #graceMs: number | null = null;
  /** Connected, and without audio for longer than listeners should wait. */
  #isStalled = false;
  #onAirMs = 0;
  /** Where it is to begin for a listener who waits. */
  #wanted: SharedPlace | null = null;
  #isWanted = true;
  #isClosed = false;

  /** `listeners`: how many hear its mount. */
  constructor(
    readonly mount: Mount,
    private config: RelaySettings,
    private readonly station: RelayStation,
    private readonly listeners: () => number,
  ) {
    this.name = `the relay "${config.label}"`;
    const lead = (this.#lead = new RelayLead(mount, this));
    const miss = (frames: Frames) => this.#miss(frames);
    const write = (frames: Frames, nowMs: number, end: TimedPlace | null) =>
      this.#write(frames, nowMs, end);
    const next = () => this.#next();
    const from = () => this.#next() ?? this.#wanted;
    const changed = () => mount.events.emit("inputs", { inputs: mount.inputs });
    const lost = (nowMs: number) => this.#lost(nowMs);
    this.#puller = new Puller(
      { mount, station, name: this.name, lead, miss, write, next, from, lost, changed },
      config,
    );
    if (config.graceMs === undefined) this.isSilent = false;
    const isFirst = config.graceMs !== undefined && mount.onAir === null;
    if (isFirst) this.#graceMs = station.clock.nowMs() + START_GRACE_MS;
    this.#joined = mount.events.on("joined", () => void this.round(station.clock.nowMs()));
  }

  get label(): string {
    return this.config.label;
  }

  get priority(): number {
    const { priority } = this.config;
    return this.isSilent === true ? Math.min(SUNK, priority) : priority;
  }

  /** For a moment after its stream has ended too: listeners live on their burst until it is back. */
  get ready(): boolean {
    if (this.#source !== null) return !this.#isStalled;
    return this.#graceMs !== null && this.station.clock.nowMs() < this.#graceMs;
  }

  get format(): StreamFormat | null {
    this.#format = this.#source?.format ?? this.#format;
    return this.#format;
  }

  get bitrate(): number {
    return this.#source?.bitrate ?? 0;
  }

  get metadata(): Metadata {
    return this.#metadata;
  }

  /** What is written; null while nothing is. */
  get #source(): LiveSource | null {
    const { current } = this.#puller;
    return current?.isReady === true ? current.source : null;
  }

  get feed(): Feed {
    return this.#source ?? NO_FEED;
  }

  get relay(): RelayState {
    const { current, masters, downSinceMs, nextMs, connects, receivedBytes, isStarting } =
      this.#puller;
    const state = this.#state;
    const nowMs = this.station.clock.nowMs();
    return {
      label: this.label,
      url: (current?.master ?? masters[0])?.url.shown ?? "",
      state,
      isStarting: isStarting && this.#isWanted && this.config.onDemand,
      lastError: masters.find(({ why }) => why !== null)?.why ?? null,
      waitMs: state === "waiting" ? Math.max(0, nextMs - nowMs) : null,
      downMs: downSinceMs === null ? null : nowMs - downSinceMs,
      connects,
      receivedBytes,
      format: this.format,
      origins: current?.origins ?? [],
    };
  }

  get #state(): RelayState["state"] {
    if (this.#source !== null) return "playing";
    if (this.#puller.current !== null) return "connecting";
    return this.#isWanted ? "waiting" : "idle";
  }

  onAir(nowMs: number): void {
    this.#onAirMs = nowMs;
  }

  offAir(): void {
    // It is pulled on, so that it can take over at once.
  }

  advance(nowMs: number): void {
    // Frames are written as they arrive: the master paces them.
    if (this.#source === null || this.#isStalled || this.#patienceMs(nowMs) > 0) return;
    this.#isStalled = true;
    this.mount.log.warn(`${this.name} has stopped sending audio, but stays connected`);
  }

  /** Until it is not ready any more, if nothing comes. */
  pauseMs(nowMs: number): number {
    if (this.#source !== null) return Math.max(0, this.#patienceMs(nowMs));
    return Math.max(0, (this.#graceMs ?? nowMs) - nowMs);
  }

  /** Milliseconds until a lack of audio is a stall. */
  #patienceMs(nowMs: number): number {
    const { lead, hold } = this.mount;
    const lateMs = nowMs - Math.max(lead.overMs, this.#onAirMs);
    return Math.max(SHORTEST_STALL_MS, hold.reserveMs, this.config.holdMs ?? 0) - lateMs;
  }

  /** Other settings; the label stays. */
  configure(config: RelaySettings): void {
    this.config = config;
    this.#puller.configure(config);
  }

  close(): void {
    this.#isClosed = true;
    this.#joined[Symbol.dispose]();
    this.#graceMs = null;
    this.#puller.stop();
  }

  /** Does what is due. Returns the milliseconds until it wants to be called again. */
  round(nowMs: number): number {
    if (this.#isClosed) return ROUND_MS;
    if (!this.#settleDemand(nowMs)) return ROUND_MS;
    this.#puller.pull(nowMs);
    const { current, isBusy, nextMs } = this.#puller;
    if (current === null) return Math.min(ROUND_MS, Math.max(0, nextMs - nowMs));
    return isBusy ? BUSY_ROUND_MS : ROUND_MS;
  }

  #settleDemand(nowMs: number): boolean {
    const { current, masters } = this.#puller;
    if (this.#source !== null || (current === null && masters.every(({ why }) => why !== null)))
      this.#demand.tried();
    const isOnDemand = this.config.onDemand;
    const wants = this.#demand.wants(this.listeners(), this.config.linger * 1000, nowMs);
    const isWanted = !isOnDemand || wants;
    if (this.#isWanted && !isWanted) this.#rest();
    this.#isWanted = isWanted;
    return isWanted;
  }

  #rest(): void {
    if (this.#puller.current !== null)
      this.mount.log.info(`${this.name} is not pulled while nobody listens`);
    this.#graceMs = null;
    this.#isBack = false;
    this.#puller.stop();
  }

  #lost(nowMs: number): void {
    const { graceMs = Number.POSITIVE_INFINITY, holdMs } = this.config;
    const expectedMs = holdMs ?? Math.min(graceMs, this.mount.hold.reserveMs);
    if (this.mount.onAir === this) this.#graceMs = nowMs + expectedMs;
    this.#isBack = false;
  }

  #write(frames: Frames, nowMs: number, end: TimedPlace | null): void {
    const { ring, positions } = this.mount;
    this.#graceMs = null;
    this.#isStalled = false;
    this.#wanted = null;
    this.#retitle(frames.metadata ?? NO_METADATA);
    if (!this.#isBack) this.#begin(nowMs);
    const before = ring.head;
    this.mount.write(this, frames, nowMs);
    if (end === null || ring.head === before) return;
    const aheadSeconds = end.seconds - this.mount.writtenSeconds;
    positions.follow(before, ring.head, end, frames.bytes.length, aheadSeconds);
  }

  /** What came while it was away may come at once. Without listeners there is no stream to go on with. */
  #begin(nowMs: number): void {
    this.#isBack = true;
    this.#lead.missed(nowMs);
    const isNew =
      this.config.holdMs !== undefined && this.mount.positions.endAt(this.mount.ring.head) === null;
    if (isNew && this.listeners() === 0) this.mount.breakOff();
  }

  /** Behind what was written, while nothing else has been since. */
  #next(): SharedPlace | null {
    const { ring, positions } = this.mount;
    return positions.endAt(ring.head);
  }

  /** Its audio is written. */
  get isPlaying(): boolean {
    return this.#source !== null;
  }

  get master(): PulledStream | null {
    return this.#puller.stream;
  }

  /** A listener waits: for this place, or for the live audio. */
  wake(wanted: SharedPlace | null): void {
    const nowMs = this.station.clock.nowMs();
    if (this.#source === null) this.#wanted ??= wanted;
    this.#demand.ask(nowMs);
    void this.round(nowMs);
  }

  want(): void {
    this.wake(null);
  }

  #miss(frames: Frames): void {
    this.rejoin.miss(frames, this.format?.codec ?? "mp3");
  }

  /** In force from the next frames on. */
  #retitle(metadata: Metadata): void {
    if (sameMetadata(metadata, this.#metadata)) return;
    this.#metadata = metadata;
    this.mount.announce(this);
  }
}

const NO_FEED: Feed = {
  client: { address: "", userAgent: "" },
  receivedBytes: 0,
  garbageBytes: 0,
  sinceMs: 0,
  lastMs: 0,
  seconds: 0,
};

// The listeners of one mount: the core says who is due what, this decides about the slow and the gone.
import { chromiumBurst, isChromium } from "./burst.ts";
import { contentTypeOf, hasInlineTitles } from "../format/content-type.ts";
import type { Clock } from "../lib/clock.ts";
import { type BroadcastEvents, Broadcaster, type ListenerState } from "../native/broadcaster.ts";
import type { Mount } from "../mount/mount.ts";
import type { Sink } from "../mount/roles.ts";
import { type Listener, type Owner, quietReception, type Visitor } from "./listener.ts";
import { GROUP_MS, SENDS_SPREAD } from "./at-once.ts";
import { Seats } from "./seats.ts";

/** Places in the core's table when max_listeners is 0; untouched places cost no memory. */
const UNLIMITED = 262_144;

/** Before a mount has played anything but silence, which is MP3. */
const DEFAULT_CONTENT_TYPE = "audio/mpeg";

/** Listeners that a tick call serves at most. */
export const TICK_EVENTS = 256;

export class Audience implements BroadcastEvents, Owner {
  /** Called when a turn may be due sooner than `pauseMs` said after the last one. */
  onDue: () => void = () => undefined;
  readonly #broadcaster: Broadcaster;
  readonly #seats = new Seats<Listener>();
  #joined = 0;
  #slow = 0;
  #isAtOnce = false;
  #isClosed = false;
  #sentUntilClosed = 0;

  constructor(
    readonly mount: Mount,
    private readonly chunkSize: number,
    private readonly clock: Clock,
    private readonly reception = quietReception(),
  ) {
    this.#broadcaster = new Broadcaster(mount.ring, UNLIMITED, TICK_EVENTS);
    this.tune(1, SENDS_SPREAD);
    for (const event of ["frames", "onAir"] as const) mount.events.on(event, () => this.onDue());
    mount.events.on("format", ({ isBreak }) => {
      if (isBreak) this.#sendHome();
    });
  }

  get count(): number {
    return this.#seats.crowd.count;
  }

  get peak(): number {
    return this.#seats.crowd.peak;
  }

  /** Addresses its listeners come from. */
  get addresses(): number {
    return this.#seats.crowd.addresses;
  }

  /** Listeners that joined here since the start. */
  get joined(): number {
    return this.#joined;
  }

  /** Places there are. */
  get capacity(): number {
    return this.mount.config.maxListeners || UNLIMITED;
  }

  /** Listeners dropped or skipped ahead because they did not read. */
  get slow(): number {
    return this.#slow;
  }

  /** Whoever comes is to be turned away: no place is free, or no descriptor. */
  get isFull(): boolean {
    return this.#isTaken || !this.reception.hasRoom();
  }

  /** Nobody can join: every place is taken, or the station stops. */
  get #isTaken(): boolean {
    return this.#isClosed || this.count >= this.capacity;
  }

  /** As listeners are told it. */
  get contentType(): string {
    const { sounding } = this.mount;
    return sounding === null ? DEFAULT_CONTENT_TYPE : contentTypeOf(sounding);
  }

  /** 0 where inline titles are not wanted, switched off, or would be damage. */
  metaintFor(visitor: Visitor): number {
    const { sounding, config } = this.mount;
    const { enableIcy, icyMetaint } = config.metadata;
    if (!enableIcy || (sounding !== null && !hasInlineTitles(sounding))) return 0;
    return visitor.wantsIcy ? icyMetaint : 0;
  }

  /** How far behind the head a visitor begins, if so much is held. */
  burstSecondsFor({ userAgent }: Pick<Visitor, "userAgent">): number {
    const { burstSeconds } = this.mount.config.buffer;
    if (!isChromium(userAgent)) return burstSeconds;
    return chromiumBurst(burstSeconds, this.mount.onAir?.bitrate ?? 0);
  }

  /** Places a listener a burst behind the head and writes the burst before it returns. null: full. */
  join(visitor: Visitor, sink: Sink): Listener | null {
    if (this.#isTaken) return null;
    const nowMs = this.clock.nowMs();
    const metaint = this.metaintFor(visitor);
    const handle = this.#broadcaster.join(this.burstSecondsFor(visitor), metaint, nowMs);
    if (handle === null) return null;
    const number = this.reception.nextNumber();
    const seat = { audience: this, handle };
    const listener: Listener = { number, visitor, sink, joinedMs: nowMs, ...seat };
    this.#joined++;
    this.#seat(listener);
    if (sink.descriptor >= 0) this.#connect(listener);
    this.mount.log.debug(`listener ${listener.number} joined from ${visitor.address}`);
    this.mount.events.emit("joined", listener);
    this.#takeAll(listener, nowMs);
    return listener;
  }

  /** Writes the first bytes that one who joins now would hear; nobody joins, nobody is counted. */
  sample(sink: Pick<Sink, "write">): void {
    if (this.#isTaken) return;
    const nowMs = this.clock.nowMs();
    const handle = this.#broadcaster.join(this.mount.config.buffer.burstSeconds, 0, nowMs);
    if (handle === null) return;
    const toSink: BroadcastEvents = {
      onSend: (_, span) => void sink.write(span),
      onLagged: () => undefined,
      onStalled: () => undefined,
    };
    // Where joiners need a preamble it comes as an offer of its own, before the audio.
    for (let offer = 0; offer < 2; offer++) this.#broadcaster.take(handle, nowMs, toSink);
    this.#broadcaster.leave(handle);
  }

  /** A listener that was moved leaves where it is now. */
  leave(listener: Listener, why: string): void {
    if (listener.audience !== this) return listener.audience.leave(listener, why);
    if (!this.#seats.has(listener)) return;
    const sentBytes = this.#broadcaster.inspect(listener.handle)?.sentBytes ?? 0;
    this.#broadcaster.leave(listener.handle);
    this.#seats.leave(listener);
    this.mount.log.debug(`listener ${listener.number} left: ${why}`);
    this.mount.events.emit("left", { listener, sentBytes });
    listener.visitor.onLeft?.(sentBytes);
  }

  /** Ends one listener's stream; false when nobody here has this number. */
  end(number: number, why: string): boolean {
    const listener = this.#seats.numbered(number);
    if (listener === undefined) return false;
    this.#dismiss(listener, why);
    return true;
  }

  /** Hands everybody over to another mount of the same format, as far as there are places; they hear
   * it from its head on, and their inline titles go on counting. Returns how many went. */
  move(to: Audience): number {
    const nowMs = this.clock.nowMs();
    let moved = 0;
    for (const listener of this.#seats) {
      if (to === this || to.#isTaken) break;
      const handle = this.#broadcaster.move(listener.handle, to.#broadcaster, nowMs);
      if (handle === null) break;
      this.#seats.leave(listener);
      listener.audience = to;
      listener.handle = handle;
      to.#seat(listener);
      moved++;
    }
    to.onDue();
    return moved;
  }

  /** Lets sends grow to `stretch` times chunk_size, and be so many before they do. `isAtOnce`: everybody is due
   * when something has been written, instead of in turns that are spread over time. */
  tune(stretch: number, sendsPerSecond: number, isAtOnce = false): void {
    this.#isAtOnce = isAtOnce;
    this.#broadcaster.tune({
      chunkSize: this.chunkSize * stretch,
      sendsPerSecond,
      stallSeconds: this.mount.config.listenerTimeout,
      isAtOnce,
    });
  }

  /** Sends what is due. Returns the share of what a tick can serve that was used, 0..1. */
  tick(nowMs: number): number {
    if (this.count === 0) return 0;
    return this.#broadcaster.tick(nowMs, this) / TICK_EVENTS;
  }

  /** How long after a tick nothing is due, unless onDue is called. */
  get pauseMs(): number {
    if (this.mount.onAir?.isLive !== true) return this.#isAtOnce || this.count === 0 ? GROUP_MS : 0;
    return this.count === 0 ? Number.POSITIVE_INFINITY : this.#broadcaster.pauseMs;
  }

  onSend(handle: number, span: Uint8Array<ArrayBuffer>): void {
    const listener = this.#seats.at(handle);
    if (listener === undefined) return;
    const state = listener.sink.write(span);
    if (state === "blocked") this.#broadcaster.blocked(handle, true, this.clock.nowMs());
    else if (state === "gone") this.leave(listener, "gone");
  }

  onLagged(handle: number, bytesLost: number): void {
    const listener = this.#seats.at(handle);
    if (listener === undefined) return;
    this.#slow++;
    this.mount.log.repeated("a listener was overtaken by the ring and skipped ahead");
    this.mount.log.debug(`listener ${listener.number} lost ${bytesLost} bytes`);
  }

  onStalled(handle: number): void {
    const listener = this.#seats.at(handle);
    if (listener === undefined) return;
    this.#slow++;
    this.mount.log.repeated("a listener that did not read was dropped");
    this.leave(listener, "it did not read");
    listener.sink.abort();
  }

  /** The core's view of one of those here; null when it has left. */
  stateOf(listener: Listener): ListenerState | null {
    return listener.audience === this ? this.#broadcaster.inspect(listener.handle) : null;
  }

  /** Those here, in no particular order; the core's view of each would cost a call. */
  members(): Iterable<Listener> {
    return this.#seats;
  }

  /** Bytes offered to listeners here since the start, inline titles included. */
  get sentBytes(): number {
    return this.#isClosed ? this.#sentUntilClosed : this.#broadcaster.sentBytes;
  }

  /** How long those here have listened, in seconds. */
  averageSeconds(): number {
    return this.#seats.crowd.averageSeconds(this.clock.nowMs());
  }

  /** Ends every stream cleanly; nobody joins any more. */
  close(why = "the station stops"): void {
    this.#sentUntilClosed = this.sentBytes;
    this.#isClosed = true;
    for (const listener of this.members()) this.#dismiss(listener, why);
    this.#broadcaster.close();
  }

  /** Ends every stream where its format ends, so that the players come back to the new one. */
  #sendHome(): void {
    const nowMs = this.clock.nowMs();
    for (const listener of this.members()) {
      this.#takeAll(listener, nowMs);
      this.#dismiss(listener, "the format has changed");
    }
  }

  /** A clean end waits for what was written to be read; who does not read is cut off. */
  #dismiss(listener: Listener, why: string): void {
    if (!this.#seats.has(listener)) return;
    const isBlocked = this.#broadcaster.inspect(listener.handle)?.isBlocked ?? false;
    this.leave(listener, why);
    if (isBlocked) listener.sink.abort();
    else listener.sink.end();
  }

  #takeAll(listener: Listener, nowMs: number): void {
    let more = this.#broadcaster.take(listener.handle, nowMs, this);
    while (more > 0 && this.#seats.has(listener)) {
      more = this.#broadcaster.take(listener.handle, nowMs, this);
    }
  }

  #seat(listener: Listener): void {
    this.#seats.take(listener);
    listener.sink.onDrain = () => this.#drained(listener);
    listener.sink.onDescriptor = () => this.#connect(listener);
  }

  /** The core writes to its connection itself. */
  #connect(listener: Listener): void {
    if (!this.#seats.has(listener)) return;
    const { descriptor, isChunked } = listener.sink;
    this.#broadcaster.socket(listener.handle, descriptor, isChunked);
  }

  #drained(listener: Listener): void {
    if (!this.#seats.has(listener)) return;
    this.#broadcaster.blocked(listener.handle, false, this.clock.nowMs());
    this.onDue();
  }
}

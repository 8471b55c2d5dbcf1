// The listeners of one mount. The core schedules the sends; this class handles slow and closed connections.
import type { Clock } from "../../lib/clock.ts";
import { type BroadcastEvents, Broadcaster, type ListenerState } from "../../native/broadcaster.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Sink } from "../../mount/roles.ts";
import { pauseMs } from "./pause-ms.ts";
import type { ListenerCounts } from "./listener-counts.ts";
import {
  type Introducer,
  Listener,
  type ListenerClient,
  type Owner,
  quietContext,
} from "./listener.ts";
import { SENDS_SPREAD } from "../at-once.ts";
import { Entrance } from "./entrance.ts";
import { ListenersApart } from "./listeners-apart.ts";
import type { RingPlace } from "./ring-place.ts";
import { Resumption } from "./resumption.ts";
import { Entry } from "./stream-entry.ts";
import { ListenerPlaces } from "./listener-places.ts";
import { burstSecondsFor, contentTypeFor, metaintFor } from "./stream-facts.ts";
import type { Tickets } from "./tickets.ts";
import { ListenerTable, UNLIMITED } from "./listener-table.ts";
import { endTime, limitTime } from "./listening-time.ts";

/** The most listeners one tick serves. */
export const TICK_EVENTS = 256;

export class Audience implements BroadcastEvents, Owner {
  /** Called when a turn may be due sooner than `pauseMs` said after the last one. */
  onDue: () => void = () => undefined;
  readonly #broadcaster: Broadcaster;
  readonly #table = new ListenerTable<Listener>();
  readonly #entry: Entry;
  readonly #entrance: Entrance;
  readonly #places: ListenerPlaces;
  readonly #resumption: Resumption;
  readonly tickets: Tickets;
  /** Those that the core does not serve. */
  readonly apart: ListenersApart;
  /** Plays something to new listeners before they join; null: nothing. */
  introducer: Introducer | null = null;
  #isAtOnce = false;
  #isClosed = false;
  #sentByCore = () => this.#broadcaster.sentBytes;

  constructor(
    readonly mount: Mount,
    private readonly chunkSize: () => number,
    private readonly clock: Clock,
    private readonly context = quietContext(),
  ) {
    this.#broadcaster = new Broadcaster(mount.ring, UNLIMITED, TICK_EVENTS);
    this.#entry = new Entry(this.#broadcaster);
    this.#entrance = new Entrance(this.#broadcaster, this.#entry, this.#table, this, clock);
    this.#places = new ListenerPlaces(mount, this.#broadcaster, this.counts, this);
    this.#resumption = new Resumption(mount, this, this.#table, context);
    this.tickets = this.#resumption.tickets;
    this.apart = new ListenersApart(this, this.#table, context, clock);
    this.tune(1, SENDS_SPREAD);
    for (const event of ["frames", "onAir"] as const) mount.events.on(event, () => this.onDue());
    mount.events.on("format", ({ isBreak }) => {
      if (isBreak) this.#sendHome();
    });
  }

  get counts(): ListenerCounts {
    return this.#table.counts;
  }

  get count(): number {
    return this.counts.count;
  }

  /** Listeners since the start. */
  get joined(): number {
    return this.counts.joined;
  }

  /** The most listeners that can be here at a time. */
  get capacity(): number {
    return this.mount.config.maxListeners || UNLIMITED;
  }

  /** New listeners are refused: the listener table or the descriptors are used up. */
  get isFull(): boolean {
    return !this.hasRoom || !this.context.hasPlace();
  }

  /** The mount's limit is not reached, and the station is not stopping. */
  get hasRoom(): boolean {
    return !this.#isClosed && this.count < this.capacity;
  }

  /** The Content-Type sent to listeners. */
  get contentType(): string {
    return contentTypeFor(this.mount);
  }

  metaintFor(client: ListenerClient): number {
    return metaintFor(this.mount, client);
  }

  burstSecondsFor({ userAgent }: Pick<ListenerClient, "userAgent">): number {
    return burstSecondsFor(this.mount, userAgent);
  }

  /** Adds a listener where its ticket says, and writes its burst before returning. null if full. */
  join(client: ListenerClient, sink: Sink): Listener | null {
    const { listenersPerAddress } = this.mount.config.rules;
    const isMember = client.session?.isMember === true && !this.#isClosed;
    const isFull = !this.hasRoom || this.counts.isFullFor(client, listenersPerAddress);
    if (isFull && !isMember) return null;
    const nowMs = this.clock.nowMs();
    const { number, place } = this.#resumption.takeTicket(client, this.burstSecondsFor(client));
    const handle = this.#entry.join(place, this.metaintFor(client), nowMs);
    if (handle === null) return null;
    const listener = new Listener(number, client, sink, nowMs, this, handle);
    this.#place(listener);
    limitTime(listener);
    this.#places.joined(listener);
    this.#entrance.open(listener);
    return listener;
  }

  /** Takes a listener to a place, or to the burst position, behind `sentBytes` of audio that it got by other means. */
  restart(listener: Listener, metaint: number, sentBytes: number, to?: RingPlace): void {
    if (listener.audience !== this) return listener.audience.restart(listener, metaint, sentBytes);
    if (!this.#table.has(listener)) return;
    const place = to ?? this.tickets.live(this.burstSecondsFor(listener.client)).place;
    this.#broadcaster.leave(listener.handle);
    this.#table.leave(listener, this.clock.nowMs());
    listener.isSkipped ||= to === undefined;
    // It has just made room for itself.
    listener.handle = this.#entry.join(place, metaint, this.clock.nowMs(), sentBytes) ?? -1;
    this.#place(listener);
    this.#entrance.open(listener);
  }

  /** Writes what a new listener would get first, without adding or counting one. */
  sample(sink: Pick<Sink, "write">): void {
    if (!this.hasRoom) return;
    const { place } = this.tickets.live(this.mount.config.buffer.burstSeconds);
    this.#entry.sample(place, this.clock.nowMs(), sink);
  }

  /** A listener that was moved leaves its current audience. */
  leave(listener: Listener, why: string): void {
    if (listener.audience !== this) return listener.audience.leave(listener, why);
    if (!this.#table.has(listener)) return;
    const place = this.#places.placeOf(listener);
    this.#resumption.left(listener, place.cursor);
    this.#broadcaster.leave(listener.handle);
    this.#table.leave(listener, this.clock.nowMs());
    this.#places.left(listener, place, why);
    endTime(listener, place.sentBytes, this.clock.nowMs());
  }

  /** Ends one listener's stream; false if this audience has no such listener. */
  end(number: number, why: string): boolean {
    const listener = this.#table.numbered(number);
    if (listener === undefined) return false;
    this.counts.dropped.kicked++;
    this.dismiss(listener, why);
    return true;
  }

  /** Moves listeners to another mount of the same format, as far as there is room: after what is written here they
   * continue at its head, and their inline titles keep their count. Returns how many moved. */
  move(to: Audience, listeners: Iterable<Listener> = this.members()): number {
    const nowMs = this.clock.nowMs();
    let moved = 0;
    for (const listener of listeners) {
      if (to === this || !to.hasRoom) break;
      if (listener.audience !== this) continue;
      this.#entrance.takeAll(listener);
      if (!this.#table.has(listener)) continue;
      const place = this.#places.placeOf(listener);
      const handle = this.#broadcaster.move(listener.handle, to.#broadcaster, nowMs);
      if (handle === null) break;
      this.#places.moved(listener, place);
      this.#table.leave(listener, nowMs);
      this.#resumption.moved(listener);
      listener.audience = to;
      listener.handle = handle;
      to.#place(listener);
      to.#places.joined(listener, true);
      moved++;
    }
    return moved;
  }

  /** Lets sends grow to `stretch` times chunk_size once there are more than `sendsPerSecond`. `isAtOnce`: all
   * listeners are due on every write, instead of in turns spread over time. */
  tune(stretch: number, sendsPerSecond: number, isAtOnce = false): void {
    this.#isAtOnce = isAtOnce;
    this.#broadcaster.tune({
      chunkSize: this.chunkSize() * stretch,
      sendsPerSecond,
      stallSeconds: this.mount.config.listenerTimeout,
      isAtOnce,
    });
  }

  /** Sends what is due. Returns the used share of a tick's capacity, 0..1. */
  tick(nowMs: number): number {
    if (this.counts.connected === 0) return 0;
    return this.#broadcaster.tick(nowMs, this) / TICK_EVENTS;
  }

  /** Milliseconds after a tick in which nothing is due, unless onDue is called. */
  get pauseMs(): number {
    return pauseMs(this.mount, this.count, this.#isAtOnce, this.#broadcaster, this.clock.nowMs());
  }

  onSend(handle: number, span: Uint8Array<ArrayBuffer>): void {
    const listener = this.#table.at(handle);
    if (listener === undefined) return;
    const state = listener.sink.write(this.#entry.withFirst(handle, span));
    if (state === "blocked") this.#broadcaster.blocked(handle, true, this.clock.nowMs());
    else if (state === "gone") this.leave(listener, "gone");
  }

  onLagged(handle: number, bytesLost: number): void {
    const listener = this.#table.at(handle);
    if (listener === undefined) return;
    listener.isSkipped = true;
    this.counts.skipped++;
    this.#places.skipped(listener, bytesLost);
  }

  onStalled(handle: number): void {
    const listener = this.#table.at(handle);
    if (listener === undefined) return;
    this.counts.dropped.stalled++;
    this.mount.log.repeated("a stalled listener was dropped");
    this.leave(listener, "stalled");
    listener.sink.abort();
  }

  /** The core's state of a listener; null if it has left. */
  stateOf(listener: Listener): ListenerState | null {
    if (listener.audience !== this) return listener.audience.stateOf(listener);
    return this.#table.has(listener) ? this.#broadcaster.inspect(listener.handle) : null;
  }

  /** Its listeners, unordered; the core's state of each would cost a call. */
  members(): Iterable<Listener> {
    return this.#table;
  }

  /** Bytes offered to its listeners since the start, inline titles included. */
  get sentBytes(): number {
    return this.#sentByCore() + this.apart.sentBytes;
  }

  /** Ends all streams cleanly and refuses new listeners. */
  close(why = "the station stops"): void {
    const sent = this.#sentByCore();
    this.#sentByCore = () => sent;
    this.#isClosed = true;
    for (const listener of this.members()) this.dismiss(listener, why);
    this.#broadcaster.close();
  }

  /** Ends all streams at the end of the old format, so that players reconnect to the new one. */
  #sendHome(): void {
    for (const listener of this.#table.served()) {
      this.#entrance.takeAll(listener);
      this.counts.dropped.format++;
      this.dismiss(listener, "format changed");
    }
  }

  /** Ends a stream cleanly after its data has been read; a client that does not read is cut off. */
  dismiss(listener: Listener, why: string): void {
    if (listener.audience !== this) return listener.audience.dismiss(listener, why);
    if (!this.#table.has(listener)) return;
    const isBlocked = this.#broadcaster.inspect(listener.handle)?.isBlocked ?? false;
    this.leave(listener, why);
    if (isBlocked) listener.sink.abort();
    else listener.sink.end();
  }

  #place(listener: Listener): void {
    this.#table.take(listener, this.clock.nowMs());
    listener.sink.owner = listener;
    this.onDue(); // an unheard playlist may be a group behind
  }

  readonly connected = (listener: Listener): void => this.#entrance.connect(listener);

  drained(listener: Listener): void {
    if (!this.#table.has(listener)) return;
    this.#broadcaster.blocked(listener.handle, false, this.clock.nowMs());
    this.onDue();
  }
}

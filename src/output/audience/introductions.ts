// Plays a mount's intro to listeners before its stream, at the pace of the audio, and lets them join the stream then.
import { hasInlineTitles } from "../../format/content-type.ts";
import type { StreamFormat } from "../../format/frame.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Clip } from "../../mount/clip.ts";
import type { Sink } from "../../mount/roles.ts";
import type { Audience } from "./audience.ts";
import { burstFor } from "./burst.ts";
import { IntroSink } from "./intro-sink.ts";
import type { Introducer, Listener, ListenerClient } from "./listener.ts";
import { withBlocks } from "./opening.ts";

/** The intro is sent so far ahead: players wait for some audio before they begin. */
const LEAD_SECONDS = 2;

const TURN_MS = 100;

/** Addresses that are remembered; the earliest go first. */
const MOST_ADDRESSES = 4096;

/** Servers that pull a stream: their listeners would hear the intro in the middle of it. */
const RELAYS = /^(?:icecast|cycast|liquidsoap|shoutcast|rsas|azuracast)\b/i;

interface Running {
  readonly listener: Listener;
  readonly sink: IntroSink;
  readonly clip: Clip;
  readonly metaint: number;
  /** When its first frame would be due if nothing were sent ahead. */
  readonly startMs: number;
  sentBytes: number;
  isOver: boolean;
}

/** Calls until the returned function is called. */
export type Every = (ms: number, run: () => void) => () => void;

export const every: Every = (ms, run) => {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
};

export class Introductions implements Introducer {
  readonly #running = new Set<Running>();
  readonly #heardMs = new Map<string, number>();
  #stop: (() => void) | null = null;

  constructor(
    private readonly audience: Audience,
    /** null if there is none in this format. */
    private readonly clipIn: (format: StreamFormat) => Clip | null,
    private readonly clock: Clock,
    private readonly timer = every,
  ) {}

  join(client: ListenerClient, sink: Sink): Listener | null {
    const clip = this.#clipFor(client);
    return clip === null ? this.audience.join(client, sink) : this.#introduce(client, sink, clip);
  }

  #clipFor(client: ListenerClient): Clip | null {
    const { sounding } = this.audience.mount;
    const isRelay = client.session?.isRelay === true || RELAYS.test(client.userAgent);
    if (sounding === null || isRelay || this.#hasHeard(client)) return null;
    const { ticket } = client;
    const isElsewhere =
      ticket !== undefined && (ticket.resumedBytes !== null || ticket.place.delaySeconds > 0);
    return isElsewhere ? null : this.clipIn(sounding);
  }

  #hasHeard({ address }: ListenerClient): boolean {
    const { introSkip } = this.audience.mount.config;
    const heardMs = this.#heardMs.get(address) ?? Number.NEGATIVE_INFINITY;
    return this.clock.nowMs() - heardMs < introSkip * 1000;
  }

  #introduce(client: ListenerClient, real: Sink, clip: Clip): Listener | null {
    const { audience } = this;
    const sink = new IntroSink(real);
    const metaint = audience.metaintFor(client);
    const listener = audience.join(client, sink);
    if (listener === null) return null;
    const running: Running = {
      listener,
      sink,
      clip,
      metaint,
      startMs: this.#startFor(client),
      sentBytes: 0,
      isOver: false,
    };
    sink.total = (sentBytes) => totalOf(running, sentBytes);
    this.#remember(client.address);
    this.#running.add(running);
    this.#advance(running);
    this.#stop ??= this.timer(TURN_MS, () => this.#turn());
    return listener;
  }

  #startFor({ userAgent }: ListenerClient): number {
    const { buffer } = this.audience.mount.config;
    const burstSeconds = Math.min(LEAD_SECONDS, buffer.burstSeconds);
    const lead = burstFor(userAgent, { burstSeconds }, this.audience.mount.onAir?.bitrate ?? 0);
    return this.clock.nowMs() - lead * 1000;
  }

  #remember(address: string): void {
    if (this.audience.mount.config.introSkip === 0) return;
    this.#heardMs.delete(address);
    this.#heardMs.set(address, this.clock.nowMs());
    const [earliest] = this.#heardMs.keys();
    if (this.#heardMs.size > MOST_ADDRESSES && earliest !== undefined)
      this.#heardMs.delete(earliest);
  }

  #turn(): void {
    for (const running of this.#running) this.#advance(running);
    if (this.#running.size > 0) return;
    this.#stop?.();
    this.#stop = null;
  }

  #advance(running: Running): void {
    const { listener, sink, clip } = running;
    // It has left.
    if (listener.audience.stateOf(listener) === null) return void this.#running.delete(running);
    if (sink.isBlocked) return;
    this.#send(running);
    if (running.sentBytes === clip.bytes.length && !sink.isBlocked) this.#finish(running);
  }

  #send(running: Running): void {
    const { sink, clip, metaint, startMs, sentBytes } = running;
    const due = clip.bytesUntil((this.clock.nowMs() - startMs) * 1000);
    if (due <= sentBytes) return;
    sink.play(withBlocks(clip.bytes.subarray(sentBytes, due), metaint, sentBytes));
    running.sentBytes = due;
  }

  #finish(running: Running): void {
    const { listener, sink, metaint } = running;
    this.#running.delete(running);
    running.isOver = true;
    sink.finish();
    listener.audience.restart(listener, metaint, countedBytes(running));
  }
}

/** Bytes of the intro that the core counts. To it, a listener that got any has the stream's preamble, which the intro's
 * is not. */
function countedBytes({ clip, sentBytes }: Running): number {
  return hasInlineTitles(clip.format) ? sentBytes : 0;
}

/** `sentBytes`: by the core, which counts what was left out while the intro played. */
function totalOf(running: Running, sentBytes: number): number {
  if (!running.isOver) return running.sentBytes;
  return sentBytes + running.sentBytes - countedBytes(running);
}

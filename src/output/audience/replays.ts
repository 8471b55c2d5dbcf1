// Listeners who go back further than the ring reaches: they hear recordings at the pace of the audio, and the ring once it
// holds the place that they have come to, or nothing is recorded any more.
import type { Clock } from "../../lib/clock.ts";
import { isOgg } from "../../format/content-type.ts";
import type { Sink } from "../../mount/roles.ts";
import type { Audience } from "./audience.ts";
import { burstFor } from "./burst.ts";
import { type Every, every } from "./introductions.ts";
import { IntroSink } from "./intro-sink.ts";
import type { Introducer, Listener, ListenerClient } from "./listener.ts";
import { PastFrames } from "./past-frames.ts";
import { RecordedTitles } from "./recorded-titles.ts";
import { placeAfter } from "./place-after.ts";
import { Places, type RingPlace } from "./ring-place.ts";

const TURN_MS = 100;

/** The ring is searched for what was heard last after this long. */
const SEARCH_MS = 5000;

/** Seconds that the ring must hold beyond the place of a listener who joins it. */
const SPARE_SECONDS = 10;

/** The audio that is looked for in the ring. */
const LAST_BYTES = 4096;

interface Replay {
  readonly listener: Listener;
  readonly sink: IntroSink;
  readonly frames: PastFrames;
  readonly metaint: number;
  readonly titles: RecordedTitles;
  /** When its first frame would be due if nothing were sent ahead. */
  readonly startMs: number;
  sentMicros: number;
  sentBytes: number;
  last: Uint8Array;
  searchedMs: number;
  /** It goes on with something else: what ends the recorded stream has been sent. */
  isEnded: boolean;
  /** Of its bytes, those that the core does not count. */
  apartBytes: number;
}

export class Replays implements Introducer {
  readonly #running = new Set<Replay>();
  readonly #places: Places;
  #stop: (() => void) | null = null;

  constructor(
    private readonly audience: Audience,
    private readonly others: Introducer,
    private readonly clock: Clock,
    private readonly timer: Every = every,
  ) {
    this.#places = new Places(audience.mount.ring);
  }

  join(client: ListenerClient, sink: Sink): Listener | null {
    const { rewind, sounding } = this.audience.mount;
    const { recordedMs, recordedPlace = null } = client.ticket ?? {};
    const recorded = rewind.past();
    if (recordedMs === undefined || recorded === null || sounding === null)
      return this.others.join(client, sink);
    return this.#replay(
      client,
      sink,
      new PastFrames(recorded, sounding, recordedMs, recordedPlace),
    );
  }

  #replay(client: ListenerClient, real: Sink, frames: PastFrames): Listener | null {
    const { audience } = this;
    const sink = new IntroSink(real);
    const metaint = audience.metaintFor(client);
    const listener = audience.join(client, sink);
    if (listener === null) return null;
    const titles = new RecordedTitles(metaint);
    const replay: Replay = { listener, sink, frames, metaint, titles, ...this.#begun(client) };
    sink.total = (sentBytes) => this.#total(replay, sentBytes);
    this.#running.add(replay);
    audience.counts.inPast++;
    this.#stop ??= this.timer(TURN_MS, () => this.#turn());
    void frames.fill();
    return listener;
  }

  #begun({ userAgent }: ListenerClient) {
    const { onAir, config } = this.audience.mount;
    const nowMs = this.clock.nowMs();
    const startMs = nowMs - burstFor(userAgent, config.buffer, onAir?.bitrate ?? 0) * 1000;
    const sent = { sentMicros: 0, sentBytes: 0, last: new Uint8Array(0) };
    return { startMs, ...sent, searchedMs: nowMs, isEnded: false, apartBytes: 0 };
  }

  /** `sentBytes`: by the core, which counts what was left out until the listener joined the ring. */
  #total(replay: Replay, sentBytes: number): number {
    return this.#running.has(replay) ? replay.sentBytes : sentBytes + replay.apartBytes;
  }

  #turn(): void {
    for (const replay of this.#running) this.#advance(replay);
    if (this.#running.size > 0) return;
    this.#stop?.();
    this.#stop = null;
  }

  #advance(replay: Replay): void {
    const { listener, sink, frames } = replay;
    if (listener.audience.stateOf(listener) === null) return this.#forget(replay);
    void frames.fill();
    if (sink.isBlocked) return;
    if (replay.isEnded) return this.#jump(replay);
    this.#send(replay);
    if (sink.isBlocked) return;
    const place = this.#placeBehind(replay);
    const isHere = listener.audience === this.audience;
    if (place !== null && isHere) this.#finish(replay, place);
    else if (place !== null || frames.isOver) this.#jump(replay);
  }

  #send(replay: Replay): void {
    const { sink, frames, titles, startMs, sentBytes } = replay;
    const dueMicros = (this.clock.nowMs() - startMs) * 1000 - replay.sentMicros;
    const taken = frames.take(dueMicros);
    const { bytes, micros } = taken;
    if (bytes.length === 0) return;
    sink.play(titles.interleave(taken, sentBytes));
    replay.sentMicros += micros;
    replay.sentBytes += bytes.length;
    replay.last = Buffer.concat([replay.last, bytes]).subarray(-LAST_BYTES);
  }

  /** Where it goes on in the ring, without a gap; null if the ring does not hold that. */
  #placeBehind(replay: Replay): RingPlace | null {
    const { rewind, ring } = this.audience.mount;
    const nowMs = this.clock.nowMs();
    const back = this.#secondsBack(replay);
    const isHeld = back < rewind.reachSeconds - SPARE_SECONDS;
    const isDue = isHeld && nowMs - replay.searchedMs >= SEARCH_MS;
    if (!isDue && !replay.frames.isOver) return null;
    replay.searchedMs = nowMs;
    const position = placeAfter(ring, replay.last, back);
    return position === null ? null : this.#places.at(position, this.#burst(replay), true);
  }

  /** Its count leads nowhere from here on. */
  #jump(replay: Replay): void {
    const { listener, sink } = replay;
    listener.isSkipped = true;
    if (!replay.isEnded) this.#endRecorded(replay);
    if (!sink.isBlocked) this.#finish(replay, this.#nearest(replay));
  }

  /** What follows begins with the ring's preamble, if that has one. */
  #endRecorded(replay: Replay): void {
    replay.isEnded = true;
    const end = replay.frames.end();
    if (end !== null) replay.sink.play(end);
    replay.sentBytes += end?.length ?? 0;
    const { sounding } = this.audience.mount;
    if (sounding !== null && isOgg(sounding)) replay.apartBytes = replay.sentBytes;
  }

  /** As far back as it has come to, or as the ring reaches: what is between was not recorded. */
  #nearest(replay: Replay): RingPlace {
    const burst = this.#burst(replay);
    const back = Math.min(this.#secondsBack(replay), this.audience.mount.rewind.reachSeconds);
    return back <= burst ? this.#places.live(burst) : this.#places.behind(back, burst);
  }

  #secondsBack({ frames }: Replay): number {
    return (this.audience.mount.rewind.nowMs - frames.nextMs) / 1000;
  }

  #burst({ listener }: Replay): number {
    return this.audience.burstSecondsFor(listener.client);
  }

  #finish(replay: Replay, place: RingPlace): void {
    const { listener, sink, metaint } = replay;
    const sentBytes = replay.sentBytes - replay.apartBytes;
    this.#forget(replay);
    sink.finish();
    const isHere = listener.audience === this.audience;
    listener.audience.restart(listener, metaint, sentBytes, isHere ? place : undefined);
  }

  #forget(replay: Replay): void {
    this.#running.delete(replay);
    this.audience.counts.inPast--;
    replay.frames.close();
  }
}

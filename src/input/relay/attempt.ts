// One attempt to play an address, until it ends: its audio is held back until it is known where it goes on from what was
// written before.
import type { Frames, StreamFormat } from "../../format/frame.ts";
import { copyFrames } from "../../format/frame-slice.ts";
import type { Mount } from "../../mount/mount.ts";
import { mountId } from "../../mount/mount-id.ts";
import type { AnswerHead } from "../../wire/master-answer.ts";
import type { SharedPlace, TimedPlace } from "../../mount/positions.ts";
import {
  type OriginPlace,
  PLACE_HEADER,
  POSITION_HEADER,
  readPlace,
} from "../../wire/origin-place.ts";
import { loopIn, originsIn } from "../../wire/origins.ts";
import type { LiveOutlet, LiveSource } from "../live/live.ts";
import { type History, Search, type Searched, SEARCHING } from "./continuation.ts";
import type { Master } from "./masters.ts";
import { ended, placed } from "./place-search.ts";
import { Pull, type PullContext } from "./pull.ts";

export interface AttemptHandler {
  /** Its audio has come: what follows is written. `isUnlike`: it does not go on where the written audio ends. Returns
   * whether what has come so far is to be written too. */
  onReady(attempt: Attempt, isUnlike: boolean): boolean;
  onMissed(attempt: Attempt, frames: Frames): void;
  /** Frames to write, with their metadata. `end`: behind them in the origin's ring; null if that is not known. */
  onFrames(attempt: Attempt, frames: Frames, nowMs: number, end: TimedPlace | null): void;
  /** What is to follow what was written, in an origin's ring; null if that is not known. */
  next(): SharedPlace | null;
  onOver(attempt: Attempt, why: string): void;
}

type Rest = Omit<PullContext, "outlet" | "refusal">;

export class Attempt {
  readonly #pull: Pull;
  #search: Search | null;
  #isReady = false;
  #readyMs: number | null = null;
  /** Where its audio comes from, if its master is a server of the cluster. */
  #place: OriginPlace | null = null;
  /** Behind the latest frames, held ones included. */
  #latestEnd: TimedPlace | null = null;
  /** On its timeline, where its audio begins. */
  #fromSeconds = 0;
  /** The mounts that its audio has come through, the nearest first. */
  origins: readonly string[] = [];

  constructor(
    /** Changes with the settings. */
    public master: Master,
    private readonly mount: Mount,
    history: History,
    context: Rest,
    private readonly handler: AttemptHandler,
  ) {
    this.#search = new Search(history);
    const outlet = this.#outlet();
    const refusal = (head: AnswerHead) => this.#refusal(head);
    this.#pull = new Pull(master.url, { ...context, outlet, refusal }, master.entries, {
      onOver: (why) => this.#onOver(why),
    });
  }

  get source(): LiveSource | null {
    return this.#pull.source;
  }

  /** Its frames are written. */
  get isReady(): boolean {
    return this.#isReady && this.#pull.isPlaying;
  }

  /** Audio is held back, or its place is not known yet. */
  get isBusy(): boolean {
    return this.#search !== null || this.#pull.isHeld;
  }

  /** Milliseconds since its audio came; 0 before. */
  lastedMs(nowMs: number): number {
    return this.#readyMs === null ? 0 : nowMs - this.#readyMs;
  }

  check(nowMs: number): void {
    this.#pull.check(nowMs);
    if (this.#search !== null) this.#settle(this.#search.check(nowMs), nowMs);
  }

  close(): void {
    this.#pull.close();
  }

  /** The connection has ended: what was held back is all there is. */
  #onOver(why: string): void {
    this.#search = null;
    this.handler.onOver(this, why);
  }

  #refusal(head: AnswerHead): string | null {
    this.origins = originsIn(head);
    this.#place = readPlace(head.headers.get(PLACE_HEADER));
    this.#fromSeconds = Number(head.headers.get(POSITION_HEADER) ?? 0) || 0;
    return loopIn(this.origins, mountId(this.mount));
  }

  #outlet(): LiveOutlet {
    const { mount } = this;
    return {
      totals: mount.totals,
      garbageBytes: 0,
      get format() {
        return mount.format;
      },
      accepts: (format: StreamFormat) => mount.accepts(format),
      write: (source, frames, nowMs) => this.#write(source, frames, nowMs),
      // Its title goes with its next frames.
      announce: () => undefined,
      detach: () => undefined,
    };
  }

  #write(source: LiveSource, given: Frames, nowMs: number): void {
    const frames = { ...given, metadata: source.metadata };
    const end = this.#endOf(source);
    this.#latestEnd = end;
    if (this.#search === null) return this.handler.onFrames(this, frames, nowMs, end);
    this.#settle(this.#searched(this.#search, frames, end, nowMs), nowMs, end);
  }

  /** In the origin's ring, behind what the source has given so far. null before the first byte of that. */
  #endOf({ frameBytes, garbageBytes, seconds }: LiveSource): TimedPlace | null {
    const place = this.#place;
    const takenBytes = frameBytes + garbageBytes;
    if (place === null || takenBytes <= place.leadBytes) return null;
    const position = place.position + takenBytes - place.leadBytes;
    return { run: place.run, position, seconds: this.#fromSeconds + seconds };
  }

  #searched(search: Search, frames: Frames, end: TimedPlace | null, nowMs: number): Searched {
    if (this.#place === null) return search.push(frames, nowMs);
    const next = this.handler.next();
    if (next === null) return { kind: "unlike", frames: [copyFrames(frames)] };
    if (next.run !== this.#place.run) return search.push(frames, nowMs);
    return end === null ? SEARCHING : placed(frames, next.position, end.position);
  }

  /** `end`: behind the frames, all of which are in one piece. */
  #settle({ kind, frames }: Searched, nowMs: number, end: TimedPlace | null = null): void {
    if (kind === "searching") return;
    if (kind !== "behind") this.#search = null;
    const isWritten = this.#isReady || this.#begin(kind === "unlike", nowMs);
    for (const { batch, end: its } of ended(frames, end ?? this.#latestEnd))
      if (isWritten) this.handler.onFrames(this, batch, nowMs, its);
      else this.handler.onMissed(this, batch);
  }

  #begin(isUnlike: boolean, nowMs: number): boolean {
    this.#isReady = true;
    this.#readyMs = nowMs;
    return this.handler.onReady(this, isUnlike);
  }
}

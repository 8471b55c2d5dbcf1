// Watches the mounts for what web hooks are about: titles, live shows, and peaks of listeners.
import type { Clock } from "../lib/clock.ts";
import { together } from "../lib/emitter.ts";
import { UNTITLED } from "../mount/metadata.ts";
import type { Input } from "../mount/roles.ts";
import type { Airing } from "../mount/timeline.ts";
import type { MountParts } from "../assembly/mounts.ts";
import { type HookEvent, type Happening, type HookTrack } from "./event.ts";
import { isTitled } from "./forms.ts";

/** Titles that follow each other faster are sent at this pace, the last of them. */
const TITLE_MS = 5000;

/** A peak of fewer listeners is no news, and neither is the next one so soon after. */
const FIRST_PEAK = 10;
const PEAK_MS = 600_000;

interface Heard extends HookTrack {
  readonly isLive: boolean;
}

/** Of one mount. */
export class Happenings implements Disposable {
  readonly #following: Disposable;
  #heard: Heard | null = null;
  #sentMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #peak = FIRST_PEAK - 1;
  #peakMs = Number.NEGATIVE_INFINITY;

  /** `wall`: milliseconds since 1970. */
  constructor(
    private readonly parts: MountParts,
    private readonly clock: Clock,
    private readonly wall: Clock,
    private readonly emit: (event: HookEvent) => void,
  ) {
    const { events } = parts.mount;
    this.#following = together([
      events.on("titleHeard", (airing) => this.#titleHeard(airing)),
      events.on("onAir", ({ input, before }) => this.#onAir(input, before)),
    ]);
  }

  /** Done every few seconds: a peak is known once listeners leave. */
  look(): void {
    const { count, peak } = this.parts.audience.counts;
    const nowMs = this.clock.nowMs();
    const isNews = peak > this.#peak && count < peak && nowMs - this.#peakMs >= PEAK_MS;
    if (!isNews) return;
    this.#peak = peak;
    this.#peakMs = nowMs;
    this.#happens("listener_peak", { listeners: peak });
  }

  /** Trouble with this mount has begun, or is over. */
  trouble(event: "silent" | "source_lost", state: "firing" | "resolved", message: string): void {
    this.#happens(event, { state, message });
  }

  [Symbol.dispose](): void {
    this.#following[Symbol.dispose]();
    clearTimeout(this.#timer);
  }

  #titleHeard({ kind, metadata, seconds }: Airing): void {
    const last = this.#heard;
    if (last !== null) this.#happens("played", { track: last });
    const { artist, title, album = "" } = metadata;
    const track = { artist, title, album, seconds, startedMs: this.wall.nowMs() };
    const isNamed = artist !== "" || title !== UNTITLED || kind !== "live";
    const isTrack = kind !== "silence" && isTitled(track) && isNamed;
    this.#heard = isTrack ? { ...track, isLive: kind === "live" } : null;
    const waitMs = Math.max(0, this.#sentMs + TITLE_MS - this.clock.nowMs());
    if (waitMs === 0) this.#sendTitle();
    else this.#timer ??= setTimeout(() => this.#sendTitle(), waitMs).unref();
  }

  #sendTitle(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#heard === null) return;
    this.#sentMs = this.clock.nowMs();
    this.#happens("title", { track: this.#heard });
  }

  #onAir(input: Input | null, before: Input | null): void {
    if (before?.isLive === true) this.#happens("live_ends", { dj: this.#nameOf(before) });
    if (input?.isLive === true) this.#happens("live_begins", { dj: this.#nameOf(input) });
  }

  /** A show that is named like the station has no name of its own. */
  #nameOf({ showName = "" }: Input): string {
    return showName === this.parts.mount.config.metadata.stationName ? "" : showName;
  }

  #happens(event: Happening, about: Partial<HookEvent>): void {
    const { mount, audience } = this.parts;
    const live = mount.onAir?.isLive === true ? this.#nameOf(mount.onAir) : "";
    this.emit({
      ...{ event, atMs: this.wall.nowMs(), station: mount.config.metadata.stationName },
      ...{ mount: mount.path, dj: live, listeners: audience.count },
      ...{ track: null, state: null, message: "" },
      ...about,
    });
  }
}

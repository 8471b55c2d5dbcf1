// The part of a mount's facts that is about its listeners.
import type { OpaqueIds } from "../output/audience/opaque-ids.ts";
import type { Fallbacks } from "../output/audience/fallbacks.ts";
import type { MountParts } from "../assembly/mounts.ts";
import type { MountCounters } from "./counters.ts";
import type { LagFacts, ListenerFacts } from "./facts.ts";
import type { HlsFacts } from "./hls-facts.ts";
import { ListenerNode, someMembers } from "./listener-facts.ts";
import type { Watch } from "./watch.ts";

/** What the facts of all mounts share. */
export interface Shared {
  /** The moment of the facts, on the station's clock and in milliseconds since 1970. */
  readonly nowMs: number;
  readonly wallMs: number;
  readonly watch: Watch;
  readonly ids: OpaqueIds;
  readonly fallbacks: Fallbacks;
  /** Listeners of a mount at other servers. */
  readonly elsewhere: (path: string) => number;
}

export class AudienceNode {
  constructor(
    protected readonly parts: MountParts,
    protected readonly shared: Shared,
  ) {}

  get hls(): HlsFacts | null {
    const { hls, mount } = this.parts;
    if (!hls.isOn || hls.isUnsupported) return null;
    return { path: `${mount.path}/hls/index.m3u8`, zeroMs: hls.zeroMs };
  }

  get listeners(): number {
    return this.listenersHere + this.listenersElsewhere;
  }

  get listenersElsewhere(): number {
    return this.shared.elsewhere(this.parts.mount.path);
  }

  get listenersHere(): number {
    const { counts } = this.parts.audience;
    return counts.count - counts.relays;
  }

  get relaysServed(): number {
    return this.parts.audience.counts.relays;
  }

  get listenerPeak(): number {
    return this.parts.audience.counts.peak;
  }

  get maxListeners(): number {
    return this.parts.mount.config.maxListeners;
  }

  get capacity(): number {
    return this.parts.audience.capacity;
  }

  get joined(): number {
    return this.parts.audience.joined;
  }

  get unique(): number {
    return this.parts.audience.counts.addresses;
  }

  get averageSeconds(): number {
    return this.parts.audience.counts.averageSeconds(this.shared.nowMs);
  }

  get slowListeners(): number {
    return this.parts.audience.counts.slow;
  }

  get slowLately(): number {
    return this.shared.watch.slowLately(this.parts);
  }

  get sentBytes(): number {
    return this.parts.audience.sentBytes;
  }

  get lag(): LagFacts {
    return this.shared.watch.lag(this.parts);
  }

  get doors(): Readonly<Record<string, number>> {
    return this.parts.audience.counts.doors;
  }

  get counters(): MountCounters {
    const { counts } = this.parts.audience;
    const { skipped, dropped } = counts;
    const listenerLag = this.shared.watch.lagSinceStart(this.parts);
    const listenerSeconds = counts.listenerSeconds(this.shared.nowMs);
    return { ...this.parts.mount.totals, listenerSeconds, listenerLag, skipped, dropped };
  }

  some(from: number, limit: number): ListenerFacts[] {
    const { ids, nowMs } = this.shared;
    return someMembers(this.parts, from, limit).map(
      (listener) => new ListenerNode(listener, this.parts, ids, nowMs),
    );
  }
}

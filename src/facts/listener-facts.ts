// The facts about one listener. The core's part of them costs a call, made when it is asked for.
import type { Listener } from "../output/audience/listener.ts";
import type { OpaqueIds } from "../output/audience/opaque-ids.ts";
import type { ListenerState } from "../native/broadcaster.ts";
import type { MountParts } from "../assembly/mounts.ts";

export interface ListenerFacts {
  readonly mount: string;
  /** Counts from 1 within the station, never reused. */
  readonly number: number;
  /** Opaque: does not reveal the address. */
  readonly id: string;
  /** For the admin only, like the program. */
  readonly address: string;
  readonly userAgent: string;
  /** It came through a proxy. */
  readonly isForwarded: boolean;
  readonly connectedSeconds: number;
  readonly sentBytes: number;
  /** Seconds of audio not sent to it yet. */
  readonly lagSeconds: number;
  /** It accepts what it is sent. */
  readonly isActive: boolean;
  /** As in `doors`. */
  readonly door: string;
}

export class ListenerNode implements ListenerFacts {
  readonly connectedSeconds: number;
  #known: ListenerState | null | undefined;

  constructor(
    private readonly listener: Listener,
    private readonly parts: MountParts,
    private readonly ids: OpaqueIds,
    nowMs: number,
  ) {
    this.connectedSeconds = (nowMs - listener.joinedMs) / 1000;
  }

  get mount(): string {
    return this.parts.mount.path;
  }

  get number(): number {
    return this.listener.number;
  }

  get id(): string {
    return this.ids.of(this.listener);
  }

  get address(): string {
    return this.listener.client.address;
  }

  get userAgent(): string {
    return this.listener.client.userAgent;
  }

  get isForwarded(): boolean {
    return this.listener.client.isForwarded ?? false;
  }

  get sentBytes(): number {
    return this.#state?.sentBytes ?? 0;
  }

  get lagSeconds(): number {
    return this.#state?.lagSeconds ?? 0;
  }

  get isActive(): boolean {
    return !(this.#state?.isBlocked ?? false);
  }

  get door(): string {
    return this.listener.client.door ?? "source";
  }

  /** null if it has left. */
  get #state(): ListenerState | null {
    if (this.#known === undefined) this.#known = this.parts.audience.stateOf(this.listener);
    return this.#known;
  }
}

/** At most `limit` of a mount's listeners, without relays, from the `from`th on, in the order of their places. */
export function someMembers({ audience }: MountParts, from: number, limit: number): Listener[] {
  const some: Listener[] = [];
  let passed = 0;
  for (const listener of audience.members()) {
    if (some.length >= limit) break;
    if (listener.client.session?.isRelay === true) continue;
    if (passed++ >= from) some.push(listener);
  }
  return some;
}

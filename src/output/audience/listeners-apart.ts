// The listeners of a mount that the core does not serve, since they fetch its audio in segments. They are listed, counted
// and limited with all others; each belongs to its own `audience`, which ends it.
import type { Clock } from "../../lib/clock.ts";
import type { Mount } from "../../mount/mount.ts";
import type { ListenerCounts } from "./listener-counts.ts";
import type { ListenerTable } from "./listener-table.ts";
import type { AudienceContext, Listener, ListenerClient } from "./listener.ts";

interface Whole {
  readonly mount: Mount;
  readonly counts: ListenerCounts;
  readonly hasRoom: boolean;
}

/** Where a listener begins to hear the mount, or has heard it up to, in seconds of its timeline. */
export interface HeardUpTo {
  readonly positionSeconds: number;
  /** It comes from another mount, or goes there. */
  readonly isMoved: boolean;
}

/** What a listener got in all. */
interface Heard {
  readonly sentBytes: number;
  readonly heardSeconds: number;
}

export class ListenersApart {
  /** Bytes of segments sent since the start, to whom they may concern. */
  sentBytes = 0;

  constructor(
    private readonly whole: Whole,
    private readonly table: ListenerTable<Listener>,
    private readonly context: AudienceContext,
    private readonly clock: Clock,
  ) {}

  nextNumber(): number {
    return this.context.nextNumber();
  }

  /** One more at the client's address is within the limits of the mount. */
  hasRoomFor(client: ListenerClient): boolean {
    const { mount, counts, hasRoom } = this.whole;
    return hasRoom && !counts.isFullFor(client, mount.config.rules.listenersPerAddress);
  }

  /** false if there is no room. */
  join(listener: Listener, { positionSeconds, isMoved }: HeardUpTo): boolean {
    if (!this.hasRoomFor(listener.client)) return false;
    const { mount, counts } = this.whole;
    this.table.takeApart(listener, this.clock.nowMs());
    if (!isMoved) counts.joined++;
    mount.log.debug(`listener ${listener.number} joined from ${listener.client.address} (HLS)`);
    const lagSeconds = this.#behindHead(positionSeconds);
    mount.events.emit("joined", { listener, lagSeconds, isMoved });
    return true;
  }

  leave(listener: Listener, to: HeardUpTo & Heard, why: string): void {
    const { mount } = this.whole;
    this.table.leaveApart(listener, this.clock.nowMs());
    mount.log.debug(`listener ${listener.number} left: ${why}`);
    const { positionSeconds, ...heard } = to;
    const lagSeconds = this.#behindHead(positionSeconds);
    mount.events.emit("left", { listener, lagSeconds, ...heard });
  }

  #behindHead(positionSeconds: number): number {
    return Math.max(0, this.whole.mount.writtenSeconds - positionSeconds);
  }
}

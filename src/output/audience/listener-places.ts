// Logs and announces where listeners of a mount begin and end.
import type { Mount } from "../../mount/mount.ts";
import type { BroadcastEvents, Broadcaster } from "../../native/broadcaster.ts";
import { metaintFor } from "./stream-facts.ts";
import { Landings } from "./landings.ts";
import type { ListenerCounts } from "./listener-counts.ts";
import type { Listener } from "./listener.ts";

interface Place {
  readonly sentBytes: number;
  /** Seconds behind the head. */
  readonly lagSeconds: number;
  /** In the ring, of the next byte. */
  readonly cursor: number;
}

/** For a listener that the core does not know any more. */
const NOWHERE: Place = { sentBytes: 0, lagSeconds: 0, cursor: Number.NaN };

export class ListenerPlaces {
  readonly #landings: Landings;

  constructor(
    private readonly mount: Mount,
    private readonly broadcaster: Broadcaster,
    private readonly counts: ListenerCounts,
    events: Pick<BroadcastEvents, "onSend">,
  ) {
    this.#landings = new Landings(mount, broadcaster, events);
  }

  /** Before it leaves: afterwards the core does not know it. */
  placeOf({ handle }: Listener): Place {
    const state = this.broadcaster.inspect(handle);
    if (state === null) return NOWHERE;
    return { ...state, lagSeconds: state.lagSeconds + state.delaySeconds };
  }

  joined(listener: Listener, isMoved = false): void {
    const { lagSeconds } = this.placeOf(listener);
    if (isMoved) this.#landings.add(listener);
    else this.#count(listener);
    this.mount.events.emit("joined", { listener, lagSeconds, isMoved });
  }

  #count(listener: Listener): void {
    const { number, client } = listener;
    listener.metaint = metaintFor(this.mount, client);
    this.counts.joined++;
    this.mount.log.debug(`listener ${number} joined from ${client.address}`);
  }

  left(listener: Listener, { lagSeconds, sentBytes }: Place, why: string): void {
    this.mount.log.debug(`listener ${listener.number} left: ${why}`);
    this.mount.events.emit("left", { listener, lagSeconds, sentBytes, isMoved: false });
  }

  /** It goes on at another mount. */
  moved(listener: Listener, { lagSeconds }: Place): void {
    this.mount.events.emit("left", { listener, lagSeconds, sentBytes: 0, isMoved: true });
  }

  /** The ring overtook it. */
  skipped(listener: Listener, bytesLost: number): void {
    this.mount.log.repeated("a listener was overtaken by the ring and skipped ahead");
    this.mount.log.debug(`listener ${listener.number} lost ${bytesLost} bytes`);
    const kbps = this.mount.onAir?.bitrate ?? 0;
    const lostSeconds = kbps > 0 ? (bytesLost * 8) / (kbps * 1000) : 0;
    const { lagSeconds } = this.placeOf(listener);
    this.mount.events.emit("skipped", { listener, lagSeconds, lostSeconds });
  }
}

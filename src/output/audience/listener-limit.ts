// Whether descriptors are left for another listener; tracks and sources need some too.
import type { Log } from "../../lib/log.ts";
import type { Descriptors } from "../../lib/descriptors.ts";

/** A descriptor limit below this is a default, not a choice. */
const FEW_PLACES = 4096;

/** Consecutive checks that find few descriptors: refused clients are gone sooner. */
const LOOKS = 4;

interface ConnectedHere {
  readonly counts: { readonly connected: number };
}

export class ListenerLimit {
  #shortLooks = 0;

  constructor(
    private readonly descriptors: Descriptors,
    private readonly log: Log,
  ) {}

  /** Checked for each new listener, with the listeners of all mounts; reports a refusal. */
  hasPlaceBeside(mounts: Iterable<ConnectedHere>): boolean {
    let listeners = 0;
    for (const { counts } of mounts) listeners += counts.connected;
    const isLeft = listeners < this.descriptors.places && this.#shortLooks < LOOKS;
    if (!isLeft) this.log.repeated("listeners are refused: out of file descriptors");
    return isLeft;
  }

  /** Called a few times a second: checks whether other connections, such as pages, use up the rest. */
  look(): boolean {
    const { areShort } = this.descriptors;
    this.#shortLooks = areShort ? this.#shortLooks + 1 : 0;
    return areShort;
  }

  /** Warns if fewer listeners fit than are allowed; `maxListeners`: per mount, 0 for no limit. */
  warnings(maxListeners: readonly number[]): string[] {
    const { places } = this.descriptors;
    const isUnlimited = maxListeners.includes(0);
    const wanted = isUnlimited ? FEW_PLACES : maxListeners.reduce((sum, max) => sum + max, 0);
    if (places >= wanted) return [];
    const asked = isUnlimited
      ? "max_listeners is not limited"
      : `max_listeners is ${wanted} in all`;
    return [
      `${asked}, but the file-descriptor limit allows about ${places}: further listeners are ` +
        "refused. Raise ulimit -n, or LimitNOFILE in the systemd unit.",
    ];
  }
}

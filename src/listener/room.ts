// Whether the system has room for one more listener: each is a descriptor, and the music needs some too.
import type { Log } from "../lib/log.ts";
import type { Descriptors } from "../native/descriptors.ts";

/** Fewer places than that are a limit that nobody chose. */
const FEW_PLACES = 4096;

/** Looks in a row that find hardly any descriptor: a crowd that is still being told does not take so long. */
const LOOKS = 4;

export class Room {
  #shortLooks = 0;

  constructor(
    private readonly descriptors: Descriptors,
    private readonly log: Log,
  ) {}

  /** Asked for each that comes, beside the listeners of all mounts; told when it turns one away. */
  isLeftBeside(crowds: Iterable<{ readonly count: number }>): boolean {
    let listeners = 0;
    for (const { count } of crowds) listeners += count;
    const isLeft = listeners < this.descriptors.places && this.#shortLooks < LOOKS;
    if (!isLeft) this.log.repeated("listeners are turned away: the file descriptors run out");
    return isLeft;
  }

  /** Called a few times a second: whether others than listeners, such as pages, have taken the rest. */
  look(): boolean {
    const { areShort } = this.descriptors;
    this.#shortLooks = areShort ? this.#shortLooks + 1 : 0;
    return areShort;
  }

  /** When fewer fit than may come; `maxListeners`: of each mount, 0 for no limit. */
  warnings(maxListeners: readonly number[]): string[] {
    const { places } = this.descriptors;
    const isUnlimited = maxListeners.includes(0);
    const wanted = isUnlimited ? FEW_PLACES : maxListeners.reduce((sum, max) => sum + max, 0);
    if (places >= wanted) return [];
    const asked = isUnlimited ? "Listeners are not limited" : `max_listeners is ${wanted} in all`;
    return [
      `${asked}, but the system lets this process have file descriptors for about ${places}: whoever ` +
        "comes then is turned away. Raise ulimit -n, or LimitNOFILE of the service.",
    ];
  }
}

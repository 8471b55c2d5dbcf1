// Whose audio the listeners of a mount hear now: its own, or that of a fallback while it has no programme.
import { together } from "../lib/emitter.ts";
import type { MountEvents } from "../mount/events.ts";
import type { Mount } from "../mount/mount.ts";
import type { Airing } from "../mount/timeline.ts";

export interface HeardHandler {
  /** On the mount itself, whether it is heard or not. */
  onAir(change: MountEvents["onAir"]): void;
  frames(batch: MountEvents["frames"]): void;
  titled(airing: Airing): void;
  /** What follows is of another mount; `current` is still the one before. */
  turning(): void;
}

export class HeardMount implements Disposable {
  #current: Mount;
  readonly #own: Disposable;
  /** To a fallback. */
  #other: Disposable | null = null;

  constructor(
    private readonly own: Mount,
    private readonly choose: () => Mount,
    private readonly handler: HeardHandler,
  ) {
    this.#current = own;
    const changes = own.events.on("onAir", (change) => {
      this.handler.onAir(change);
      this.look();
    });
    this.#own = together([changes, ...this.#listen(own)]);
  }

  get current(): Mount {
    return this.#current;
  }

  /** Turns to another mount if it is another now. */
  look(): void {
    const next = this.choose();
    if (next === this.#current) return;
    this.handler.turning();
    this.#other?.[Symbol.dispose]();
    this.#current = next;
    this.#other = next === this.own ? null : together(this.#listen(next));
    const airing = next.timeline.airings.at(-1);
    if (airing !== undefined) this.handler.titled(airing);
  }

  [Symbol.dispose](): void {
    this.#own[Symbol.dispose]();
    this.#other?.[Symbol.dispose]();
  }

  #listen({ events }: Mount): Disposable[] {
    const isHeard = () => this.#current.events === events;
    return [
      events.on("titleWritten", (airing) => isHeard() && this.handler.titled(airing)),
      events.on("frames", (batch) => {
        this.look();
        if (isHeard()) this.handler.frames(batch);
      }),
    ];
  }
}

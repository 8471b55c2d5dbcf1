// The rings that the segments of a mount lie in: its own, or that of a fallback, which holds them as long.
import type { Mount } from "../mount/mount.ts";

export class SegmentRings {
  /** By media sequence number; those of the own mount are left out. */
  readonly #others = new Map<number, Mount>();

  constructor(private readonly own: Mount) {}

  of(number: number): Mount {
    return this.#others.get(number) ?? this.own;
  }

  /** A segment lies in the ring of a mount, which is to hold so many seconds. */
  note(number: number, mount: Mount, seconds: number): void {
    if (mount === this.own) return;
    this.#others.set(number, mount);
    mount.rewind.keep(seconds, this);
  }

  /** Earlier segments are not needed any more. */
  trim(first: number): void {
    for (const [number, mount] of this.#others) if (number < first) this.#drop(number, mount);
  }

  #drop(number: number, mount: Mount): void {
    this.#others.delete(number);
    const isUsed = [...this.#others.values()].includes(mount);
    if (!isUsed && !mount.ring.isClosed) mount.rewind.keep(0, this);
  }
}

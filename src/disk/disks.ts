// The threads that wait for disks in place of the station: one a file system, so that one that hangs holds up no other.
import type { Log } from "../lib/log.ts";
import { Disk } from "./disk.ts";
import { Lane } from "./lane.ts";
import { mountPointOf, mountPoints } from "./mount-point.ts";
import type { Thread } from "./thread.ts";

/** Threads for one file system. More than one only when calls hang and what hangs may be on another, behind a link. */
const MAX_LANES = 4;

export class Disks {
  /** Of each mount point all its lanes; the last is for those who come. */
  readonly #lanes = new Map<string, [Lane, ...Lane[]]>();
  readonly #points = mountPoints();

  /** `start` is called when there is something to do. */
  constructor(private readonly start: () => Thread) {}

  /** The way to an absolute path. `what` it is, for people: "the playlist directory /music". */
  at(path: string, what: string, log: Log): Disk {
    const lane = this.#laneOf(mountPointOf(path, this.#points));
    const disk = new Disk(what, lane, log);
    lane.owners.add(disk);
    return disk;
  }

  close(): void {
    for (const lanes of this.#lanes.values()) for (const lane of lanes) lane.close();
  }

  #laneOf(point: string): Lane {
    const lanes = this.#lanes.get(point) ?? [this.#newLane(point)];
    this.#lanes.set(point, lanes);
    return lanes.at(-1) ?? lanes[0];
  }

  #newLane(point: string): Lane {
    return new Lane(this.start, (lane, owner) => this.#separate(point, lane, owner));
  }

  /** Whoever hangs keeps the thread that hangs; the others get a new one. */
  #separate(point: string, lane: Lane, owner: object): void {
    const lanes = this.#lanes.get(point);
    if (lanes === undefined || lane.owners.size < 2 || lanes.length >= MAX_LANES) return;
    const fresh = this.#newLane(point);
    lanes.push(fresh);
    for (const other of lane.owners) if (other !== owner) this.#move(other, fresh);
    for (const job of lane.leaveTo(owner)) fresh.add(job);
  }

  #move(owner: object, lane: Lane): void {
    if (owner instanceof Disk) owner.lane = lane;
    lane.owners.add(owner);
  }
}

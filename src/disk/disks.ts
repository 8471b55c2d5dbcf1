// Threads that do the station's blocking file calls, one per file system, so that a hanging disk blocks no other.
import type { Log } from "../lib/log.ts";
import { Disk } from "./disk.ts";
import { Lane } from "./lane.ts";
import { mountPointOf, mountPoints } from "./mount-point.ts";
import type { Thread } from "./thread.ts";

/** Most threads per file system. A second one starts only if a call hangs that may be on another disk, behind a
 * link. */
const MAX_LANES = 4;

/** Begins no mount point. */
const APART = "apart:";

export class Disks {
  /** The lanes of each mount point; the last one takes new owners. */
  readonly #lanes = new Map<string, [Lane, ...Lane[]]>();
  readonly #points = mountPoints();
  /** By log, then by path: a disk that hangs is reported once by everyone who uses the path. */
  readonly #disks = new WeakMap<Log, Map<string, Disk>>();

  /** Each is called with the first call. */
  constructor(
    private readonly start: () => Thread,
    /** For access apart. */
    private readonly startApart = start,
  ) {}

  /** Access to an absolute path, the same for the same path and log. `what` describes it in log lines:
   * "the playlist directory /music". */
  at(path: string, what: string, log: Log): Disk {
    const known = this.#disks.get(log) ?? new Map<string, Disk>();
    this.#disks.set(log, known);
    const disk = known.get(path) ?? this.#newDisk(path, what, log);
    known.set(path, disk);
    return disk;
  }

  /** Access to an absolute path with a thread of its own. */
  apart(path: string, what: string, log: Log, start = this.startApart): Disk {
    const disk = new Disk(what, this.#laneOf(`${APART}${path}`, start), log);
    disk.lane.owners.add(disk);
    return disk;
  }

  close(): void {
    for (const lanes of this.#lanes.values()) for (const lane of lanes) lane.close();
  }

  #newDisk(path: string, what: string, log: Log): Disk {
    const lane = this.#laneOf(mountPointOf(path, this.#points));
    const disk = new Disk(what, lane, log);
    lane.owners.add(disk);
    return disk;
  }

  #laneOf(point: string, start = this.start): Lane {
    const lanes = this.#lanes.get(point) ?? [this.#newLane(point, start)];
    this.#lanes.set(point, lanes);
    return lanes.at(-1) ?? lanes[0];
  }

  #newLane(point: string, start = this.start): Lane {
    return new Lane(start, (lane, owner) => this.#separate(point, lane, owner));
  }

  /** The owner of the hanging call keeps its thread; the others move to a new one. */
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

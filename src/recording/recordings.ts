// All recordings of a station: follows the configuration, and knows the files of every folder.
import type { RecordingConfig } from "../config/config.ts";
import { RECORDED } from "../config/recording-keys.ts";
import type { Disks } from "../disk/disks.ts";
import { mountPointOf, mountPoints } from "../disk/mount-point.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { within } from "../lib/within.ts";
import type { Mount } from "../mount/mount.ts";
import { Recorder } from "./recorder.ts";
import type { Entry, KeepRule } from "./retention.ts";
import { RecordedPast } from "./recorded-past.ts";
import { idOf } from "./recorded-files.ts";
import { Shelf } from "./shelf.ts";
import type { Take } from "./take.ts";
import { localOffset, type Offset } from "./wall-hours.ts";

/** The next file of a recorder is asked for by this. */
const TICK_MS = 1000;

/** A station that stops waits this long for the ends of its files; those that are missing follow at the next start. */
const LAST_BYTES_MS = 3000;

export interface RecordingsFacts {
  readonly disks: Disks;
  readonly log: Log;
  readonly clock: Clock;
  readonly wall: Clock;
  readonly offset?: Offset;
}

/** A mount with its number of listeners. */
export interface Recordable {
  readonly mount: Mount;
  readonly audience: { readonly count: number };
}

export class Recordings {
  readonly #shelves = new Map<string, Shelf>();
  #recorders: readonly Recorder[] = [];
  readonly #points = mountPoints();

  constructor(private readonly facts: RecordingsFacts) {}

  get recorders(): readonly Recorder[] {
    return this.#recorders;
  }

  /** One for each folder. */
  get shelves(): readonly Shelf[] {
    return [...this.#shelves.values()];
  }

  /** Follows the mounts and their configuration: what is new begins, what has gone ends. */
  follow(mounts: readonly Recordable[]): void {
    const wanted = mounts.flatMap(({ mount, audience }) =>
      mount.config.recording.map((config) => ({ mount, config, audience })),
    );
    const before = this.#recorders;
    this.#recorders = wanted.map(({ mount, config, audience }) => {
      const same = before.find((one) => one.mount === mount && isSame(one.config, config));
      same?.reconfigure(config);
      return same ?? this.#recorder(mount, config, () => audience.count);
    });
    for (const { mount } of mounts) mount.rewind.past = () => this.past(mount.path);
    for (const recorder of before) if (!this.#recorders.includes(recorder)) recorder.close();
    for (const shelf of this.shelves) this.#followRules(shelf);
  }

  /** A round. */
  readonly tick = (nowMs: number): number => {
    if (this.#shelves.size === 0) return TICK_MS;
    for (const recorder of this.#recorders) recorder.tick();
    for (const shelf of this.shelves) shelf.tick(nowMs);
    return TICK_MS;
  };

  /** A complete recording and its folder, by its id. */
  find(id: string): { readonly shelf: Shelf; readonly entry: Entry } | null {
    for (const shelf of this.shelves) {
      const entry = shelf.files.find(id);
      if (entry !== undefined) return { shelf, entry };
    }
    return null;
  }

  /** A recording that grows, by the id that it has when it is complete. */
  growing(id: string): { readonly shelf: Shelf; readonly take: Take } | null {
    for (const shelf of this.shelves) {
      const take = shelf.takes.find((one) => growingId(one) === id);
      if (take !== undefined) return { shelf, take };
    }
    return null;
  }

  /** What is recorded of a mount; null if nothing is configured there. */
  past(mount: string): RecordedPast | null {
    const own = this.#recorders.filter((one) => one.mount.path === mount);
    const [best] = own.toSorted((a, b) => rank(b.config) - rank(a.config));
    return best === undefined ? null : new RecordedPast(best, this.facts.wall);
  }

  /** Ends all files. Never rejects. */
  async close(): Promise<void> {
    for (const recorder of this.#recorders) recorder.close();
    this.#recorders = [];
    const nowMs = this.facts.clock.nowMs();
    const settled = this.shelves.map((shelf) => shelf.settle(nowMs));
    await within(LAST_BYTES_MS, Promise.all(settled));
  }

  #recorder(mount: Mount, config: RecordingConfig, listeners: () => number): Recorder {
    const { wall, offset = localOffset } = this.facts;
    const shelf = this.#shelfOf(config.directory, mount.log);
    return new Recorder({ mount, config, shelf, wall, offset, listeners });
  }

  #shelfOf(directory: string, log: Log): Shelf {
    const known = this.#shelves.get(directory);
    if (known !== undefined) return known;
    const { disks, wall, offset = localOffset } = this.facts;
    // One thread for all recordings of a disk, apart from the music: waiting for a disk to write takes long.
    const point = mountPointOf(directory, this.#points);
    const disk = disks.apart(`recordings:${point}`, `the recordings in ${directory}`, log);
    const facts = { directory, disk, log, wallMs: () => wall.nowMs(), offset };
    const shelf = new Shelf(facts);
    this.#shelves.set(directory, shelf);
    return shelf;
  }

  /** A folder that no recording has any more is left alone, once its last files are complete. */
  #followRules(shelf: Shelf): void {
    const own = this.#recorders.filter(({ config }) => config.directory === shelf.directory);
    shelf.follow(own.map(ruleOf));
    if (own.length === 0 && shelf.takes.length === 0) this.#shelves.delete(shelf.directory);
  }
}

/** The id of a file that grows: unless its title renames it, the one that it keeps. */
export function growingId({ file }: Take): string {
  return idOf(file.path + file.suffix);
}

/** Whether the file that grows may go on. */
function isSame(a: RecordingConfig, { label, directory, when, split, name }: RecordingConfig) {
  const isSameFile = a.label === label && a.directory === directory && a.name === name;
  return isSameFile && a.when === when && a.split === split;
}

function ruleOf({ mount, config }: Recorder): KeepRule {
  const { label: recording, keep: keepSeconds, minFree } = config;
  return { mount: mount.path, recording, keepSeconds, minFree };
}

/** The more of what is heard the better, and long files are better than short ones. */
function rank({ when, split }: RecordingConfig): number {
  return 2 * RECORDED.indexOf(when) + (split === "title" ? 0 : 1);
}

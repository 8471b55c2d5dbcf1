// What the HLS streams of a station share: one media timeline, numbers that outlast a restart, and a round.
import type { StateDisk } from "../disk/state-file.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Rounds } from "../lib/rounds.ts";
import type { Mount } from "../mount/mount.ts";
import type { Airing } from "../mount/timeline.ts";
import { GroupTimeline } from "./group-timeline.ts";
import type { HlsContext, HlsStream } from "./hls-stream.ts";
import type { KeptWindow } from "./kept-window.ts";
import { KeptWindows } from "./kept-windows.ts";
import { EPOCH_MS, Numbering } from "./numbering.ts";
import { NumbersFile } from "./numbers-file.ts";
import { type WindowDisk, WindowFiles } from "./window-files.ts";

const TICK_MS = 1000;
const RUN_LENGTH = 8;

export interface HlsParts {
  readonly wall: Clock;
  readonly log: Log;
  readonly rounds: Rounds;
  readonly fallbacks: Pick<HlsContext, "programmeOf">;
  readonly artworks: { idOf(airing: Airing): string | null };
}

/** The folder for what outlasts a restart. */
export interface StateFolder {
  readonly folder: string;
  readonly disk: StateDisk & WindowDisk;
}

export class HlsStation implements HlsContext {
  /** The same in each run: players that go on over a restart see a gap, not a clock that goes back. */
  readonly epochMs = EPOCH_MS;
  readonly numbering: Numbering;
  readonly streams = new Set<HlsStream>();
  readonly #file: NumbersFile | null;
  readonly #windows: KeptWindows | null;
  readonly #groups = new Map<string, GroupTimeline>();

  /** `state` null: numbers come from the date alone. */
  constructor(
    private readonly parts: HlsParts,
    state: StateFolder | null,
  ) {
    const { wall, log, rounds } = parts;
    this.numbering = new Numbering(wall);
    const isKept = state !== null;
    this.#file = isKept ? new NumbersFile(state.folder, state.disk, log, this.numbering) : null;
    const files = isKept ? new WindowFiles(state.folder, state.disk, log) : null;
    this.#windows = files && new KeptWindows(files, this.numbering, wall, log);
    rounds.add(() => this.#tick());
  }

  get wall(): Clock {
    return this.parts.wall;
  }

  artworkIdOf(airing: Airing): string | null {
    return this.parts.artworks.idOf(airing);
  }

  programmeOf(mount: Mount, fits: (fallback: Mount) => boolean): Mount {
    return this.parts.fallbacks.programmeOf(mount, fits);
  }

  groupNamed(name: string): GroupTimeline | null {
    if (name === "") return null;
    const members = () => [...this.streams].filter(({ mount }) => mount.config.group === name);
    const paths = () => members().map(({ mount }) => mount.path);
    const known = this.#groups.get(name) ?? new GroupTimeline(this.numbering, paths);
    this.#groups.set(name, known);
    return known;
  }

  runName(): string {
    return crypto.randomUUID().replaceAll("-", "").slice(0, RUN_LENGTH);
  }

  /** Goes on with the playlists of the run before, but for mounts that were heard already. Never rejects. */
  async restore(): Promise<void> {
    await this.#file?.restored();
    await this.#windows?.restore();
    for (const stream of this.streams) {
      const window = this.earlierOf(stream.mount.path);
      if (window !== null) stream.resume(window);
    }
  }

  earlierOf(path: string): KeptWindow | null {
    return this.#windows?.take(path) ?? null;
  }

  leave(): void {
    const completed = [...this.streams].flatMap((stream) => {
      const keepable = stream.complete();
      return keepable === null ? [] : [{ stream, keepable }];
    });
    this.numbering.stop();
    this.#windows?.keep(completed);
  }

  async close(): Promise<void> {
    await Promise.all([this.#file?.settled(), this.#windows?.settled()]);
  }

  #tick(): number {
    for (const stream of this.streams) stream.tick();
    this.#windows?.trim();
    return TICK_MS;
  }
}

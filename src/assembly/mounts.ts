// The table of mounts: who they are, in the order of the configuration. Mounts come and go while the station runs.
import type { Audience } from "../output/audience/audience.ts";
import type { Mount } from "../mount/mount.ts";
import type { LiveLoudness } from "../input/live/live-loudness.ts";
import type { DirectoryListing } from "../directory/directory-listing.ts";
import type { Plays } from "../mount/plays.ts";
import type { Pushes } from "../output/push/pushes.ts";
import type { HlsStream } from "../hls/hls-stream.ts";
import type { Artworks } from "../input/playlist/artworks.ts";

/** A mount with everything that belongs to it. */
export interface MountParts {
  readonly mount: Mount;
  readonly audience: Audience;
  /** The station's. */
  readonly artworks: Artworks;
  readonly loudness: LiveLoudness;
  readonly pushes: Pushes;
  readonly hls: HlsStream;
  /** Plays the last that its listeners hear; null if there is nothing to play. */
  readonly outro: () => Promise<void> | null;
  readonly plays: Plays;
  /** Its place in the directory of stations. */
  readonly listing: DirectoryListing;
}

export class Mounts {
  readonly #byPath = new Map<string, MountParts>();
  readonly #mounts = new Map<string, Mount>();
  readonly #all: [MountParts, ...MountParts[]];
  readonly #audiences: Audience[] = [];

  /** The first mount is the station's own and always there. */
  constructor(first: MountParts) {
    this.#all = [first];
    this.#index();
  }

  get first(): MountParts {
    return this.#all[0];
  }

  /** A view that follows the table, as are those below. */
  get all(): readonly [MountParts, ...MountParts[]] {
    return this.#all;
  }

  get audiences(): readonly Audience[] {
    return this.#audiences;
  }

  get byPath(): ReadonlyMap<string, MountParts> {
    return this.#byPath;
  }

  get mounts(): ReadonlyMap<string, Mount> {
    return this.#mounts;
  }

  /** By the normalised path. */
  find(path: string): MountParts | undefined {
    return this.#byPath.get(path);
  }

  add(parts: MountParts): void {
    this.#all.push(parts);
    this.#index();
  }

  /** Returns what was removed; undefined for the first mount and for a path that is not there. */
  remove(path: string): MountParts | undefined {
    const at = this.#all.findIndex(({ mount }) => mount.path === path);
    if (at < 1) return undefined;
    const [removed] = this.#all.splice(at, 1);
    this.#index();
    return removed;
  }

  /** Plays the outros. Takes three seconds at most; never rejects. */
  async farewell(): Promise<void> {
    await Promise.all(this.#all.map(({ outro }) => outro()));
  }

  /** Puts the mounts behind the first in the order of these paths; those that are not among them go last. */
  arrange(paths: readonly string[]): void {
    const place = ({ mount }: MountParts) => {
      const at = paths.indexOf(mount.path);
      return at < 0 ? paths.length : at;
    };
    const [first, ...others] = this.#all;
    others.sort((a, b) => place(a) - place(b));
    this.#all.splice(0, this.#all.length, first, ...others);
    this.#index();
  }

  #index(): void {
    this.#byPath.clear();
    this.#mounts.clear();
    this.#audiences.length = 0;
    for (const parts of this.#all) {
      this.#byPath.set(parts.mount.path, parts);
      this.#mounts.set(parts.mount.path, parts.mount);
      this.#audiences.push(parts.audience);
    }
  }
}

// The pictures of what an edge plays: its origin says which title has which, and has the picture itself.
import type { Membership } from "../access/membership.ts";
import type { Artworks } from "../input/playlist/artworks.ts";
import { isPictureType, type Picture } from "../input/playlist/picture.ts";
import type { Clock } from "../lib/clock.ts";
import type { Rounds } from "../lib/rounds.ts";
import { titleLine } from "../lib/titled.ts";
import type { Mount } from "../mount/mount.ts";
import type { Airing } from "../mount/timeline.ts";
import { OriginFiles } from "./origin-files.ts";
import { artworkIn } from "./origin-status.ts";

export interface EdgeStation {
  readonly artworks: Artworks;
  readonly clock: Clock;
  readonly membership: Membership;
  readonly rounds: Rounds;
  readonly mounts: () => readonly Mount[];
  readonly fetch?: typeof fetch;
}

const ROUND_MS = 1000;

/** After a title has begun, and after each answer without a picture: the origin may have to read it from a disk first. */
const WAITS_MS = [500, 2000, 5000, 15_000];

interface Asked {
  count: number;
  dueMs: number;
}

export class OriginArtworks {
  readonly #asked = new WeakMap<Airing, Asked>();
  readonly #files = new WeakMap<Mount, Readonly<Record<"status" | "pictures", OriginFiles>>>();

  constructor(private readonly station: EdgeStation) {
    station.rounds.add((nowMs) => this.round(nowMs));
    station.artworks.elsewhere = (id) => this.picture(id);
  }

  /** Does what is due. Returns the milliseconds until it wants to be called again. */
  round(nowMs: number): number {
    for (const mount of this.#pulled) this.#look(mount, nowMs);
    return ROUND_MS;
  }

  /** A picture by its id; null if no origin has it. Never rejects. */
  async picture(id: string): Promise<Picture | null> {
    const [mount] = this.#pulled;
    if (mount === undefined) return null;
    const file = await this.#filesOf(mount).pictures.get(id);
    if (file?.status !== 200 || !isPictureType(file.contentType)) return null;
    return { contentType: file.contentType, bytes: await file.body.bytes() };
  }

  get #pulled(): readonly Mount[] {
    return this.station.mounts().filter(({ pull }) => pull !== null);
  }

  /** Its newest title, which is heard soon. */
  #look(mount: Mount, nowMs: number): void {
    const airing = mount.timeline.airings.at(-1);
    if (airing?.kind !== "relay" || this.station.artworks.idOf(airing) !== null) return;
    const asked = this.#asked.get(airing) ?? { count: 0, dueMs: nowMs + (WAITS_MS[0] ?? 0) };
    this.#asked.set(airing, asked);
    if (nowMs < asked.dueMs || asked.count >= WAITS_MS.length) return;
    asked.dueMs = nowMs + (WAITS_MS[++asked.count] ?? 0);
    void this.#ask(mount, airing);
  }

  async #ask(mount: Mount, airing: Airing): Promise<void> {
    const file = await this.#filesOf(mount).status.get(encodeURI(mount.path.slice(1)));
    const id = file?.status === 200 ? artworkIn(file.text, titleLine(airing.metadata)) : null;
    if (id !== null) this.station.artworks.adopt(airing, id);
  }

  #filesOf(mount: Mount) {
    const known = this.#files.get(mount);
    if (known !== undefined) return known;
    const [status, pictures] = ["/api/mounts/", "/artwork/"].map((path) => this.#at(mount, path));
    if (status === undefined || pictures === undefined) throw new TypeError("there are two");
    const files = { status, pictures };
    this.#files.set(mount, files);
    return files;
  }

  #at(mount: Mount, path: string): OriginFiles {
    const { clock, membership, fetch: ask = fetch } = this.station;
    return new OriginFiles({
      folder: () => {
        const master = mount.pull?.master ?? null;
        return master && { ...master, href: new URL(path, master.href).href };
      },
      lines: (target) => membership.lines(target),
      clock,
      fetch: (url, init) => ask(url, init),
    });
  }
}

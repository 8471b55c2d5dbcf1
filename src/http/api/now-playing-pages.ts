// What plays on each mount in AzuraCast's shape, rendered once for each change and written once for each second, however
// many clients ask.
import type { MountFacts, StationFacts } from "../../facts/facts.ts";
import { normaliseMount } from "../../lib/mount-path.ts";
import type { Station } from "../../station/station.ts";
import type { BaseUrl } from "../../stats/icestats.ts";
import {
  atMoment,
  type NowPlaying,
  renderNowPlaying,
  shortcodesOf,
} from "../../stats/now-playing.ts";

/** Clients choose the host name that they ask by: renderings for this many are kept. */
const MAX_KEPT = 256;

export interface Text {
  readonly json: string;
  readonly etag: string;
}

interface Rendering {
  /** Changes with what it was made from. */
  readonly version: string;
  readonly now: NowPlaying;
  readonly settled: Text;
  /** As of this second. */
  second: number;
  text: Text;
}

function textOf(now: NowPlaying): Text {
  const json = JSON.stringify(now);
  return { json, etag: `"${Bun.hash(json).toString(36)}"` };
}

export class NowPlayingPages {
  readonly #kept = new Map<string, Rendering>();
  #changes = 0;
  #codes: ReadonlyMap<string, string> = new Map();
  readonly #following: Disposable;

  constructor(private readonly station: Pick<Station, "events" | "facts" | "wall">) {
    this.#following = station.events.on("status", () => void this.#changes++);
  }

  /** A mount by its path, with or without the first slash, by its shortcode, or by its place from 1. */
  find(name: string): MountFacts | undefined {
    const facts = this.station.facts();
    const path = normaliseMount(encodeURIComponent(name.toWellFormed()).replaceAll("%2F", "/"));
    const named = path === null ? undefined : facts.mount(path);
    if (named !== undefined) return named;
    if (/^\d{1,4}$/.test(name)) return facts.mounts[Number(name) - 1];
    return facts.mounts.find((mount) => this.shortcodeOf(mount) === name);
  }

  /** Made again when mounts come or go. */
  get #shortcodes(): ReadonlyMap<string, string> {
    const paths = this.all.map(({ path }) => path);
    if (paths.length !== this.#codes.size || paths.some((path) => !this.#codes.has(path)))
      this.#codes = shortcodesOf(paths);
    return this.#codes;
  }

  shortcodeOf({ path }: MountFacts): string {
    return this.#shortcodes.get(path) ?? "";
  }

  stationOf(mount: MountFacts, base: BaseUrl): NowPlaying["station"] {
    return this.#rendering(mount, base).now.station;
  }

  get all(): StationFacts["mounts"] {
    return this.station.facts().mounts;
  }

  /** As of now, to the second. */
  current(mount: MountFacts, base: BaseUrl): Text {
    const rendering = this.#rendering(mount, base);
    const nowMs = this.station.wall.nowMs();
    const second = Math.floor(nowMs / 1000);
    if (rendering.second !== second) {
      rendering.second = second;
      rendering.text = textOf(atMoment(rendering.now, nowMs));
    }
    return rendering.text;
  }

  /** As of the last change. */
  settled(mount: MountFacts, base: BaseUrl): Text {
    return this.#rendering(mount, base).settled;
  }

  artOf(mount: MountFacts, base: BaseUrl): string {
    return this.#rendering(mount, base).now.now_playing.song.art;
  }

  close(): void {
    this.#following[Symbol.dispose]();
  }

  #rendering(mount: MountFacts, base: BaseUrl): Rendering {
    const key = `${base}${mount.path}`;
    const version = `${this.#changes} ${mount.listeners} ${mount.unique}`;
    const kept = this.#kept.get(key);
    if (kept?.version === version) return kept;
    const rendering = this.#render(mount, base, version);
    this.#kept.delete(key);
    this.#kept.set(key, rendering);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return rendering;
  }

  #render(mount: MountFacts, base: BaseUrl, version: string): Rendering {
    const nowMs = this.station.wall.nowMs();
    const place = this.all.findIndex(({ path }) => path === mount.path) + 1;
    const shortcode = this.shortcodeOf(mount);
    const now = renderNowPlaying(mount, { base, place, shortcode });
    const settled = textOf(atMoment(now, nowMs));
    return { version, now, settled, second: Math.floor(nowMs / 1000), text: settled };
  }
}

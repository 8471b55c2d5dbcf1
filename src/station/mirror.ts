// Mirrors the mounts of another server (relay_all): asks for its list from time to time, and lets mounts appear and vanish
// here with those there. Configured mounts come first.
import type { Membership } from "../access/membership.ts";
import { buildMount, MIRROR_INPUTS } from "../assembly/build-mount.ts";
import type { Config, MountConfig } from "../config/config.ts";
import { sameSetting } from "../config/diff.ts";
import { OriginArtworks } from "../edges/origin-artworks.ts";
import { fetchMounts } from "../input/relay/fetch-mounts.ts";
import type { ListFetch } from "../input/relay/fetch-mounts.ts";
import type { RelaySettings } from "../input/relay/relay-input.ts";
import type { ListedMount } from "../input/relay/stream-list.ts";
import type { Log } from "../lib/log.ts";
import type { Rounds } from "../lib/rounds.ts";
import { labelOf, mirrorRelay, type MirrorSettings, mirrorSettings } from "./mirror-settings.ts";
import { type RelayHost, Relays, relayStation } from "./relays.ts";
import { openMount, removeMounts, type Running } from "./reconfigure.ts";

/** Two lists without a mount, and it is gone: a master that restarts has none for a moment. */
const MISSES = 2;

const IDLE_MS = 60_000;
const ROUND_MS = 1000;

/** A station, as far as its mirror knows it. */
export interface MirrorHost {
  readonly config: Config;
  readonly events: { on(event: "config", handler: (config: Config) => void): Disposable };
  readonly log: Log;
  readonly membership: Membership;
  readonly rounds: Rounds;
}

/** The relays of a station, those that mirror another server included. */
export function startRelays(
  host: MirrorHost & RelayHost,
  running: Running,
  onChange: () => void,
): Relays {
  const { clock, shared } = running;
  const relays = new Relays(host, relayStation(clock, shared.disks, host.log, host.membership));
  const mirror = new Mirror(host, relays, running, onChange);
  const pulled = () => host.mounts.all.map(({ mount }) => mount);
  const { membership, rounds } = host;
  const { artworks } = shared;
  new OriginArtworks({ artworks, clock, membership, rounds, mounts: pulled });
  relays.onClose = () => mirror.close();
  return relays;
}

interface Mirrored {
  readonly listed: ListedMount;
  misses: number;
}

export class Mirror {
  readonly #mirrored = new Map<string, Mirrored>();
  #fetch: ListFetch | null = null;
  #nextMs = Number.NEGATIVE_INFINITY;
  #why: string | null = null;
  #settings: MirrorSettings | null = null;
  /** Configured mounts that are mirrored. */
  #own: readonly string[] = [];

  #endRounds: () => void = () => undefined;

  /** Follows the station's configuration. `onChange`: mounts were added, changed or removed. */
  constructor(
    private readonly host: MirrorHost,
    private readonly relays: Relays,
    private readonly running: Running,
    private readonly onChange: () => void,
  ) {
    relays.further.push((path) => this.#relaysOf(path));
    this.#wake();
    host.events.on("config", () => this.#wake());
  }

  #wake(): void {
    this.#endRounds();
    this.#endRounds = this.host.rounds.add((nowMs) => this.#round(nowMs));
  }

  /** Why the list cannot be read: a sentence without its end; null if it can, or none is. */
  get why(): string | null {
    return this.#why;
  }

  /** Does what is due. Returns the milliseconds until it wants to be called again. */
  #round(nowMs: number): number {
    const settings = this.#mirroring;
    if (this.#settings === null || !sameSetting(settings, this.#settings)) this.#restart(settings);
    if (settings.urls.length === 0) return IDLE_MS;
    this.#fetch?.check(nowMs);
    if (this.#fetch === null && nowMs >= this.#nextMs) this.#ask(settings, nowMs);
    return ROUND_MS;
  }

  close(): void {
    this.#fetch?.close();
    this.#fetch = null;
  }

  /** Other settings; mounts that the new ones name again stay. */
  #restart(settings: MirrorSettings): void {
    this.#settings = settings;
    this.close();
    this.#nextMs = Number.NEGATIVE_INFINITY;
    if (settings.urls.length === 0 || !settings.isEdge) this.#followOwn([]);
    if (settings.urls.length === 0) this.#follow([], MISSES);
  }

  /** The first server whose list can be read says what is there. */
  #ask(settings: MirrorSettings, nowMs: number, [url, ...others] = settings.urls): void {
    if (url === undefined) return;
    this.#nextMs = nowMs + settings.interval * 1000;
    this.#fetch = fetchMounts({ ...settings, url }, this.relays.station, {
      done: (mounts) => this.#onList(mounts, settings),
      failed: (why) =>
        others.length > 0 ? this.#ask(settings, nowMs, others) : this.#onFailure(why, settings),
    });
  }

  #onList(mounts: readonly ListedMount[], settings: MirrorSettings): void {
    this.#fetch = null;
    const { maxMounts } = settings;
    const label = labelOf(settings);
    if (this.#why !== null) this.host.log.info(`${label}: the list of mounts is read again`);
    this.#why = null;
    const paths = new Set(this.host.config.mounts.map(({ path }) => path));
    const isOwn = ({ path }: ListedMount) => paths.has(path);
    if (settings.isEdge) this.#followOwn(mounts.filter(isOwn).map(({ path }) => path));
    const free = mounts.filter((mount) => !isOwn(mount));
    if (free.length > maxMounts)
      this.host.log.repeated(`${label}: only ${maxMounts} of ${free.length} mounts are mirrored`);
    // Those that are mirrored stay, in whatever order the master lists its mounts.
    const isMirrored = ({ path }: ListedMount) => Number(this.#mirrored.has(path));
    const wanted = free.toSorted((a, b) => isMirrored(b) - isMirrored(a)).slice(0, maxMounts);
    this.#follow(wanted, 1, maxMounts);
  }

  /** What is mirrored stays: its relays notice by themselves what is gone. */
  #onFailure(why: string, settings: MirrorSettings): void {
    this.#fetch = null;
    if (this.#why !== why)
      this.host.log.warn(`${labelOf(settings)}: the list of mounts cannot be read: ${why}`);
    this.#why = why;
  }

  /** Configured mounts that the origin has too. Those stay that it does not list for a moment. */
  #followOwn(paths: readonly string[]): void {
    const { isEdge } = this.#mirroring;
    const next = isEdge ? [...new Set([...this.#own, ...paths])] : [];
    if (next.length === this.#own.length) return;
    this.#own = next;
    this.#changed();
  }

  /** The relays of a configured mount beside its own. */
  #relaysOf(path: string): RelaySettings[] {
    const settings = this.#mirroring;
    const isOwn = this.#own.includes(path) && settings.urls.length > 0;
    return isOwn ? [mirrorRelay(settings, path)] : [];
  }

  /** `misses`: how much a mount that is not listed is missed by it. One that is missed has no place that another needs. */
  #follow(listed: readonly ListedMount[], misses: number, places = Infinity): void {
    const paths = new Set(listed.map(({ path }) => path));
    let room = places - paths.size;
    for (const [path, mirrored] of this.#mirrored) {
      if (paths.has(path)) continue;
      mirrored.misses += misses;
      if (mirrored.misses >= MISSES || room-- <= 0) this.#remove(path);
    }
    const changed = listed.map((mount) => this.#set(mount));
    if (changed.includes(true)) this.#changed();
  }

  #changed(): void {
    this.relays.follow();
    this.onChange();
  }

  /** Returns whether anything is new. */
  #set(listed: ListedMount): boolean {
    const config = this.#configOf(listed);
    const parts = this.running.mounts.find(listed.path);
    this.#mirrored.set(listed.path, { listed, misses: 0 });
    if (parts === undefined) return this.#add(config);
    if (sameSetting(parts.mount.config, config)) return false;
    parts.mount.reconfigure(config);
    return true;
  }

  #add(config: MountConfig): boolean {
    try {
      openMount(buildMount(config, this.running.shared, MIRROR_INPUTS), this.running);
      this.host.log.info(`${config.path} is mirrored (${labelOf(this.#mirroring)})`);
      return true;
    } catch (error) {
      this.#mirrored.delete(config.path);
      this.host.log.repeated(`${config.path} cannot be mirrored: ${String(error)}`);
      return false;
    }
  }

  #remove(path: string): void {
    this.#mirrored.delete(path);
    if (this.host.config.mounts.some((mount) => mount.path === path)) return;
    removeMounts([{ path }], this.running);
    this.host.log.info(`${path} is not mirrored any more`);
    this.#changed();
  }

  get #mirroring(): MirrorSettings {
    return mirrorSettings(this.host.config);
  }

  /** Like the first mount in everything that the master does not say. */
  #configOf({ path, name, description, genre, url }: ListedMount): MountConfig {
    const config = this.host.config;
    const [first] = config.mounts;
    const { metadata } = first;
    return {
      ...first,
      path,
      group: "",
      fallback: "",
      intro: "",
      outro: "",
      push: [],
      recording: [],
      // Its own server announces it.
      directory: { ...first.directory, public: false },
      metadata: {
        ...metadata,
        stationName: name || path,
        stationDescription: description,
        stationGenre: genre,
        stationUrl: url,
      },
      relay: [mirrorRelay(this.#mirroring, path)],
    };
  }
}

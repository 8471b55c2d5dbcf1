// What the page says of the station without a script: plain data, from which its head, its body and oEmbed are rendered.
import type { Config } from "../../config/config.ts";
import type { MountFacts, StationFacts } from "../../facts/facts.ts";
import type { BaseUrl } from "../../stats/icestats.ts";

export interface Channel {
  readonly path: string;
  readonly name: string;
  readonly title: string;
  readonly artist: string;
  readonly onAir: string;
}

export interface PageLink {
  readonly text: string;
  readonly url: string;
}

export interface PageView {
  readonly base: BaseUrl;
  readonly path: string;
  readonly isMain: boolean;
  /** The station's name on this mount. */
  readonly name: string;
  readonly description: string;
  readonly genre: string;
  /** What is heard, "" if unknown. */
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  readonly dj: string;
  readonly isLive: boolean;
  readonly isUp: boolean;
  /** In milliseconds since 1970; null for nothing. */
  readonly startedMs: number | null;
  readonly seconds: number | null;
  readonly artworkId: string | null;
  readonly contentType: string;
  /** What is heard on this mount. */
  readonly now: Channel;
  /** The station's, the main one first; not all of very many. */
  readonly channels: readonly Channel[];
  readonly links: readonly PageLink[];
  readonly page: Config["page"];
  /** The signature that the page was opened with, as a query with its "?"; "" for none. */
  readonly signed: string;
}

/** "Title – Artist". */
export function trackLine({ title, artist }: Pick<PageView, "title" | "artist">): string {
  return [title, artist].filter(Boolean).join(" – ");
}

/** "Title – Artist · Station", as in the browser's tab. */
export function pageTitle(view: Pick<PageView, "title" | "artist" | "name">): string {
  const line = trackLine(view);
  return line === "" ? view.name : `${line} · ${view.name}`;
}

/** The page with this mount chosen. */
export function pageUrl({ base, path, isMain }: Pick<PageView, "base" | "path" | "isMain">) {
  return isMain ? `${base}/` : `${base}/?${new URLSearchParams({ mount: path })}`;
}

/** A picture of 400 pixels at most, which previews of links take: no SVG. */
export function previewUrl({ base, artist, title, artworkId }: PageView): string {
  if (artworkId !== null) return `${base}/artwork/${artworkId}.png`;
  return `${base}/artwork/sunrise.png?${new URLSearchParams({ artist, title })}`;
}

/** Each takes 150 bytes of the page, and a look at its mount. */
const MAX_CHANNELS = 100;

function channelOf(mount: MountFacts): Channel {
  const { path, stationName, title, artist, onAir } = mount;
  return { path, name: stationName || path, title, artist, onAir };
}

export interface Opened {
  readonly base: BaseUrl;
  readonly signed: string;
}

type Shown = Pick<Config, "link" | "page">;

export function pageView(
  facts: StationFacts,
  mount: MountFacts,
  opened: Opened,
  { link, page }: Shown,
): PageView {
  const { path, stationDescription, stationGenre, artist, title, album, dj } = mount;
  return {
    ...{ ...opened, path, artist, title, album, dj, page },
    isMain: path === facts.mounts[0].path,
    name: mount.stationName,
    description: stationDescription,
    genre: stationGenre,
    isLive: mount.onAir === "live",
    isUp: mount.isUp,
    startedMs: mount.startedMs,
    seconds: mount.durationSeconds,
    artworkId: mount.artworkId,
    contentType: mount.contentType,
    now: channelOf(mount),
    channels: facts.mounts.slice(0, MAX_CHANNELS).map(channelOf),
    links: link.map(({ label, url }) => ({ text: label, url })),
  };
}

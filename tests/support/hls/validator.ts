// Validates a live stream of HLS as a client sees it: by RFC 8216, and by what caches and browsers need besides.
import { readMediaPlaylist } from "./media-playlist.ts";
import { codecsOf, compareVariants, readMultivariant } from "./multivariant.ts";
import type { MediaPlaylist, Part, Segment, Variant } from "./playlist-text.ts";
import type { Check, Problem } from "./problem.ts";
import { PartMedia } from "./part-media.ts";
import { type Removed, Reloads } from "./reloads.ts";
import { checkMediaHeaders, checkPlaylistHeaders } from "./response-headers.ts";
import { Segments } from "./segments.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export type Fetch = (url: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;

export interface ValidatorOptions {
  readonly fetch: Fetch;
  readonly nowMs: () => number;
  /** Between polls, at most, in milliseconds. */
  readonly pollMs: number;
}

/** Removed segments that are looked for in one poll. */
const LOOKED_FOR = 2;

class Watched {
  readonly reloads: Reloads;
  readonly segments: Segments;
  readonly partMedia: PartMedia;
  /** Addresses of parts that were fetched. */
  readonly fetchedParts = new Set<string>();
  /** Numbers of segments that were fetched. */
  readonly fetched = new Set<number>();
  bytes = 0;
  seconds = 0;
  /** As it was fetched last. */
  playlist: MediaPlaylist | null = null;
  body: Uint8Array = new Uint8Array(0);

  constructor(report: (check: Check, text: string) => void, pollMs: number) {
    this.reloads = new Reloads(report, pollMs);
    this.segments = new Segments(report);
    this.partMedia = new PartMedia(report);
  }
}

export class HlsValidator {
  readonly problems: Problem[] = [];
  /** How many segments were looked at. */
  segmentCount = 0;
  partCount = 0;
  readonly #watched = new Map<string, Watched>();
  #variants: readonly Variant[] = [];

  constructor(private readonly options: ValidatorOptions) {}

  /** Fetches the multivariant playlist, and forgets variants that it does not name. */
  async open(url: string): Promise<void> {
    const answer = await this.#fetchPlaylist(url);
    if (answer !== null) this.#variants = readMultivariant(url, answer.body, this.#report).variants;
  }

  get variants(): readonly Variant[] {
    return this.#variants;
  }

  /** Fetches all media playlists, and the segments that are new. Returns the playlists. */
  async poll(): Promise<readonly MediaPlaylist[]> {
    const playlists: MediaPlaylist[] = [];
    for (const variant of this.#variants) {
      const playlist = await this.#pollVariant(variant);
      if (playlist !== null) playlists.push(playlist);
    }
    compareVariants(playlists, this.#report);
    return playlists;
  }

  /** The server was away: what it had is gone, and its numbers may have jumped forward. */
  restarted(): void {
    for (const { reloads } of this.#watched.values()) reloads.restarted();
  }

  /** What can be said at the end alone. */
  finish(): void {
    for (const variant of this.#variants) {
      const watched = this.#watched.get(variant.url);
      if (watched === undefined || watched.seconds === 0) continue;
      const mean = (watched.bytes * 8) / watched.seconds;
      const average = Number(variant.attributes.get("AVERAGE-BANDWIDTH") ?? mean);
      if (Math.abs(average - mean) > mean * 0.1)
        this.#report("average", `${average}, measured ${Math.round(mean)}`);
    }
  }

  readonly #report = (check: Check, text: string): void => void this.problems.push({ check, text });

  async #fetchPlaylist(url: string): Promise<Answer | null> {
    const answer = await this.options.fetch(url);
    if (answer.status !== 200) {
      this.#report("status", `${url}: ${answer.status}`);
      return null;
    }
    checkPlaylistHeaders(url, answer.headers, this.#report);
    const etag = answer.headers.get("etag");
    if (etag !== null) await this.#checkNotModified(url, etag);
    return answer;
  }

  async #checkNotModified(url: string, etag: string): Promise<void> {
    const again = await this.options.fetch(url, { "if-none-match": etag });
    // It may have changed meanwhile.
    if (again.status !== 304 && again.headers.get("etag") === etag)
      this.#report("not-modified", `${url}: ${again.status}`);
  }

  async #pollVariant(variant: Variant): Promise<MediaPlaylist | null> {
    const answer = await this.#fetchPlaylist(variant.url);
    if (answer === null) return null;
    const watched =
      this.#watched.get(variant.url) ?? new Watched(this.#report, this.options.pollMs);
    this.#watched.set(variant.url, watched);
    const playlist = this.#read(variant, watched, answer.body);
    for (const part of playlist.parts)
      if (!watched.fetchedParts.has(part.url)) await this.#fetchPart(watched, part);
    for (const segment of playlist.segments)
      if (!watched.fetched.has(segment.number)) await this.#fetchSegment(variant, watched, segment);
    await this.#lookForRemoved(watched);
    return playlist;
  }

  #read({ url }: Variant, watched: Watched, body: Uint8Array): MediaPlaylist {
    watched.reloads.polled(this.options.nowMs());
    if (watched.playlist !== null && Buffer.compare(watched.body, body) === 0)
      return watched.playlist;
    const playlist = readMediaPlaylist(url, body, this.#report);
    watched.reloads.add(playlist, this.options.nowMs());
    watched.playlist = playlist;
    watched.body = body;
    return playlist;
  }

  async #fetchSegment(variant: Variant, watched: Watched, segment: Segment): Promise<void> {
    watched.fetched.add(segment.number);
    this.segmentCount++;
    await this.#fetchInit(watched, segment);
    const answer = await this.#fetchMedia(segment.url);
    if (answer === null) return;
    const parts = watched.playlist?.parts.filter(({ number }) => number === segment.number) ?? [];
    watched.partMedia.compare(segment, parts.length, answer.body);
    const codecs = watched.segments.add(segment, answer.body);
    const named = codecsOf(variant);
    if (codecs.length > 0 && !codecs.some((codec) => named.includes(codec)))
      this.#report("codecs", `${segment.url}: ${named.join()}, has ${codecs.join()}`);
    this.#weigh(variant, watched, segment, answer.body.length);
  }

  async #fetchPart({ fetchedParts, partMedia }: Watched, part: Part): Promise<void> {
    fetchedParts.add(part.url);
    this.partCount++;
    const answer = await this.#fetchMedia(part.url);
    if (answer !== null) partMedia.add(part, answer.body);
  }

  #weigh(variant: Variant, watched: Watched, { url, duration }: Segment, bytes: number): void {
    watched.bytes += bytes;
    watched.seconds += duration;
    const rate = (bytes * 8) / duration;
    const bandwidth = Number(variant.attributes.get("BANDWIDTH"));
    const isShort = duration < (watched.playlist?.target ?? 0) / 2;
    if (rate > bandwidth && !isShort)
      this.#report("bandwidth", `${url}: ${Math.round(rate)} > ${bandwidth}`);
  }

  async #fetchInit({ segments }: Watched, { map }: Segment): Promise<void> {
    if (map === null || segments.hasInit(map)) return;
    const answer = await this.#fetchMedia(map);
    if (answer !== null) segments.addInit(map, answer.body);
  }

  async #fetchMedia(url: string): Promise<Answer | null> {
    const answer = await this.options.fetch(url, { "accept-encoding": "gzip" });
    if (answer.status !== 200) {
      this.#report("status", `${url}: ${answer.status}`);
      return null;
    }
    checkMediaHeaders(url, answer.headers, this.#report);
    return answer;
  }

  /** Those that may go soonest. */
  async #lookForRemoved({ reloads }: Watched): Promise<void> {
    const nowMs = this.options.nowMs();
    await this.#lookFor("removed", reloads.removedAt(nowMs));
    await this.#lookFor("part-removed", reloads.removedPartsAt(nowMs));
  }

  async #lookFor(check: Check, removed: readonly Removed[]): Promise<void> {
    for (const { url } of removed.slice(0, LOOKED_FOR)) {
      const answer = await this.options.fetch(url);
      if (answer.status !== 200) this.#report(check, `${url}: ${answer.status}`);
    }
  }
}

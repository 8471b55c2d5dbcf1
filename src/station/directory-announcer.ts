// Announces the mounts to the directory of stations, one question at a time. Nothing in the station waits for it.
import type { Config } from "../config/config.ts";
import type { MountFacts, StationFacts } from "../facts/facts.ts";
import { type HookRequest, type Send, sendAnywhere } from "../hooks/request.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { DirectoryListing, Question } from "../directory/directory-listing.ts";
import type { Stream } from "../directory/yp-form.ts";
import type { MountParts } from "../assembly/mounts.ts";

const LOOK_MS = 1000;

/** An answer, its head included, may take this long. */
const LIMIT_MS = 10_000;

/** Removals at the end, all together. */
const FAREWELL_MS = 2000;

export interface Announced {
  readonly config: Config;
  readonly all: readonly MountParts[];
  readonly log: Log;
  readonly clock: Clock;
  facts(): StationFacts;
}

/** Containers whose codec the type does not say. */
const CONTAINED: Readonly<Record<string, string>> = {
  vorbis: "Vorbis",
  opus: "Opus",
  flac: "FLAC",
  speex: "Speex",
};

function streamOf(mount: MountFacts, base: string): Stream | null {
  const { format, path } = mount;
  if (!mount.isUp || mount.onAir === "silence" || format === null) return null;
  return {
    ...{ name: mount.stationName, genre: mount.stationGenre, url: mount.stationUrl },
    description: mount.stationDescription,
    listenUrl: base === "" ? "" : `${base.replace(/\/$/, "")}${encodeURI(path)}`,
    contentType: mount.contentType,
    subtype: CONTAINED[format.codec] ?? "",
    bitrate: Math.round(mount.bitrate),
    ...{ sampleRate: format.sampleRate, channels: format.channels },
    ...{ title: mount.titleLine, listeners: mount.listeners, maxListeners: mount.maxListeners },
  };
}

export class DirectoryAnnouncer {
  #timer: ReturnType<typeof setInterval> | undefined;
  #isAsking = false;
  #url = "";
  #known: ReadonlySet<DirectoryListing> = new Set();

  constructor(
    private readonly station: Announced,
    private readonly send: Send = sendAnywhere,
  ) {}

  /** Takes over the configuration in force: what is not to be listed any more leaves the directory. */
  configure({ yp }: Config): void {
    const now = new Set(this.station.all.map(({ listing }) => listing));
    const isOther = yp.url !== this.#url;
    const leaving = isOther ? this.#known.union(now) : this.#known.difference(now);
    void this.#leave(leaving, AbortSignal.timeout(LIMIT_MS));
    if (isOther) for (const listing of now) listing.forget();
    this.#known = now;
    this.#url = yp.url;
    clearInterval(this.#timer);
    const look = () => void this.look(this.station.clock.nowMs());
    this.#timer = yp.url === "" ? undefined : setInterval(look, LOOK_MS).unref();
  }

  /** Done every LOOK_MS: asks what is due. Never rejects. */
  async look(nowMs: number): Promise<void> {
    if (this.#isAsking || this.#url === "") return;
    const { config, all } = this.station;
    const facts = this.station.facts();
    for (const { mount, listing } of all) {
      // It may be closed while it waits for an answer.
      if (this.#url === "") return;
      const about = mount.config.directory.public ? facts.mount(mount.path) : undefined;
      const stream = about === undefined ? null : streamOf(about, config.yp.listenUrl);
      const question = listing.next(stream, nowMs);
      if (question !== null) await this.#ask(mount.path, listing, question, nowMs);
    }
  }

  /** Leaves the directory. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const all = this.station.all.map(({ listing }) => listing);
    const left = this.#leave(all, AbortSignal.timeout(FAREWELL_MS));
    this.#url = "";
    await left;
  }

  /** Never rejects: the directory forgets by itself what is not touched. */
  async #leave(listings: Iterable<DirectoryListing>, signal: AbortSignal): Promise<void> {
    if (this.#url === "") return;
    const questions = [...listings].flatMap((listing) => listing.remove() ?? []);
    const requests = questions.map(({ form }) => this.#request(form));
    await Promise.allSettled(requests.map((request) => this.send(request, signal)));
  }

  async #ask(path: string, listing: DirectoryListing, { action, form }: Question, nowMs: number) {
    const before = listing.facts;
    this.#isAsking = true;
    try {
      const answer = await this.send(this.#request(form), AbortSignal.timeout(LIMIT_MS));
      if (answer.status === 200) listing.answered(action, answer.headers, nowMs);
      else this.#failed(listing, action, `it answered ${answer.status}`, nowMs);
    } catch (error) {
      this.#failed(listing, action, whyOf(error), nowMs);
    } finally {
      this.#isAsking = false;
    }
    this.#note(path, before.state, listing);
  }

  #failed(listing: DirectoryListing, action: Question["action"], why: string, nowMs: number): void {
    listing.failed(action, why, nowMs);
    for (const { listing: other } of this.station.all) if (other !== listing) other.postpone(nowMs);
  }

  /** One line for each change of state. */
  #note(path: string, before: string, { facts: { state, message } }: DirectoryListing): void {
    if (state === before) return;
    const { log } = this.station;
    const said = message === "" ? "" : ` (${message})`;
    if (state === "listed") log.info(`the directory lists ${path}${said}`);
    if (state === "refused") log.warn(`the directory refuses ${path}${said}`);
    if (state === "unreachable") log.warn(`the directory cannot be reached${said}`);
  }

  #request(body: string): HookRequest {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return { url: this.#url, method: "POST", headers, body };
  }
}

function whyOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "it did not answer in time";
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return `it cannot be reached${code}`;
}

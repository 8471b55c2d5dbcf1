// /api/live/nowplaying/sse: what plays as server-sent events in the form of AzuraCast's event server, Centrifugo.
import { randomUUID } from "node:crypto";
import type { MountFacts } from "../../facts/facts.ts";
import type { Station } from "../../station/station.ts";
import type { BaseUrl } from "../../stats/icestats.ts";
import type { NowPlaying } from "../../stats/now-playing.ts";
import { type Event, type EventSink, EventStream } from "../event-stream.ts";
import type { NowPlayingPages } from "./now-playing-pages.ts";

/** Changes within this time are sent as one. */
const GATHER_MS = 200;

/** Listeners come and go all the time: their number is sent this often if it has changed. */
const COUNT_MS = 15_000;

/** Announced to clients, which take a longer silence for a lost connection. */
const PING_SECONDS = 25;

const PLACES = { total: 1000, perClient: 100 };

const PING = new TextEncoder().encode("data: {}\n\n");

export interface Subscriber {
  readonly paths: ReadonlySet<string>;
  readonly base: BaseUrl;
  /** Its client's. */
  readonly address: string;
}

/** Fields that grow by themselves, or with the listeners. */
const GROWING: ReadonlySet<string> = new Set(["elapsed", "remaining", "listeners", "cued_at"]);

function titlesOf(json: string): string {
  const now = JSON.parse(json) as NowPlaying;
  return JSON.stringify(now, (key, value: unknown) => (GROWING.has(key) ? undefined : value));
}

function eventOf(data: object): Event {
  return new TextEncoder().encode(`data: ${JSON.stringify(data)}\n\n`);
}

export class NowPlayingFeed {
  readonly #stream = new EventStream<Subscriber>(PLACES, () => this.#begin());
  /** By path: the titles and the whole that were sent last. */
  readonly #sent = new Map<string, { titles: string; whole: string }>();
  #gathering: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly station: Pick<Station, "events" | "wall">,
    readonly pages: NowPlayingPages,
  ) {}

  hasRoom(owner: string): boolean {
    return this.#stream.hasRoom(owner);
  }

  /** Sends what plays at once. Returns what to do when the client has gone. */
  join(client: EventSink, subscriber: Subscriber, owner?: string): () => void {
    const leave = this.#stream.join(client, subscriber, owner);
    for (const mount of this.#followed) if (!this.#sent.has(mount.path)) this.#note(mount);
    client.write(this.#greeting(subscriber));
    return leave;
  }

  /** Sends what has changed since the last time; with the numbers of listeners if `withCounts`. */
  async sendChanges(withCounts = false): Promise<void> {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    for (const mount of this.#followed) {
      const whole = this.#wholeOf(mount);
      const titles = titlesOf(whole);
      const sent = this.#sent.get(mount.path);
      const isNew = sent?.titles !== titles;
      if (!isNew && (!withCounts || sent.whole === whole)) continue;
      this.#sent.set(mount.path, { titles, whole });
      await this.#publish(mount, isNew ? ["song_changed"] : []);
    }
  }

  async ping(): Promise<void> {
    await this.#stream.send(() => PING);
  }

  /** Ends the streams of the clients whose addresses are meant; their connections may be a proxy's. */
  hangUpOn(isMeant: (address: string) => boolean): void {
    this.#stream.end(({ address }) => isMeant(address));
  }

  close(): void {
    this.#stream.close();
    this.pages.close();
  }

  /** What nobody follows is not rendered. */
  get #followed(): readonly MountFacts[] {
    const paths = new Set<string>();
    for (const subscriber of this.#stream.tags)
      for (const path of subscriber.paths) paths.add(path);
    return this.pages.all.filter(({ path }) => paths.has(path));
  }

  /** As of the last change, by no name of the station's. */
  #wholeOf(mount: MountFacts): string {
    return this.pages.settled(mount, "").json;
  }

  #publish(mount: MountFacts, triggers: readonly string[]): Promise<void> {
    const channel = this.#channelOf(mount);
    const events = new Map<BaseUrl, Event>();
    return this.#stream.send(({ paths, base }) => {
      if (!paths.has(mount.path)) return null;
      const known = events.get(base);
      const event = known ?? eventOf({ channel, pub: this.#publication(mount, base, triggers) });
      events.set(base, event);
      return event;
    });
  }

  #publication(mount: MountFacts, base: BaseUrl, triggers: readonly string[] = []) {
    const np = JSON.parse(this.pages.current(mount, base).json) as NowPlaying;
    return { data: { np, triggers, current_time: Math.floor(this.station.wall.nowMs() / 1000) } };
  }

  #greeting({ paths, base }: Subscriber): Event {
    const mounts = this.pages.all.filter(({ path }) => paths.has(path));
    const subs = mounts.map((mount) => {
      const publications = [this.#publication(mount, base)];
      return [this.#channelOf(mount), { recoverable: true, publications }] as const;
    });
    const about = { client: randomUUID(), version: "6.0.0", ping: PING_SECONDS };
    const time = this.station.wall.nowMs();
    return eventOf({ connect: { ...about, subs: Object.fromEntries(subs), time } });
  }

  #begin(): Disposable {
    this.#sent.clear();
    const running = new DisposableStack();
    running.use(this.station.events.on("status", () => this.#changed()));
    for (const [act, ms] of [
      [() => this.sendChanges(true), COUNT_MS],
      [() => this.ping(), PING_SECONDS * 1000],
    ] as const)
      running.adopt(
        setInterval(() => void act(), ms),
        clearInterval,
      );
    running.defer(() => clearTimeout(this.#gathering));
    return running;
  }

  #note(mount: MountFacts): void {
    const whole = this.#wholeOf(mount);
    this.#sent.set(mount.path, { titles: titlesOf(whole), whole });
  }

  #changed(): void {
    this.#gathering ??= setTimeout(() => void this.sendChanges(), GATHER_MS);
  }

  #channelOf(mount: MountFacts): string {
    return `station:${this.pages.shortcodeOf(mount)}`;
  }
}

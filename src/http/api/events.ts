// /api/events: the status as server-sent events when what is on air changes, and how many listen; each rendered once
// for all pages.
import { Elysia } from "elysia";
import { isLocal } from "../../access/local.ts";
import type { Station } from "../../station.ts";
import type { MountFacts, StationFacts } from "../../stats/facts.ts";
import { renderStatus } from "../../stats/status.ts";
import { exchangeOf } from "../exchange.ts";
import { operation, text } from "../operation.ts";
import { FairPlaces, LOCAL } from "../fair-places.ts";
import { placeOwner } from "../remote.ts";
import { reply } from "../reply.ts";
import type { StreamSink } from "../../output/sinks/stream-sink.ts";
import { streamResponse } from "../stream-response.ts";
import { statusFor } from "./status-for.ts";

/** A title has to be told before its sound, where the burst is short. */
const LOOK_MS = 500;
/** Listeners come and go all the time: they are told every five seconds at most. */
const LOOKS_PER_COUNT = 10;
/** But a proxy closes what is silent for too long: an event at least every ten. */
const QUIET_COUNTS = 2;
const PLACES = { total: 1000, perClient: 100 };
/** Written to before the loop turns. */
const PAGES_PER_TURN = 100;
/** kbit/s by which an average has to move to be told. */
const BITRATE_STEP = 32;

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "access-control-allow-origin": "*",
};

const TOO_MANY = "Too many pages are open; ask /api/status instead\n";

const EVENTS = operation({
  tag: "api",
  summary: "The status as server-sent events",
  description:
    "`status`, whose data is what /api/status answers: at once, and whenever what is on air changes. " +
    "`listeners`, whose data is a number by mount: every five seconds if it has changed, and every ten. " +
    "There is no end.",
  answers: {
    200: text(
      "Events named `status` and `listeners`",
      "text/event-stream",
      'event: status\ndata: {"mount": "/stream"}\n\nevent: listeners\ndata: {"/stream": 3}\n\n',
    ),
    503: text("Too many pages are open", "text/plain", TOO_MANY),
  },
});

type Page = Pick<StreamSink, "write" | "end" | "abort">;
type Event = Uint8Array<ArrayBuffer>;

/** The pages that are open, told of changes by one timer that runs only while there are any. */
export class StatusFeed {
  readonly #places = new FairPlaces<Page>(PLACES);
  /** Each with whether it is open on this machine. */
  readonly #pages = new Map<Page, boolean>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #looks = 0;
  /** Something has happened since the last look. */
  #isStale = false;
  #subscription: Disposable | undefined;
  #onAir = "";
  #counts = "";
  #quiet = 0;
  #isTelling = false;

  constructor(private readonly station: Station) {}

  hasRoom(client: string): boolean {
    return this.#places.hasRoom(client);
  }

  /** Tells a page the status at once. Returns what to do when the page has gone. A client with too many pages
   * loses its oldest. */
  join(page: Page, isHere = false, client = LOCAL): () => void {
    const evicted = this.#places.take(page, client);
    if (evicted !== undefined) this.#cut(evicted);
    const facts = this.station.facts();
    if (this.#pages.size === 0) this.#begin(facts);
    this.#pages.set(page, isHere);
    page.write(encode("status", statusFor(facts, isHere)));
    return () => this.#leave(page);
  }

  /** Once every LOOK_MS, unless what the last look saw is still being told. */
  async look(): Promise<void> {
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      if (this.#isStale) await this.#tellOnAir();
      if (++this.#looks % LOOKS_PER_COUNT === 0) await this.#tellCounts();
    } finally {
      this.#isTelling = false;
    }
  }

  /** Ends every page's stream. */
  close(): void {
    for (const page of this.#pages.keys()) {
      this.#leave(page);
      page.end();
    }
  }

  #begin(facts: StationFacts): void {
    this.#onAir = onAirOf(facts);
    this.#counts = countsOf(this.station);
    this.#isStale = false;
    this.#subscription = this.station.events.on("status", () => (this.#isStale = true));
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
  }

  async #tellOnAir(): Promise<void> {
    this.#isStale = false;
    const facts = this.station.facts();
    const onAir = onAirOf(facts);
    if (onAir === this.#onAir) return;
    this.#onAir = onAir;
    const event = encode("status", statusFor(facts, false));
    const eventHere =
      facts.warnings.length === 0 ? event : encode("status", statusFor(facts, true));
    await this.#tell(event, eventHere);
  }

  async #tellCounts(): Promise<void> {
    const counts = countsOf(this.station);
    if (counts === this.#counts && ++this.#quiet < QUIET_COUNTS) return;
    this.#counts = counts;
    this.#quiet = 0;
    await this.#tell(encodeText("listeners", counts));
  }

  /** A page that joins meanwhile knows it already. */
  async #tell(event: Event, eventHere = event): Promise<void> {
    let told = 0;
    for (const [page, isHere] of [...this.#pages]) {
      this.#send(page, isHere ? eventHere : event);
      if (++told % PAGES_PER_TURN === 0) await Bun.sleep(0);
    }
  }

  /** A page that does not read loses its connection; its EventSource comes back by itself. */
  #send(page: Page, event: Event): void {
    if (!this.#pages.has(page) || page.write(event) === "open") return;
    this.#cut(page);
  }

  #cut(page: Page): void {
    this.#leave(page);
    page.abort();
  }

  #leave(page: Page): void {
    this.#pages.delete(page);
    this.#places.leave(page);
    if (this.#pages.size > 0) return;
    clearInterval(this.#timer);
    this.#subscription?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}

/** What is on air, to be compared: without what grows by itself, and without who listens. */
function onAirOf(facts: StationFacts): string {
  const [first, ...others] = facts.mounts;
  const mounts = [still(first), ...others.map(still)] as const;
  return JSON.stringify(renderStatus({ ...facts, uptimeSeconds: 0, mounts: [...mounts] }));
}

function still(mount: MountFacts): MountFacts {
  const places = {
    headSeconds: 0,
    joinSeconds: 0,
    chromiumJoinSeconds: 0,
    chromiumBurstSeconds: 0,
  };
  const timeline = { ...mount.timeline, ...places };
  const bitrate = Math.round(mount.bitrate / BITRATE_STEP);
  return { ...mount, bitrate, listeners: 0, listenerPeak: 0, timeline };
}

function countsOf({ all }: Station): string {
  const counts = all.map(({ mount, audience }) => [mount.path, audience.count]);
  return JSON.stringify(Object.fromEntries(counts));
}

function encodeText(name: string, data: string): Event {
  return new TextEncoder().encode(`event: ${name}\ndata: ${data}\n\n`);
}

function encode(name: string, data: object): Event {
  return encodeText(name, JSON.stringify(data));
}

export function eventsRoute(feed: StatusFeed) {
  return new Elysia({ name: "events" })
    .head("/api/events", () => new Response(null, { headers: HEADERS }), { detail: { hide: true } })
    .get(
      "/api/events",
      ({ request, server }) => {
        const client = placeOwner(request);
        if (!feed.hasRoom(client)) return reply(TOO_MANY, "text/plain; charset=utf-8", 503);
        server?.timeout(request, 0);
        const isHere = isLocal(exchangeOf(request).address, request.headers);
        return streamResponse(HEADERS, request, (page) => feed.join(page, isHere, client));
      },
      EVENTS,
    );
}

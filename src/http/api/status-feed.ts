// /api/events: the status as server-sent events, rendered when an event of the station says that it has changed, and the
// number of listeners; each once for all pages.
import { Elysia } from "elysia";
import { isLocal } from "../../access/local.ts";
import type { StationFacts } from "../../facts/facts.ts";
import type { Station } from "../../station/station.ts";
import { renderStatus } from "../../stats/status.ts";
import { callerOf } from "../exchange.ts";
import { operation, text } from "../operation.ts";
import { placeOwner } from "../remote.ts";
import { reply } from "../reply.ts";
import { eventOf, type EventSink, EventStream } from "../event-stream.ts";
import { streamResponse } from "../stream-response.ts";

/** Changes within this time are sent as one. A title must arrive before its sound, even with a short burst. */
const GATHER_MS = 200;

/** The status is sent at most this often. */
const SPACING_MS = 500;

/** Listeners come and go all the time: their number is sent this often if it has changed. */
const COUNT_MS = 5000;

/** A proxy closes a silent connection: every second count is sent even if it is the same. */
const QUIET_COUNTS = 2;

const PLACES = { total: 1000, perClient: 100 };

/** Smallest change of an average bitrate that is sent, in kbit/s. */
const BITRATE_STEP = 32;

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "access-control-allow-origin": "*",
};

const TOO_MANY = "Too many pages are open; ask /api/status instead\n";

const EVENTS = operation({
  tag: "api",
  summary: "Status as server-sent events",
  description:
    "`status`, with the answer of /api/status as data: at once, and whenever what is on air changes. " +
    "`listeners`, with a number by mount as data: every five seconds if it has changed, else every ten; those who hear " +
    "its fallback count. " +
    "The stream does not end.",
  answers: {
    200: text(
      "Events named `status` and `listeners`",
      "text/event-stream",
      'event: status\ndata: {"mount": "/stream"}\n\nevent: listeners\ndata: {"/stream": 3}\n\n',
    ),
    503: text("Too many pages are open", "text/plain", TOO_MANY),
  },
});

/** Pages on this machine get the warnings too. */
interface Page {
  readonly isHere: boolean;
  /** Its client's. */
  readonly address: string;
}

export class StatusFeed {
  readonly #stream = new EventStream<Page>(PLACES, () => this.#begin());
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #sentMs = Number.NEGATIVE_INFINITY;
  #onAir = "";
  #counts = "";
  #quiet = 0;

  constructor(private readonly station: Station) {}

  hasRoom(owner: string): boolean {
    return this.#stream.hasRoom(owner);
  }

  /** Sends a page the status at once. Returns what to do when the page has gone. */
  join(page: EventSink, isHere = false, owner?: string, address = "unknown"): () => void {
    const leave = this.#stream.join(page, { isHere, address }, owner);
    page.write(statusEvent(this.station.facts(), isHere));
    return leave;
  }

  /** Sends the status if what is on air has changed. */
  async sendStatus(): Promise<void> {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#sentMs = this.station.clock.nowMs();
    const facts = this.station.facts();
    const onAir = onAirOf(facts);
    if (onAir === this.#onAir) return;
    this.#onAir = onAir;
    const event = statusEvent(facts, false);
    const eventHere = facts.warnings.length === 0 ? event : statusEvent(facts, true);
    await this.#stream.send(({ isHere }) => (isHere ? eventHere : event));
  }

  /** Once every COUNT_MS: counting is a look at one number a mount. */
  async sendCounts(): Promise<void> {
    const counts = countsOf(this.station.facts());
    if (counts === this.#counts && ++this.#quiet < QUIET_COUNTS) return;
    this.#counts = counts;
    this.#quiet = 0;
    const event = eventOf("listeners", counts);
    await this.#stream.send(() => event);
  }

  /** Ends the streams of the clients whose addresses are meant; their connections may be a proxy's. */
  hangUpOn(isMeant: (address: string) => boolean): void {
    this.#stream.end(({ address }) => isMeant(address));
  }

  close(): void {
    this.#stream.close();
  }

  #begin(): Disposable {
    const facts = this.station.facts();
    this.#onAir = onAirOf(facts);
    this.#counts = countsOf(facts);
    const running = new DisposableStack();
    running.use(this.station.events.on("status", () => this.#changed()));
    running.adopt(
      setInterval(() => void this.sendCounts(), COUNT_MS),
      clearInterval,
    );
    running.defer(() => clearTimeout(this.#gathering));
    return running;
  }

  #changed(): void {
    const sinceMs = this.station.clock.nowMs() - this.#sentMs;
    const delayMs = Math.max(GATHER_MS, SPACING_MS - sinceMs);
    this.#gathering ??= setTimeout(() => void this.sendStatus(), delayMs);
  }
}

function statusEvent(facts: StationFacts, isHere: boolean) {
  return eventOf("status", JSON.stringify(renderStatus(facts, isHere)));
}

/** Fields of the status that grow by themselves, or with the listeners. */
const GROWING: ReadonlySet<string> = new Set([
  "uptime_seconds",
  "uptime_formatted",
  "elapsed_seconds",
  "started_at",
  "listeners",
  "listener_peak",
  "head_seconds",
  "join_seconds",
  "chromium_join_seconds",
  "chromium_burst_seconds",
]);

/** The rest of the status, to be compared. */
function onAirOf(facts: StationFacts): string {
  return JSON.stringify(renderStatus(facts), (key, value: unknown) => {
    if (GROWING.has(key)) return undefined;
    return key === "bitrate" ? Math.round(Number(value) / BITRATE_STEP) : value;
  });
}

function countsOf({ mounts }: StationFacts): string {
  const counts = mounts.map(({ path, listeners, substitute }) => {
    return [path, listeners + (substitute?.listeners ?? 0)] as const;
  });
  return JSON.stringify(Object.fromEntries(counts));
}

export function eventsRoute(feed: StatusFeed) {
  return new Elysia({ name: "events" })
    .head("/api/events", () => new Response(null, { headers: HEADERS }), { detail: { hide: true } })
    .get(
      "/api/events",
      ({ request, server }) => {
        const owner = placeOwner(request);
        if (!feed.hasRoom(owner)) return reply(TOO_MANY, "text/plain; charset=utf-8", 503);
        server?.timeout(request, 0);
        const caller = callerOf(request);
        const isHere = isLocal(caller);
        return streamResponse(HEADERS, request, (page) =>
          feed.join(page, isHere, owner, caller.address),
        );
      },
      EVENTS,
    );
}

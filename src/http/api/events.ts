// /api/events: the status as server-sent events, rendered once for all pages and only when it changes.
import { Elysia } from "elysia";
import type { Station } from "../../station.ts";
import { renderStatus } from "../../stats/status.ts";
import { operation, text } from "../operation.ts";
import { reply } from "../reply.ts";
import { type StreamSink, streamResponse } from "../stream/stream-sink.ts";

/** A title has to be told before its sound, where the burst is short. */
const LOOK_MS = 500;
/** What grows by itself: that alone is no change. */
const CLOCKS = new Set(["uptime_seconds", "uptime_formatted", "head_seconds", "join_seconds"]);
/** But a proxy closes what is silent for too long. */
const QUIET_LOOKS = 20;
const MAX_PAGES = 1000;

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "access-control-allow-origin": "*",
};

const TOO_MANY = "Too many pages are open; ask /api/status instead\n";

const EVENTS = operation({
  tag: "api",
  summary: "The status as server-sent events",
  description: "At once, whenever something but the uptime changes, and every ten seconds: no end.",
  answers: {
    200: text(
      "Events named `status`, whose data is what /api/status answers",
      "text/event-stream",
      'event: status\ndata: {"mount": "/stream"}\n\n',
    ),
    503: text("Too many pages are open", "text/plain", TOO_MANY),
  },
});

/** The pages that are open, told of changes by one timer that runs only while there are any. */
export class StatusFeed {
  readonly #pages = new Set<StreamSink>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #told = "";
  #quiet = 0;

  constructor(private readonly station: Station) {}

  get isFull(): boolean {
    return this.#pages.size >= MAX_PAGES;
  }

  /** Tells a page the status at once. Returns what to do when the page has gone. */
  join(page: StreamSink): () => void {
    this.#pages.add(page);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    page.write(statusEvent(this.#status()));
    return () => this.#leave(page);
  }

  /** Ends every page's stream. */
  close(): void {
    for (const page of this.#pages) {
      this.#leave(page);
      page.end();
    }
  }

  #status() {
    return renderStatus(this.station.facts());
  }

  #look(): void {
    const status = this.#status();
    const seen = JSON.stringify(status, (key, value) => (CLOCKS.has(key) ? 0 : value));
    if (seen === this.#told && ++this.#quiet < QUIET_LOOKS) return;
    this.#told = seen;
    this.#quiet = 0;
    const event = statusEvent(status);
    for (const page of this.#pages) this.#send(page, event);
  }

  /** A page that does not read loses its connection; its EventSource comes back by itself. */
  #send(page: StreamSink, event: Uint8Array<ArrayBuffer>): void {
    if (page.write(event) === "open") return;
    this.#leave(page);
    page.abort();
  }

  #leave(page: StreamSink): void {
    this.#pages.delete(page);
    if (this.#pages.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function statusEvent(status: ReturnType<typeof renderStatus>): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`event: status\ndata: ${JSON.stringify(status)}\n\n`);
}

export function eventsRoute(feed: StatusFeed) {
  return new Elysia({ name: "events" })
    .head("/api/events", () => new Response(null, { headers: HEADERS }), { detail: { hide: true } })
    .get(
      "/api/events",
      ({ request, server }) => {
        if (feed.isFull) return reply(TOO_MANY, "text/plain; charset=utf-8", 503);
        server?.timeout(request, 0);
        return streamResponse(HEADERS, request.signal, (page) => feed.join(page));
      },
      EVENTS,
    );
}

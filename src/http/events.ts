// /api/events: the status as server-sent events, rendered once for all pages and only when it changes.
import { Elysia } from "elysia";
import type { Station } from "../station.ts";
import { renderStatus } from "../stats/status.ts";
import { streamResponse, type StreamSink } from "./stream-sink.ts";

const LOOK_MS = 1000;
/** Uptime alone is no change; but a proxy closes what is silent for too long. */
const QUIET_LOOKS = 10;
const MAX_PAGES = 1000;

const encoder = new TextEncoder();

class StatusFeed {
  readonly #pages = new Set<StreamSink>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #last = "";
  #quiet = 0;

  constructor(private readonly station: Station) {}

  get isFull(): boolean {
    return this.#pages.size >= MAX_PAGES;
  }

  join(page: StreamSink): () => void {
    this.#pages.add(page);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    page.write(this.#event(renderStatus(this.station.facts())));
    return () => this.#leave(page);
  }

  #leave(page: StreamSink): void {
    this.#pages.delete(page);
    if (this.#pages.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const status = renderStatus(this.station.facts());
    const seen = JSON.stringify({ ...status, uptime_seconds: 0, uptime_formatted: "" });
    if (seen === this.#last && ++this.#quiet < QUIET_LOOKS) return;
    this.#last = seen;
    this.#quiet = 0;
    const event = this.#event(status);
    for (const page of this.#pages) this.#send(page, event);
  }

  /** A page that does not read loses its connection; its EventSource comes back by itself. */
  #send(page: StreamSink, event: Uint8Array<ArrayBuffer>): void {
    if (page.write(event) === "open") return;
    this.#leave(page);
    page.abort();
  }

  #event(status: ReturnType<typeof renderStatus>): Uint8Array<ArrayBuffer> {
    return encoder.encode(`event: status\ndata: ${JSON.stringify(status)}\n\n`);
  }

  close(): void {
    for (const page of this.#pages) {
      this.#leave(page);
      page.end();
    }
  }
}

/** The route, and how its pages are let go when the station stops. */
export function events(station: Station) {
  const feed = new StatusFeed(station);
  return new Elysia({ name: "events" })
    .onStop(() => feed.close())
    .get(
      "/api/events",
      ({ request, server }) => {
        if (feed.isFull) return new Response("Too many pages are open\n", { status: 503 });
        server?.timeout(request, 0);
        const headers = { "content-type": "text/event-stream", "cache-control": "no-cache" };
        return streamResponse(headers, request.signal, (page) => feed.join(page));
      },
      { detail: { summary: "The status as server-sent events", tags: ["api"] } },
    );
}

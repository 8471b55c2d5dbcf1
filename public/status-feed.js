// Keeps the page's status current: server-sent events first, polling while they fail.

import { EventFeed } from "./event-feed.js";

/** @typedef {"connecting" | "live" | "polling" | "lost"} LinkState */

const POLL_MS = 5000;
const REOPEN_MS = 20_000;
/** The server sends an event at least every ten seconds; after this long without one, ask for the status. */
const SILENCE_MS = 45_000;
const ANSWER_MS = 8000;

export class StatusFeed {
  /** @type {EventFeed} */ #events;
  /** @type {(status: unknown) => void} */ #onStatus;
  /** @type {(state: LinkState) => void} */ #onLink;
  /** @type {ReturnType<typeof setInterval> | null} */ #polling = null;
  #lastReportMs = 0;

  /**
   * @param {(status: unknown) => void} onStatus gets the parsed JSON of /api/status
   * @param {(counts: unknown) => void} onListeners gets the listeners by mount, sent between statuses
   * @param {(state: LinkState) => void} onLink
   */
  constructor(onStatus, onListeners, onLink) {
    this.#onStatus = onStatus;
    this.#onLink = onLink;
    this.#events = new EventFeed("api/events", {
      names: ["status", "listeners"],
      onEvent: (name, data) => this.#report(name === "status" ? onStatus : onListeners, data),
      onLink: (state) => this.#follow(state),
      reopenMs: REOPEN_MS,
    });
  }

  /** Runs for the life of the page. */
  start() {
    this.#events.open();
    this.refresh();
    setInterval(() => this.#askAfter(SILENCE_MS), SILENCE_MS / 3);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#askAfter(POLL_MS);
    });
  }

  /** Asks for the status now. */
  refresh() {
    void this.#ask();
  }

  /** @param {"connecting" | "live" | "lost"} state of the stream of events */
  #follow(state) {
    if (state === "lost") return this.#startPolling();
    if (state === "live") this.#stopPolling();
  }

  #startPolling() {
    if (this.#polling !== null) return;
    this.#polling = setInterval(() => this.refresh(), POLL_MS);
    this.refresh();
  }

  #stopPolling() {
    if (this.#polling !== null) clearInterval(this.#polling);
    this.#polling = null;
    this.#onLink("live");
  }

  /** @param {number} limitMs since the last report */
  #askAfter(limitMs) {
    if (performance.now() - this.#lastReportMs > limitMs) this.refresh();
  }

  /** @param {(json: unknown) => void} listener @param {unknown} json */
  #report(listener, json) {
    this.#lastReportMs = performance.now();
    listener(json);
  }

  async #ask() {
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const answer = await fetch("api/status", { cache: "no-store", signal });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      this.#report(this.#onStatus, await answer.json());
      if (this.#polling !== null) this.#onLink("polling");
    } catch (error) {
      console.info("The status request failed.", error);
      this.#onLink("lost");
    }
  }
}

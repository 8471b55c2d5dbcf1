// Keeps the page's status fresh: server-sent events first, polling when they fail, and both tried for ever.

/** @typedef {"connecting" | "live" | "polling" | "lost"} LinkState */

const pollMs = 5000;
const reopenMs = 20_000;
// Longer than the server's quietest minute would be news: then ask once.
const silenceMs = 45_000;
const answerMs = 8000;

export class StatusFeed {
  /** @type {(status: unknown) => void} */ #onStatus;
  /** @type {(counts: unknown) => void} */ #onListeners;
  /** @type {(state: LinkState) => void} */ #onLink;
  /** @type {EventSource | null} */ #events = null;
  #pollTimer = 0;
  #reopenTimer = 0;
  #lastHeardMs = 0;

  /**
   * @param {(status: unknown) => void} onStatus gets the parsed JSON of each report
   * @param {(counts: unknown) => void} onListeners gets how many listen to each mount, told between reports
   * @param {(state: LinkState) => void} onLink
   */
  constructor(onStatus, onListeners, onLink) {
    this.#onStatus = onStatus;
    this.#onListeners = onListeners;
    this.#onLink = onLink;
  }

  /** Begins to report; there is no end but the page's. */
  start() {
    this.#open();
    void this.#ask();
    setInterval(() => this.#askAfterSilence(), silenceMs / 3);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#askAfterSilence(pollMs);
    });
  }

  #open() {
    clearTimeout(this.#reopenTimer);
    this.#events?.close();
    const events = new EventSource("api/events");
    this.#events = events;
    events.addEventListener("open", () => this.#stopPolling());
    events.addEventListener("status", (event) => this.#hear(event.data, this.#onStatus));
    events.addEventListener("listeners", (event) => this.#hear(event.data, this.#onListeners));
    events.addEventListener("error", () => this.#fail(events));
  }

  /** The browser retries a broken line by itself; a refused one it gives up, so we open it again. */
  /** @param {EventSource} events */
  #fail(events) {
    this.#startPolling();
    if (events.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.#reopenTimer);
    this.#reopenTimer = setTimeout(() => this.#open(), reopenMs);
  }

  /** @param {string} data @param {(json: unknown) => void} tell */
  #hear(data, tell) {
    try {
      this.#report(JSON.parse(data), tell);
      this.#onLink("live");
    } catch (error) {
      console.warn("An event of the server is not JSON.", error);
    }
  }

  /** @param {unknown} json @param {(json: unknown) => void} tell */
  #report(json, tell) {
    this.#lastHeardMs = performance.now();
    tell(json);
  }

  #startPolling() {
    if (this.#pollTimer !== 0) return;
    this.#pollTimer = setInterval(() => void this.#ask(), pollMs);
    void this.#ask();
  }

  #stopPolling() {
    clearInterval(this.#pollTimer);
    this.#pollTimer = 0;
    this.#onLink("live");
  }

  #askAfterSilence(limitMs = silenceMs) {
    if (performance.now() - this.#lastHeardMs > limitMs) void this.#ask();
  }

  /** A report as soon as it can be had. */
  refresh() {
    void this.#ask();
  }

  async #ask() {
    try {
      const options = {
        cache: /** @type {const} */ ("no-store"),
        signal: AbortSignal.timeout(answerMs),
      };
      const answer = await fetch("api/status", options);
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      this.#report(await answer.json(), this.#onStatus);
      if (this.#pollTimer !== 0) this.#onLink("polling");
    } catch (error) {
      console.info("The status could not be asked for.", error);
      this.#onLink("lost");
    }
  }
}

// A stream of server-sent events that stays open until close(): it is reopened when it breaks, is refused or falls silent.

/**
 * @typedef {object} FeedOptions
 * @property {string[]} names the events to listen to
 * @property {(name: string, data: unknown) => void} onEvent gets the parsed JSON
 * @property {(state: "connecting" | "live" | "lost") => void} onLink
 * @property {() => void} [onRefused] the server refused the stream; it is asked again after reopenMs
 * @property {number} reopenMs
 * @property {number} [silenceMs] a stream without an event for this long counts as dead
 */

export class EventFeed {
  /** @type {string} */ #address;
  /** @type {FeedOptions} */ #options;
  /** @type {EventSource | null} */ #events = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #reopening;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #watchdog;

  /** @param {string} address @param {FeedOptions} options */
  constructor(address, options) {
    this.#address = address;
    this.#options = options;
  }

  open() {
    this.close();
    this.#options.onLink("connecting");
    const events = new EventSource(this.#address);
    this.#events = events;
    for (const name of this.#options.names) {
      events.addEventListener(name, ({ data }) => this.#receive(name, data));
    }
    events.addEventListener("open", () => this.#options.onLink("live"));
    events.addEventListener("error", () => this.#fail(events));
    this.#watch();
  }

  close() {
    clearTimeout(this.#reopening);
    clearTimeout(this.#watchdog);
    this.#events?.close();
    this.#events = null;
  }

  /** @param {string} name @param {string} data */
  #receive(name, data) {
    this.#watch();
    try {
      this.#options.onEvent(name, JSON.parse(data));
      this.#options.onLink("live");
    } catch (error) {
      console.warn(`The event "${name}" could not be used.`, error);
    }
  }

  #watch() {
    const { silenceMs } = this.#options;
    clearTimeout(this.#watchdog);
    if (silenceMs !== undefined) this.#watchdog = setTimeout(() => this.open(), silenceMs);
  }

  /** The browser reopens a broken stream by itself, but gives up one that was refused. @param {EventSource} events */
  #fail(events) {
    if (events !== this.#events) return;
    this.#options.onLink("lost");
    if (events.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.#reopening);
    this.#reopening = setTimeout(() => this.open(), this.#options.reopenMs);
    this.#options.onRefused?.();
  }
}

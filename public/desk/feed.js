// The server's events, for as long as the desk is open: a lost connection is opened again, a dead one is noticed.

/** @typedef {"connecting" | "live" | "lost"} LinkState */

const reopenMs = 5000;
/** The server's heart beats every ten seconds. */
const silenceMs = 30_000;
const names = ["overview", "doctor", "log", "heartbeat"];

export class Feed {
  /** @type {(name: string, data: any) => void} */ #onEvent;
  /** @type {(state: LinkState) => void} */ #onLink;
  /** @type {() => void} */ #onRefused;
  /** @type {EventSource | null} */ #events = null;
  #timer = 0;
  #watchdog = 0;

  /**
   * @param {(name: string, data: any) => void} onEvent
   * @param {(state: LinkState) => void} onLink
   * @param {() => void} onRefused the server does not want us: signed out, or too many desks
   */
  constructor(onEvent, onLink, onRefused) {
    this.#onEvent = onEvent;
    this.#onLink = onLink;
    this.#onRefused = onRefused;
  }

  open() {
    this.close();
    this.#onLink("connecting");
    const events = new EventSource("api/admin/events");
    this.#events = events;
    for (const name of names) {
      events.addEventListener(name, (event) => this.#hear(name, event.data));
    }
    events.addEventListener("error", () => this.#fail(events));
    this.#watch();
  }

  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    this.#events?.close();
    this.#events = null;
  }

  /** @param {string} name @param {string} data */
  #hear(name, data) {
    this.#onLink("live");
    this.#watch();
    this.#onEvent(name, JSON.parse(data));
  }

  #watch() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.open(), silenceMs);
  }

  /** The browser retries a broken line by itself; a refused one it gives up. @param {EventSource} events */
  #fail(events) {
    if (events !== this.#events) return;
    this.#onLink("lost");
    if (events.readyState !== EventSource.CLOSED) return;
    this.#onRefused();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.open(), reopenMs);
  }
}

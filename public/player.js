// Plays one stream at a time, comes back by itself after a break, and holds no connection once stopped.

/** @typedef {"stopped" | "connecting" | "playing" | "waiting"} PlayerState */

// The first is short: a mount that changes its format ends its streams on purpose and is there at once.
const retrySeconds = [0.3, 1, 2, 4, 8, 15];
// A stream that has played for so long was healthy: its next break starts the waits from the shortest again.
const settledSeconds = 10;
// How long sound may stand still before we take the connection for dead.
const stallMs = 8000;

export class Player {
  /** @type {HTMLAudioElement} */ #audio;
  /** @type {(state: PlayerState, notice: string) => void} */ #onChange;
  /** @type {(requestedMs: number) => void} */ #onJoin;
  #requestedMs = 0;
  /** @type {string | null} */ #address = null;
  /** @type {PlayerState} */ #state = "stopped";
  #attempts = 0;
  #retryTimer = 0;
  #stallTimer = 0;

  /**
   * @param {HTMLAudioElement} audio one element for all streams: iOS lets only a touched one play again
   * @param {(state: PlayerState, notice: string) => void} onChange
   * @param {(requestedMs: number) => void} onJoin the first audio of a connection is here
   */
  constructor(audio, onChange, onJoin) {
    this.#audio = audio;
    this.#onChange = onChange;
    this.#onJoin = onJoin;
    audio.addEventListener("loadedmetadata", () => this.#onJoin(this.#requestedMs));
    audio.addEventListener("playing", () => this.#settle());
    audio.addEventListener("error", () => this.#retry());
    audio.addEventListener("ended", () => this.#retry());
    audio.addEventListener("stalled", () => this.#watch());
    audio.addEventListener("waiting", () => this.#watch());
    audio.addEventListener("pause", () => this.#onPause());
    window.addEventListener("online", () => this.#retryNow());
  }

  /** The stream the listener wants to hear, or null. */
  get address() {
    return this.#address;
  }

  get state() {
    return this.#state;
  }

  /** @param {string} address */
  play(address) {
    this.#address = address;
    this.#attempts = 0;
    this.#enter("connecting", "Connecting…");
    this.#connect();
  }

  /** Without the source's removal and load() a browser goes on downloading behind a paused element. */
  stop(notice = "") {
    this.#address = null;
    this.#clearTimers();
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.#audio.load();
    this.#enter("stopped", notice);
  }

  #connect() {
    if (this.#address === null) return;
    this.#clearTimers();
    // A new address each time: no cache on the way may answer with an old stream.
    this.#requestedMs = performance.now();
    this.#audio.src = `${this.#address}?t=${Date.now()}`;
    this.#audio.play().catch((error) => this.#onRefusal(error));
    this.#watch();
  }

  #settle() {
    if (this.#address === null) return;
    this.#clearTimers();
    this.#enter("playing", "");
  }

  /** Other refusals also arrive as the element's error event. @param {unknown} error */
  #onRefusal(error) {
    const isBlocked = error instanceof DOMException && error.name === "NotAllowedError";
    if (isBlocked) this.stop("Your browser wants you to press play once more.");
  }

  /** A pause we did not ask for is the listener's: a headset, a lock screen, a phone call. */
  #onPause() {
    if (this.#address !== null && !this.#audio.ended && !this.#audio.error) this.stop();
  }

  #watch() {
    if (this.#address === null || this.#stallTimer !== 0) return;
    const heardSeconds = this.#audio.currentTime;
    this.#stallTimer = setTimeout(() => {
      this.#stallTimer = 0;
      if (this.#audio.currentTime === heardSeconds) this.#retry();
    }, stallMs);
  }

  #retry() {
    if (this.#address === null || this.#retryTimer !== 0) return;
    this.#clearTimers();
    if (this.#audio.currentTime > settledSeconds) this.#attempts = 0;
    const seconds = retrySeconds[Math.min(this.#attempts, retrySeconds.length - 1)] ?? 15;
    this.#attempts += 1;
    this.#retryTimer = setTimeout(() => this.#connect(), seconds * 1000);
    this.#enter("waiting", "The stream broke off. Reconnecting…");
  }

  #retryNow() {
    if (this.#state === "waiting") this.#connect();
  }

  #clearTimers() {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#stallTimer);
    this.#retryTimer = 0;
    this.#stallTimer = 0;
  }

  /** @param {PlayerState} state @param {string} notice */
  #enter(state, notice) {
    this.#state = state;
    this.#onChange(state, notice);
  }
}

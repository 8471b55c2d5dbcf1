// Plays one stream at a time, reconnects after a break, and holds no connection once stopped.

/** @typedef {"stopped" | "connecting" | "playing" | "waiting"} PlayerState */

/** The first is short: a mount that changes its format ends its streams on purpose and is back at once. */
const RETRY_SECONDS = [0.3, 1, 2, 4, 8];
const LONGEST_RETRY_SECONDS = 15;
/** After this much playback the stream was healthy, and the next break starts with the shortest wait again. */
const SETTLED_SECONDS = 10;
/** Playback that stands still for this long means that the connection is dead. */
const STALL_MS = 8000;

export class Player {
  /** @type {HTMLAudioElement} */ #audio;
  /** @type {(state: PlayerState, notice: string) => void} */ #onChange;
  /** @type {(requestedMs: number) => void} */ #onJoin;
  #requestedMs = 0;
  /** @type {string | null} */ #address = null;
  /** @type {PlayerState} */ #state = "stopped";
  #attempts = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #retryTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #stallTimer;

  /**
   * @param {HTMLAudioElement} audio one for all streams: iOS lets only an element that was tapped play again
   * @param {(state: PlayerState, notice: string) => void} onChange
   * @param {(requestedMs: number) => void} onJoin the first audio of a connection has arrived
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

  /** Removes the source and calls load(): otherwise a browser keeps downloading behind a paused element. */
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
    this.#requestedMs = performance.now();
    // A new address each time, so that no cache on the way answers with an old stream.
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
    if (isBlocked) this.stop("Your browser blocked playback. Press play again.");
  }

  /** A pause that we did not ask for is the listener's: a headset, a lock screen, a phone call. */
  #onPause() {
    if (this.#address !== null && !this.#audio.ended && !this.#audio.error) this.stop();
  }

  #watch() {
    if (this.#address === null || this.#stallTimer !== undefined) return;
    const playedSeconds = this.#audio.currentTime;
    this.#stallTimer = setTimeout(() => {
      this.#stallTimer = undefined;
      if (this.#audio.currentTime === playedSeconds) this.#retry();
    }, STALL_MS);
  }

  #retry() {
    if (this.#address === null || this.#retryTimer !== undefined) return;
    this.#clearTimers();
    if (this.#audio.currentTime > SETTLED_SECONDS) this.#attempts = 0;
    const seconds = RETRY_SECONDS[this.#attempts] ?? LONGEST_RETRY_SECONDS;
    this.#attempts += 1;
    this.#retryTimer = setTimeout(() => this.#connect(), seconds * 1000);
    this.#enter("waiting", "Connection lost. Reconnecting…");
  }

  #retryNow() {
    if (this.#state === "waiting") this.#connect();
  }

  #clearTimers() {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#stallTimer);
    [this.#retryTimer, this.#stallTimer] = [undefined, undefined];
  }

  /** @param {PlayerState} state @param {string} notice */
  #enter(state, notice) {
    this.#state = state;
    this.#onChange(state, notice);
  }
}

// Plays one stream at a time, reconnects after a break, and holds no connection once stopped.

import { t } from "./language.js";
import { HlsStream } from "./hls-stream.js";
import { canStream, Stream } from "./stream.js";

/** @typedef {"stopped" | "connecting" | "playing" | "waiting"} PlayerState */

/**
 * @typedef {object} PlayerEvents
 * @property {(state: PlayerState, notice: string) => void} onChange
 * @property {(requestedMs: number, backSeconds: number) => void} onJoin the first audio of a connection has arrived, which began so
 * far before the newest audio; 0 for the live audio
 * @property {(fromSeconds: number, positionSeconds: number) => void} onPlace the element's time from which on it plays the
 * mount's timeline from a position on
 * @property {(dateOf: () => Date | null) => void} onDated the element plays by HLS, and knows the date of what it plays
 */

/** The first is short: a mount that changes its format ends its streams on purpose and is back at once. */
const RETRY_SECONDS = [0.3, 1, 2, 4, 8];
const LONGEST_RETRY_SECONDS = 15;
/** After this much playback the stream was healthy, and the next break starts with the shortest wait again. */
const SETTLED_SECONDS = 10;
/** Playback that stands still for this long means that the connection is dead. */
const STALL_MS = 8000;

export class Player {
  /** @type {HTMLAudioElement} */ #audio;
  /** @type {PlayerEvents} */ #events;
  #requestedMs = 0;
  /** @type {string | null} */ #address = null;
  /** Seconds before the newest audio at which to begin; 0 for the live audio. */
  #backSeconds = 0;
  /** null while the element loads the address itself. @type {Stream | HlsStream | null} */ #stream =
    null;
  #codec = "";
  #backMs = 0;
  /** @type {PlayerState} */ #state = "stopped";
  #attempts = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #retryTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #stallTimer;

  /**
   * @param {HTMLAudioElement} audio one for all streams: iOS lets only an element that was tapped play again
   * @param {PlayerEvents} events
   */
  constructor(audio, events) {
    [this.#audio, this.#events] = [audio, events];
    audio.addEventListener("loadedmetadata", () => this.#onLoaded());
    audio.addEventListener("playing", () => this.#settle());
    audio.addEventListener("error", () => this.#onError());
    audio.addEventListener("ended", () => this.#retry());
    audio.addEventListener("stalled", () => this.#watch());
    audio.addEventListener("waiting", () => this.#watch());
    audio.addEventListener("pause", () => this.#onPause());
    window.addEventListener("online", () => this.#retryNow());
  }

  get state() {
    return this.#state;
  }

  /** It knows where on the timeline it is, also while a lost connection is mended. */
  get isStreaming() {
    return this.#stream !== null;
  }

  /**
   * @param {string} address
   * @param {string} codec
   * @param {number} [backSeconds] before the newest audio
   * @param {string} [hls] the address of its multivariant playlist, "" where HLS is not the better way
   */
  play(address, codec, backSeconds = 0, hls = "") {
    this.#close();
    [this.#address, this.#codec] = [address, codec];
    [this.#backSeconds, this.#attempts] = [backSeconds, 0];
    if (hls !== "" && backSeconds === 0) this.#openHls(hls);
    else if (canStream(codec)) this.#open(address);
    this.#enter("connecting", t("play.connecting"));
    this.#connect();
  }

  /** @param {string} address */
  #open(address) {
    this.#stream = new Stream(this.#audio, address, {
      onPlace: this.#events.onPlace,
      onBack: () => this.#onBack(),
      onLost: () => this.#onLost(),
      onUnfit: () => this.#giveUpStream(),
    });
  }

  /** @param {string} address */
  #openHls(address) {
    this.#stream = new HlsStream(this.#audio, address, {
      onDated: this.#events.onDated,
      onBack: () => this.#onBack(),
      onLost: () => this.#onLost(),
      onUnfit: () => this.#giveUpHls(),
      onRefusal: (error) => this.#onRefusal(error),
    });
  }

  #close() {
    this.#stream?.close();
    this.#stream = null;
  }

  /** Removes the source and calls load(): otherwise a browser keeps downloading behind a paused element. */
  stop(notice = "") {
    this.#address = null;
    this.#clearTimers();
    this.#audio.pause();
    this.#close();
    this.#audio.removeAttribute("src");
    this.#audio.load();
    this.#enter("stopped", notice);
  }

  #connect() {
    if (this.#address === null) return;
    this.#clearTimers();
    this.#requestedMs = performance.now();
    if (this.#stream === null) this.#audio.src = this.#freshAddress(this.#address);
    else void this.#stream.connect({ at: this.#backSeconds, isResumed: true });
    this.#audio.play().catch((error) => this.#onRefusal(error));
    this.#watch();
  }

  /** A new one each time, so that no cache on the way answers with an old stream. @param {string} address */
  #freshAddress(address) {
    const fresh = new URL(address);
    fresh.searchParams.set("t", String(Date.now()));
    if (this.#backSeconds > 0) fresh.searchParams.set("at", `-${this.#backSeconds.toFixed(3)}`);
    return fresh.href;
  }

  #settle() {
    if (this.#address === null) return;
    this.#clearTimers();
    this.#enter("playing", "");
  }

  #onLoaded() {
    if (this.#stream === null) this.#events.onJoin(this.#requestedMs, this.#backSeconds);
  }

  /** The stream's audio arrives, at first or again. The element may not have noticed that it was lost. */
  #onBack() {
    this.#backMs = performance.now();
    const isPlaying =
      !this.#audio.paused && this.#audio.readyState > HTMLMediaElement.HAVE_CURRENT_DATA;
    if (isPlaying) this.#settle();
  }

  #onLost() {
    if (performance.now() - this.#backMs > SETTLED_SECONDS * 1000) this.#attempts = 0;
    this.#retry();
  }

  /** The element loads the address itself from here on. */
  #giveUpStream() {
    this.#close();
    this.#connect();
  }

  /** The stream itself is played. */
  #giveUpHls() {
    this.#close();
    if (this.#address !== null && canStream(this.#codec)) this.#open(this.#address);
    this.#connect();
  }

  #onError() {
    this.#close();
    this.#retry();
  }

  /** Other refusals also arrive as the element's error event. @param {unknown} error */
  #onRefusal(error) {
    const isBlocked = error instanceof DOMException && error.name === "NotAllowedError";
    if (isBlocked) this.stop(t("play.blocked"));
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
    const isSettled = this.#stream === null && this.#audio.currentTime > SETTLED_SECONDS;
    if (isSettled) this.#attempts = 0;
    const seconds = RETRY_SECONDS[this.#attempts] ?? LONGEST_RETRY_SECONDS;
    this.#attempts += 1;
    this.#retryTimer = setTimeout(() => this.#connect(), seconds * 1000);
    this.#enter("waiting", t("play.lost"));
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
    this.#events.onChange(state, notice);
  }
}

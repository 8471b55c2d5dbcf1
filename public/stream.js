// Plays a stream from bytes that the page fetches itself, where the browser can (Media Source Extensions). So it knows which
// bytes have arrived: after a lost connection it goes on at the very next frame, without a gap and without a repeat.

/** @typedef {{ at?: number, isResumed?: boolean }} Ask seconds before the newest audio; or where it was */
/**
 * @typedef {object} StreamEvents
 * @property {(fromSeconds: number, positionSeconds: number) => void} onPlace the element's time from which on it plays the
 * mount's timeline from a position on
 * @property {() => void} onBack audio arrives
 * @property {() => void} onLost the connection has ended
 * @property {() => void} onUnfit the browser does not take these bytes in pieces, whatever it does with the address
 */

/** By codec. @type {Readonly<Record<string, string>>} */
const TYPES = { mp3: "audio/mpeg", aac: "audio/aac" };

/** What is played is kept for a while, so that removing it is rare. */
const KEPT_SECONDS = 60;
const LEFT_SECONDS = 20;
/** More than a burst: the network is read no faster than the audio plays. */
const MOST_AHEAD_SECONDS = 90;
const PLAY_OUT_MS = 200;

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether a codec's bytes can be played so. @param {string} codec */
export function canStream(codec) {
  const type = TYPES[codec.toLowerCase()];
  return type !== undefined && isFit(type);
}

/** @param {string} type */
function isFit(type) {
  return typeof MediaSource === "function" && MediaSource.isTypeSupported(type);
}

export class Stream {
  /** @type {HTMLAudioElement} */ #audio;
  /** @type {StreamEvents} */ #events;
  #address = "";
  #source = new MediaSource();
  /** @type {Promise<unknown>} */ #opened;
  /** @type {SourceBuffer | null} */ #buffer = null;
  #type = "";
  #token = "";
  /** Audio bytes of this connection. */
  #bytes = 0;
  /** The latest bytes, until they are there. @type {Promise<unknown>} */ #appending =
    Promise.resolve();
  #connection = new AbortController();

  /** @param {HTMLAudioElement} audio @param {string} address @param {StreamEvents} events */
  constructor(audio, address, events) {
    [this.#audio, this.#address, this.#events] = [audio, address, events];
    const source = this.#source;
    this.#opened = new Promise((resolve) => source.addEventListener("sourceopen", resolve));
    audio.src = URL.createObjectURL(source);
  }

  /** Ends the connection, if there is one, and opens another. @param {Ask} [ask] */
  async connect(ask = {}) {
    this.#connection.abort();
    const connection = new AbortController();
    this.#connection = connection;
    const { signal } = connection;
    try {
      const answer = await fetch(this.#target(ask), { signal, cache: "no-store" });
      if (!answer.ok || !answer.body) throw new Error(`the station answered ${answer.status}`);
      if (await this.#begin(answer, signal)) await this.#read(answer.body.getReader(), signal);
    } catch (error) {
      if (!signal.aborted) console.info("The stream broke off.", error);
    }
    if (!signal.aborted) this.#events.onLost();
  }

  /** For good. The element gets another source. */
  close() {
    this.#connection.abort();
    URL.revokeObjectURL(this.#audio.src);
  }

  /** @param {Ask} ask */
  #target({ at = 0, isResumed = false }) {
    const target = new URL(this.#address);
    if (isResumed && this.#token !== "") {
      target.searchParams.set("resume", this.#token);
      target.searchParams.set("bytes", String(this.#bytes));
    } else if (at > 0) target.searchParams.set("at", `-${at.toFixed(3)}`);
    return target;
  }

  /** Gets ready for the audio of an answer; false if it cannot be played so. @param {Response} answer
   * @param {AbortSignal} signal */
  async #begin({ headers }, signal) {
    await this.#opened;
    // What was counted of the lost connection has to be there first.
    await this.#appending;
    const type = (headers.get("content-type") ?? "").split(";", 1)[0] ?? "";
    if (!isFit(type)) return this.#leave(signal);
    this.#prepare(type);
    this.#token = headers.get("cycast-resume") ?? "";
    this.#bytes = 0;
    const position = Number(headers.get("cycast-position") ?? Number.NaN);
    const goesOn = headers.has("cycast-resumed");
    if (!goesOn && Number.isFinite(position)) this.#events.onPlace(this.#endSeconds, position);
    return true;
  }

  /** abort() drops the part of a frame with which a lost connection ended; what follows is put behind the last whole one.
   * @param {string} type */
  #prepare(type) {
    if (this.#buffer === null) this.#buffer = this.#source.addSourceBuffer(type);
    else this.#buffer.abort();
    if (this.#type !== "" && type !== this.#type) this.#buffer.changeType(type);
    this.#type = type;
    this.#buffer.mode = "sequence";
  }

  /** What has arrived is played first. @param {AbortSignal} signal */
  async #leave(signal) {
    while (!signal.aborted && !this.#audio.paused && this.#aheadSeconds > 0.1)
      await sleep(PLAY_OUT_MS);
    if (signal.aborted) return false;
    this.#connection.abort();
    this.#events.onUnfit();
    return false;
  }

  /** @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} reader @param {AbortSignal} signal */
  async #read(reader, signal) {
    let isFirst = true;
    for (;;) {
      const { value, done } = await reader.read();
      if (done || signal.aborted) return;
      this.#bytes += value.length;
      this.#appending = this.#append(value);
      await this.#appending;
      if (isFirst) this.#events.onBack();
      isFirst = false;
      while (this.#aheadSeconds > MOST_AHEAD_SECONDS && !signal.aborted) await sleep(1000);
    }
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  async #append(bytes) {
    const buffer = this.#buffer;
    if (buffer === null) return;
    const played = this.#audio.currentTime;
    if (buffer.buffered.length > 0 && played - buffer.buffered.start(0) > KEPT_SECONDS) {
      buffer.remove(0, played - LEFT_SECONDS);
      await updated(buffer);
    }
    buffer.appendBuffer(bytes);
    await updated(buffer);
  }

  /** Where the next audio goes, in the element's time. */
  get #endSeconds() {
    const buffered = this.#buffer?.buffered;
    return buffered === undefined || buffered.length === 0 ? 0 : buffered.end(buffered.length - 1);
  }

  get #aheadSeconds() {
    return this.#endSeconds - this.#audio.currentTime;
  }
}

/** @param {SourceBuffer} buffer */
function updated(buffer) {
  return new Promise((resolve, reject) => {
    buffer.addEventListener("updateend", resolve, { once: true });
    buffer.addEventListener("error", () => reject(new Error("the audio is damaged")), {
      once: true,
    });
  });
}

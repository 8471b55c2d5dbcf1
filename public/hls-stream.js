// Plays a mount by HLS, for browsers that do better with segments than with an endless answer: by themselves where they can and
// know the date of what they play, else with hls.js, which is loaded only then.

/** @typedef {HTMLAudioElement & { getStartDate?: () => Date }} Dated */
/** @typedef {import("hls.js").default} Hls */
/**
 * @typedef {object} HlsEvents
 * @property {(dateOf: () => Date | null) => void} onDated gives the date of what the element plays at this moment
 * @property {() => void} onBack audio arrives
 * @property {() => void} onLost the playlists or segments are not to be had
 * @property {() => void} onUnfit the browser cannot play it so
 * @property {(error: unknown) => void} onRefusal the browser does not let it play
 */

const TYPE = "application/vnd.apple.mpegurl";

/** A phone's browser sleeps behind a locked screen, and its network changes on the way: requests of their own survive both. */
const PHONE = /Android|iPhone|iPad|iPod|Mobile/;

/** Half a minute of audio: a phone's radio sleeps longer between larger requests. */
const AHEAD_SECONDS = 30;

/** The page loads neither workers from blobs nor tracks from data, and has its titles elsewhere. */
const SETTINGS = {
  enableWorker: false,
  enableDateRangeMetadataCues: false,
  enableID3MetadataCues: false,
  enableEmsgMetadataCues: false,
};

/** @param {Dated} audio */
function isNative(audio) {
  return audio.canPlayType(TYPE) !== "" && typeof audio.getStartDate === "function";
}

/** HLS is the better way in this browser; `?hls=1` and `?hls=0` in the page's address decide for it.
 * @param {HTMLAudioElement} audio */
export function prefersHls(audio) {
  const asked = new URLSearchParams(location.search).get("hls");
  if (asked !== null) return asked !== "0";
  return isNative(audio) || PHONE.test(navigator.userAgent);
}

export class HlsStream {
  /** @type {Dated} */ #audio;
  /** @type {HlsEvents} */ #events;
  #address = "";
  /** @type {Hls | null} */ #hls = null;
  /** Number of the latest connect(). */
  #attempt = 0;

  /** @param {HTMLAudioElement} audio @param {string} address of the multivariant playlist @param {HlsEvents} events */
  constructor(audio, address, events) {
    [this.#audio, this.#address, this.#events] = [audio, address, events];
  }

  /** Begins, or begins again where it broke off. */
  async connect() {
    this.#detach();
    const attempt = ++this.#attempt;
    if (isNative(this.#audio)) return this.#playNatively();
    const { default: library } = await import("./assets/hls.js");
    if (attempt !== this.#attempt) return;
    if (!library.isSupported()) return this.#events.onUnfit();
    this.#playWith(library);
  }

  /** For good. The element gets another source. */
  close() {
    this.#attempt++;
    this.#detach();
  }

  #detach() {
    this.#hls?.destroy();
    this.#hls = null;
  }

  #playNatively() {
    this.#audio.src = this.#address;
    this.#events.onDated(() => {
      const startMs = this.#audio.getStartDate?.().getTime() ?? Number.NaN;
      return Number.isNaN(startMs) ? null : new Date(startMs + this.#audio.currentTime * 1000);
    });
  }

  /** @param {typeof import("hls.js").default} library */
  #playWith(library) {
    const hls = new library({ ...SETTINGS, maxBufferLength: AHEAD_SECONDS });
    this.#hls = hls;
    const { ERROR, FRAG_BUFFERED } = library.Events;
    hls.on(FRAG_BUFFERED, () => this.#events.onBack());
    hls.on(ERROR, (_, { fatal, details }) => {
      if (!fatal || this.#hls !== hls) return;
      console.info("HLS broke off.", details);
      this.#events.onLost();
    });
    hls.loadSource(this.#address);
    hls.attachMedia(this.#audio);
    this.#events.onDated(() => hls.playingDate);
    this.#audio.play().catch((error) => this.#events.onRefusal(error));
  }
}

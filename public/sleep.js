// The sleep timer: stops the player after some minutes, or with the track, and fades out before.

import { byId, find, make, setText } from "./dom.js";
import { inMinutes, t } from "./language.js";
import { minutes } from "./progress.js";

const MINUTES = [15, 30, 45, 60];
const OFF = "off";
const TRACK = "track";
const FADE_SECONDS = 10;

/** @typedef {{ endsMs: number } | { airing: string }} Timer when it stops, on performance.now()'s clock; or with which airing */
/** @typedef {{ airing: string, leftSeconds: number | null }} Track what is heard, and for how long still, if that is known */

/** The part of the volume that is left so long before the end. @param {number | null} leftSeconds null: unknown */
export function fadeShare(leftSeconds) {
  if (leftSeconds === null || leftSeconds >= FADE_SECONDS) return 1;
  return Math.max(0, leftSeconds / FADE_SECONDS);
}

export class SleepTimer {
  /** @type {Timer | null} */ #timer = null;
  /** @type {() => Track | null} */ #track;
  /** @type {(share: number) => void} */ #onFade;
  /** @type {() => void} */ #onEnd;

  /**
   * @param {() => Track | null} track null before the first report
   * @param {(share: number) => void} onFade
   * @param {() => void} onEnd
   */
  constructor(track, onFade, onEnd) {
    [this.#track, this.#onFade, this.#onEnd] = [track, onFade, onEnd];
    const select = this.#select;
    select.replaceChildren(
      option(OFF, t("sleep.off")),
      ...MINUTES.map((count) => option(String(count), inMinutes(count))),
      option(TRACK, t("sleep.track")),
    );
    select.addEventListener("change", () => this.#choose(select.value));
    byId("sleep-cancel").addEventListener("click", () => {
      this.cancel();
      select.focus();
    });
    setInterval(() => this.tick(), 250);
  }

  get #select() {
    return find(document, "#sleep", HTMLSelectElement);
  }

  /** The player was stopped by other means, or the listener stays awake. */
  cancel() {
    this.#timer = null;
    this.#select.value = OFF;
    this.#onFade(1);
    this.#show(null);
  }

  /** @param {string} value */
  #choose(value) {
    this.cancel();
    if (value === OFF) return;
    this.#select.value = value;
    const airing = this.#track()?.airing ?? "";
    this.#timer =
      value === TRACK ? { airing } : { endsMs: performance.now() + Number(value) * 60_000 };
    this.tick();
  }

  tick() {
    const timer = this.#timer;
    if (!timer) return;
    const left = this.#leftSeconds(timer);
    if (left !== null && left <= 0) return this.#end();
    this.#onFade(fadeShare(left));
    this.#show(left);
  }

  /** @param {Timer} timer */
  #leftSeconds(timer) {
    if ("endsMs" in timer) return (timer.endsMs - performance.now()) / 1000;
    const track = this.#track();
    if (!track) return null;
    return track.airing === timer.airing ? track.leftSeconds : 0;
  }

  #end() {
    this.#onEnd();
    this.cancel();
  }

  /** @param {number | null} leftSeconds */
  #show(leftSeconds) {
    byId("sleep-state").hidden = this.#timer === null;
    const isTimed = this.#timer !== null && "endsMs" in this.#timer;
    const time = minutes(Math.ceil(leftSeconds ?? 0));
    setText(byId("sleep-text"), isTimed ? t("sleep.in", { time }) : t("sleep.afterTrack"));
  }
}

/** @param {string} value @param {string} text */
function option(value, text) {
  const element = make("option", text);
  element.value = value;
  return element;
}

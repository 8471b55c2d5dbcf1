// The volume sliders and mute buttons of the player and of the mini player, which all show one level. The browser remembers it.

import { find } from "./dom.js";
import { percent } from "./language.js";
import { recall, remember } from "./storage.js";

const STORAGE_KEY = "cycast.volume";
const USUAL = 80;

/** On iOS only the device's keys set the volume. @param {HTMLAudioElement} audio */
function canSetVolume(audio) {
  audio.volume = 0.5;
  return audio.volume === 0.5;
}

/** Hearing is roughly logarithmic, so a squared slider feels even. @param {number} level from 0 to 100 */
function loudness(level) {
  return (level / 100) ** 2;
}

/** @param {string | null} text */
function levelOf(text) {
  const level = Number(text ?? USUAL);
  return level >= 0 && level <= 100 ? level : USUAL;
}

export class Volume {
  /** @type {HTMLAudioElement} */ #audio;
  /** @type {HTMLInputElement[]} */ #sliders;
  /** @type {HTMLButtonElement[]} */ #mutes;
  #level = levelOf(recall(STORAGE_KEY));
  #fade = 1;

  /** @param {HTMLAudioElement} audio */
  constructor(audio) {
    this.#audio = audio;
    const boxes = [...document.querySelectorAll(".volume")];
    const canSet = canSetVolume(audio);
    for (const box of boxes) box.toggleAttribute("hidden", !canSet);
    this.#sliders = boxes.map((box) => find(box, "input", HTMLInputElement));
    this.#mutes = boxes.map((box) => find(box, "button", HTMLButtonElement));
    for (const slider of this.#sliders)
      slider.addEventListener("input", () => this.#set(slider.valueAsNumber));
    for (const mute of this.#mutes)
      mute.addEventListener("click", () => (audio.muted = !audio.muted));
    audio.addEventListener("volumechange", () => this.#showMute());
    this.#apply();
  }

  /** A share of the level, while the sleep timer fades out. @param {number} share from 0 to 1 */
  fade(share) {
    if (share === this.#fade) return;
    this.#fade = share;
    this.#apply();
  }

  /** @param {number} level */
  #set(level) {
    this.#level = level;
    this.#audio.muted = false;
    this.#apply();
    remember(STORAGE_KEY, String(level));
  }

  #apply() {
    this.#audio.volume = loudness(this.#level) * this.#fade;
    for (const slider of this.#sliders) {
      slider.value = String(this.#level);
      slider.style.setProperty("--level", `${this.#level}%`);
      slider.setAttribute("aria-valuetext", percent(this.#level / 100));
    }
  }

  #showMute() {
    const { muted } = this.#audio;
    for (const button of this.#mutes) button.setAttribute("aria-pressed", String(muted));
  }
}

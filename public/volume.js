// The volume slider and the mute button. The browser remembers the level where it is allowed to.

import { byId, inputById } from "./dom.js";
import { percent } from "./language.js";

const STORAGE_KEY = "cycast.volume";

/** Storage throws where cookies are blocked. @param {(storage: Storage) => string | null | void} use */
function withStorage(use) {
  try {
    return use(localStorage) ?? null;
  } catch (error) {
    console.info("This browser does not remember the volume.", error);
    return null;
  }
}

/** On iOS only the device's keys set the volume. @param {HTMLAudioElement} audio */
function canSetVolume(audio) {
  audio.volume = 0.5;
  return audio.volume === 0.5;
}

/** Hearing is roughly logarithmic, so a squared slider feels even. @param {number} percent */
function loudness(percent) {
  return (percent / 100) ** 2;
}

/** @param {HTMLInputElement} slider @param {HTMLAudioElement} audio */
function applyVolume(slider, audio) {
  audio.volume = loudness(slider.valueAsNumber);
  slider.style.setProperty("--level", `${slider.value}%`);
  slider.setAttribute("aria-valuetext", percent(slider.valueAsNumber / 100));
}

/** @param {HTMLAudioElement} audio */
function showMute(audio) {
  byId("mute").setAttribute("aria-pressed", String(audio.muted));
}

/** @param {HTMLAudioElement} audio */
export function bindVolume(audio) {
  const slider = inputById("volume");
  byId("volume-box").hidden = !canSetVolume(audio);
  slider.value = withStorage((storage) => storage.getItem(STORAGE_KEY)) ?? "80";
  applyVolume(slider, audio);
  slider.addEventListener("input", () => {
    audio.muted = false;
    applyVolume(slider, audio);
    withStorage((storage) => storage.setItem(STORAGE_KEY, slider.value));
  });
  byId("mute").addEventListener("click", () => (audio.muted = !audio.muted));
  audio.addEventListener("volumechange", () => showMute(audio));
}

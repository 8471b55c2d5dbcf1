// What the desk says of a command, and what it asks before one that is heard.

import { byId, setText } from "../dom.js";

const shownMs = 6000;
let timer = 0;

/** @param {string} sentence @param {boolean} [isError] */
export function say(sentence, isError = false) {
  const notice = byId("notice");
  setText(notice, sentence);
  notice.toggleAttribute("data-error", isError);
  notice.toggleAttribute("data-shown", true);
  clearTimeout(timer);
  timer = setTimeout(() => notice.removeAttribute("data-shown"), shownMs);
}

/** @param {string} question @param {string} action what the button that does it says @returns {Promise<boolean>} */
export function confirmed(question, action) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("confirm"));
  setText(byId("confirm-text"), question);
  setText(byId("confirm-yes"), action);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

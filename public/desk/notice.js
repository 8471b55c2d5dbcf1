// The result of a command, and the question before one that listeners would notice.

import { byId, find, setText } from "../dom.js";

const SHOWN_MS = 6000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} sentence @param {boolean} [isError] */
export function notify(sentence, isError = false) {
  const notice = byId("notice");
  setText(notice, sentence);
  notice.toggleAttribute("data-error", isError);
  notice.toggleAttribute("data-shown", true);
  clearTimeout(timer);
  timer = setTimeout(() => notice.removeAttribute("data-shown"), SHOWN_MS);
}

/** @param {string} question @param {string} action the label of the button that confirms @returns {Promise<boolean>} */
export function confirmed(question, action) {
  const dialog = find(document, "#confirm", HTMLDialogElement);
  setText(byId("confirm-text"), question);
  setText(byId("confirm-yes"), action);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

// Copies text to the clipboard, and confirms it.

import { byId, setText } from "./dom.js";
import { t } from "./language.js";

const COPIED_MS = 2000;

/** navigator.clipboard needs TLS; without it, copy the old way. @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** On the button itself, and in a live region for screen readers. @param {HTMLElement} button @param {HTMLElement} [words] what
 * it says; a button without words shows its state alone */
export function confirmCopy(button, words) {
  const before = button.dataset.words ?? words?.textContent ?? "";
  button.dataset.words = before;
  button.toggleAttribute("data-copied", true);
  if (words) setText(words, t("share.copied"));
  setText(byId("copied"), t("share.copied"));
  setTimeout(() => {
    button.toggleAttribute("data-copied", false);
    if (words) setText(words, before);
    setText(byId("copied"), "");
  }, COPIED_MS);
}

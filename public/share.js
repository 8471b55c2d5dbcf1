// Ways to take the station along: share the page, copy an address, put the player into another page.

import { serverAddress } from "./status.js";
import { byId } from "./dom.js";

/** @typedef {import("./status.js").Mount} Mount */

const saidMs = 2000;

/** The clipboard is closed to pages without TLS, hence the old way as the second. @param {string} text */
async function copyText(text) {
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

/** Says on the button itself that it is done; its live region tells a screen reader. @param {HTMLElement} button */
function sayCopied(button) {
  const words = button.dataset.words ?? button.textContent ?? "";
  button.dataset.words = words;
  button.textContent = "Copied";
  byId("said").textContent = "Copied";
  setTimeout(() => {
    button.textContent = words;
    byId("said").textContent = "";
  }, saidMs);
}

/** This page with this mount chosen. @param {Mount} mount @param {boolean} isMain */
export function pageAddress(mount, isMain) {
  const address = new URL(location.pathname, location.href);
  if (!isMain) address.searchParams.set("mount", mount.mount);
  return address.href;
}

/** @param {Mount} mount @param {string} name */
function embedCode(mount, name) {
  const source = serverAddress(`/embed${mount.mount}`);
  const title = name.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${source}" title="${title}" width="100%" height="170" style="border:0;border-radius:16px"></iframe>`;
}

let shown = "";

/** @param {import("./status.js").Status} status @param {Mount} mount */
export function showLinks(status, mount) {
  const address = serverAddress(mount.mount);
  const name = mount.name || status.name;
  if (shown === address + name) return;
  shown = address + name;
  /** @type {HTMLInputElement} */ (byId("stream-url")).value = address;
  /** @type {HTMLTextAreaElement} */ (byId("embed-code")).value = embedCode(mount, name);
  for (const ending of ["m3u", "pls", "xspf"]) {
    byId(`link-${ending}`).setAttribute("href", serverAddress(`${mount.mount}.${ending}`));
  }
}

/** @param {string} title @param {string} url @param {HTMLElement} button */
async function share(title, url, button) {
  try {
    if (!navigator.share) throw new TypeError("this browser shares nothing");
    await navigator.share({ title, url });
  } catch (error) {
    // Closing the system's sheet is an answer too.
    if (error instanceof DOMException && error.name === "AbortError") return;
    await copyText(url);
    sayCopied(button);
  }
}

/** @param {() => { title: string, url: string }} current what is to be shared now */
export function bindShare(current) {
  const button = byId("share");
  button.addEventListener("click", () => {
    const { title, url } = current();
    void share(title, url, byId("share-word"));
  });
  for (const [id, field] of [
    ["copy", "stream-url"],
    ["copy-embed", "embed-code"],
  ]) {
    const [copy, input] = [byId(id ?? ""), /** @type {HTMLInputElement} */ (byId(field ?? ""))];
    copy.addEventListener("click", () => void copyText(input.value).then(() => sayCopied(copy)));
    input.addEventListener("focus", () => input.select());
  }
}

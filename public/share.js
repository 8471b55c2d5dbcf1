// Ways to listen elsewhere: share the page, copy the stream's URL, embed the player.

import { confirmCopy, copyText } from "./copy.js";
import { byId, find, inputById } from "./dom.js";
import { serverAddress, streamAddress } from "./status.js";
import { nameOf } from "./view.js";

/** @typedef {import("./status.js").Mount} Mount */

/** This page with this mount chosen. @param {Mount} mount @param {boolean} isMain */
export function pageAddress(mount, isMain) {
  const address = new URL(location.pathname, location.href);
  if (!isMain) address.searchParams.set("mount", mount.mount);
  return address.href;
}

/** @param {Mount} mount @param {string} name */
function embedCode(mount, name) {
  const source = `${serverAddress(`/embed${mount.mount}`)}?script=1`;
  const title = name.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${source}" title="${title}" width="100%" height="170" style="border:0;border-radius:16px"></iframe>`;
}

function embedField() {
  return find(document, "#embed-code", HTMLTextAreaElement);
}

let shown = "";

/** @param {import("./status.js").Status} status @param {Mount} mount */
export function showLinks(status, mount) {
  const address = streamAddress(mount.mount);
  const name = nameOf(status, mount);
  if (shown === address + name) return;
  shown = address + name;
  inputById("stream-url").value = address;
  embedField().value = embedCode(mount, name);
  for (const ending of ["m3u", "pls", "xspf"]) {
    byId(`link-${ending}`).setAttribute("href", streamAddress(`${mount.mount}.${ending}`));
  }
}

/** @param {{ title: string, url: string }} link */
async function share({ title, url }) {
  try {
    if (!navigator.share) throw new TypeError("this browser has no share sheet");
    await navigator.share({ title, url });
  } catch (error) {
    // Closing the share sheet is an answer too.
    if (error instanceof DOMException && error.name === "AbortError") return;
    await copyText(url);
    confirmCopy(byId("share"), byId("share-word"));
  }
}

/** @param {HTMLElement} button @param {HTMLInputElement | HTMLTextAreaElement} field */
function bindCopy(button, field) {
  button.addEventListener(
    "click",
    () => void copyText(field.value).then(() => confirmCopy(button, button)),
  );
  field.addEventListener("focus", () => field.select());
}

/** @param {() => { title: string, url: string }} current the link to share now */
export function bindShare(current) {
  byId("share").addEventListener("click", () => void share(current()));
  bindCopy(byId("copy"), inputById("stream-url"));
  bindCopy(byId("copy-embed"), embedField());
}

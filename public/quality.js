// The chooser between the qualities of one programme.

import { channelOf, preferMount } from "./channels.js";
import { byId, find, make } from "./dom.js";
import { formatText } from "./view.js";

/** @typedef {import("./status.js").Mount} Mount */

let shown = "";

function chooser() {
  return find(document, "#quality", HTMLSelectElement);
}

/** Two of one format differ by their paths. @param {readonly Mount[]} mounts */
function labelsOf(mounts) {
  const formats = mounts.map((mount) => formatText(mount) || mount.mount);
  return mounts.map(({ mount }, at) => {
    const format = formats[at] ?? mount;
    const isUnique = formats.filter((other) => other === format).length === 1;
    return isUnique ? format : `${format} · ${mount}`;
  });
}

/** @param {readonly Mount[]} mounts @param {Mount} current */
export function showQuality(mounts, current) {
  const channel = channelOf(mounts, current);
  byId("quality-box").hidden = channel.mounts.length < 2;
  const labels = labelsOf(channel.mounts);
  const key = JSON.stringify([channel.key, labels]);
  const select = chooser();
  if (key !== shown) {
    shown = key;
    const options = channel.mounts.map(({ mount }, at) => {
      const option = make("option", labels[at]);
      option.value = mount;
      return option;
    });
    select.replaceChildren(...options);
  }
  if (select.value !== current.mount) select.value = current.mount;
}

/** @param {() => readonly Mount[]} mounts @param {(mount: string) => void} onChoose */
export function bindQuality(mounts, onChoose) {
  const select = chooser();
  select.addEventListener("change", () => {
    const mount = mounts().find((one) => one.mount === select.value);
    if (!mount) return;
    preferMount(channelOf(mounts(), mount), mount.mount);
    onChoose(mount.mount);
  });
}

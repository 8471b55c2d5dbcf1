// The large picture of what plays; the next one is shown when it is loaded, so that there is never a hole.

import { artworkAddress } from "./status.js";
import { byId } from "./dom.js";

let shown = "";

/** @param {HTMLImageElement} image @param {string} address */
async function fadeTo(image, address) {
  const next = /** @type {HTMLImageElement} */ (image.cloneNode());
  next.src = address;
  await next.decode();
  if (address !== shown) return;
  next.classList.add("arriving");
  image.after(next);
  next.addEventListener("animationend", () => image.remove(), { once: true });
  // Without motion there is no animation that could end.
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) image.remove();
}

/** @param {import("./status.js").Airing} airing */
export function showCover(airing) {
  const address = artworkAddress(airing, false);
  if (address === shown) return;
  shown = address;
  byId("cover").dataset.picture = airing.artwork ? "own" : "drawn";
  const images = [...byId("cover-images").children];
  const last = /** @type {HTMLImageElement} */ (images.pop());
  for (const old of images) old.remove();
  fadeTo(last, address).catch(() => {
    // It is gone from the server: the drawn one is always there.
    if (airing.artwork && address === shown) showCover({ ...airing, artwork: "" });
  });
}

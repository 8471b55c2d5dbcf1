// The large picture. The next one replaces it once loaded, so that the frame is never empty.

import { byId, find, make } from "./dom.js";
import { artworkAddress } from "./status.js";

let shown = "";

/** @param {HTMLImageElement} image @param {string} address */
async function fadeTo(image, address) {
  const next = make("img");
  next.alt = "";
  next.src = address;
  await next.decode();
  if (address !== shown) return;
  next.classList.add("arriving");
  image.after(next);
  next.addEventListener("animationend", () => image.remove(), { once: true });
  // With reduced motion there is no animation, and so no event.
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) image.remove();
}

/** @param {import("./status.js").Airing} airing */
export function showCover(airing) {
  const address = artworkAddress(airing, false);
  if (address === shown) return;
  shown = address;
  byId("cover").dataset.picture = airing.artwork ? "own" : "drawn";
  const images = byId("cover-images");
  const newest = find(images, "img:last-child", HTMLImageElement);
  images.replaceChildren(newest);
  fadeTo(newest, address).catch(() => {
    // The server no longer has it; the drawn one is always available.
    if (airing.artwork && address === shown) showCover({ ...airing, artwork: "" });
  });
}

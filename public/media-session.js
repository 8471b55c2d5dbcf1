// Tells the system's own controls (lock screen, headset, media keys) what plays, and obeys them.

/** @param {{ play: () => void, stop: () => void }} actions */
export function bindMediaKeys(actions) {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.setActionHandler("play", actions.play);
  navigator.mediaSession.setActionHandler("pause", actions.stop);
  navigator.mediaSession.setActionHandler("stop", actions.stop);
}

const size = 512;
let announced = "";

/** Systems show no SVG, so what is drawn becomes pixels; null when it cannot be loaded. @param {string} address */
async function pixels(address) {
  const image = new Image(size, size);
  image.src = address;
  try {
    await image.decode();
  } catch {
    return null;
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [size, size];
  canvas.getContext("2d")?.drawImage(image, 0, 0, size, size);
  return {
    src: canvas.toDataURL("image/jpeg", 0.86),
    sizes: `${size}x${size}`,
    type: "image/jpeg",
  };
}

/** @param {string} address @param {boolean} isDrawn */
async function artworkOf(address, isDrawn) {
  const artwork = isDrawn ? await pixels(address) : { src: address };
  return artwork ? [artwork] : [];
}

/**
 * @param {{ title: string, artist: string, album: string }} track
 * @param {{ address: string, isDrawn: boolean }} picture
 * @param {boolean} isWanted whether the listener wants sound
 */
export async function announceTrack(track, { address, isDrawn }, isWanted) {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.playbackState = isWanted ? "playing" : "paused";
  const key = JSON.stringify([track, address]);
  // What nobody listens to needs no picture on a lock screen.
  if (!isWanted || key === announced) return;
  announced = key;
  navigator.mediaSession.metadata = new MediaMetadata(track);
  const artwork = await artworkOf(address, isDrawn);
  if (announced === key) navigator.mediaSession.metadata = new MediaMetadata({ ...track, artwork });
}

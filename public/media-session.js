// The system's own controls: lock screen, headset, media keys.

/** @param {{ play: () => void, stop: () => void }} actions */
export function bindMediaKeys({ play, stop }) {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.setActionHandler("play", play);
  navigator.mediaSession.setActionHandler("pause", stop);
  navigator.mediaSession.setActionHandler("stop", stop);
}

/** Width and height in pixels. */
const SIZE = 512;
let announced = "";

/** Systems show no SVG, so a drawn picture becomes a JPEG; none if it cannot be loaded. @param {string} address */
async function pixelsOf(address) {
  const image = new Image(SIZE, SIZE);
  image.src = address;
  try {
    await image.decode();
  } catch {
    return [];
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SIZE, SIZE];
  canvas.getContext("2d")?.drawImage(image, 0, 0, SIZE, SIZE);
  const src = canvas.toDataURL("image/jpeg", 0.86);
  return [{ src, sizes: `${SIZE}x${SIZE}`, type: "image/jpeg" }];
}

/**
 * @param {{ title: string, artist: string, album: string }} track
 * @param {{ address: string, isDrawn: boolean }} picture
 * @param {boolean} isWanted whether the listener has pressed play
 */
export async function announceTrack(track, { address, isDrawn }, isWanted) {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.playbackState = isWanted ? "playing" : "paused";
  const key = JSON.stringify([track, address]);
  if (!isWanted || key === announced) return;
  announced = key;
  navigator.mediaSession.metadata = new MediaMetadata(track);
  const artwork = isDrawn ? await pixelsOf(address) : [{ src: address }];
  if (announced === key) navigator.mediaSession.metadata = new MediaMetadata({ ...track, artwork });
}

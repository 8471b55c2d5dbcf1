// Tells the system's own controls (lock screen, headset, media keys) what plays, and obeys them.

/** @param {{ play: () => void, stop: () => void }} actions */
export function bindMediaKeys(actions) {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.setActionHandler("play", actions.play);
  navigator.mediaSession.setActionHandler("pause", actions.stop);
  navigator.mediaSession.setActionHandler("stop", actions.stop);
}

let announced = "";

/**
 * @param {{ title: string, artist: string, album: string }} track
 * @param {boolean} isWanted whether the listener wants sound
 */
export function announceTrack(track, isWanted) {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.playbackState = isWanted ? "playing" : "paused";
  const key = JSON.stringify(track);
  if (key === announced) return;
  announced = key;
  const artwork = [{ src: "favicon.svg", sizes: "any", type: "image/svg+xml" }];
  navigator.mediaSession.metadata = new MediaMetadata({ ...track, artwork });
}

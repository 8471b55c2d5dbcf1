// The page's one state and what changes it: reports of the server, the player, and the listener's hand.

import { renderMounts } from "./mounts.js";
import { StatusFeed } from "./live.js";
import { announceTrack, bindMediaKeys } from "./media-session.js";
import { Player } from "./player.js";
import { mountAddress, readStatus } from "./status.js";
import { byId, currentMount, render, showUptime, shownTitle } from "./view.js";
import { bindVolume } from "./volume.js";

/** @type {import("./view.js").PageState} */
let state = {
  status: null,
  receivedMs: 0,
  link: "connecting",
  player: "stopped",
  notice: "",
  chosen: "",
};

const audio = /** @type {HTMLAudioElement} */ (byId("audio"));
const player = new Player(audio, (playerState, notice) => update({ player: playerState, notice }));

/** @param {Partial<import("./view.js").PageState>} change */
function update(change) {
  state = { ...state, ...change };
  render(state);
  renderMounts(state, toggleMount);
  announce();
}

function announce() {
  if (!state.status) return;
  const mount = currentMount(state.status, state.chosen);
  if (!mount) return;
  const track = { title: shownTitle(mount), artist: mount.artist, album: state.status.name };
  announceTrack(track, state.player !== "stopped");
}

/** Before the first report the common name of the main mount is the best guess. */
function chosenMount() {
  return (state.status && currentMount(state.status, state.chosen)?.mount) || "/stream";
}

function play() {
  player.play(mountAddress(chosenMount()));
}

function toggle() {
  if (player.state === "stopped") play();
  else player.stop();
}

/** A second press on the mount that plays stops it; any other switches over. @param {string} mount */
function toggleMount(mount) {
  if (mount === chosenMount()) return toggle();
  update({ chosen: mount });
  play();
}

/** The clipboard is closed to pages without TLS, hence the old way as the second. */
async function copyAddress() {
  const address = /** @type {HTMLInputElement} */ (byId("stream-url"));
  address.select();
  try {
    await navigator.clipboard.writeText(address.value);
  } catch {
    document.execCommand("copy");
  }
  byId("copy").textContent = "Copied";
  setTimeout(() => (byId("copy").textContent = "Copy"), 2000);
}

/** The bars of the sea; each knows its place, the style sheet does the rest. */
function fillSea() {
  const bars = Array.from({ length: 32 }, (_, index) => {
    const bar = document.createElement("i");
    bar.style.setProperty("--place", String(index));
    return bar;
  });
  byId("sea").replaceChildren(...bars);
}

fillSea();
bindVolume(audio);
bindMediaKeys({ play, stop: () => player.stop() });
byId("play").addEventListener("click", toggle);
byId("copy").addEventListener("click", () => void copyAddress());
byId("stream-url").addEventListener("focus", (event) => {
  if (event.target instanceof HTMLInputElement) event.target.select();
});
setInterval(() => showUptime(state), 1000);

new StatusFeed(
  (json) => update({ status: readStatus(json), receivedMs: performance.now() }),
  (link) => update({ link }),
).start();

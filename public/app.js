// The page's one state and what changes it: reports of the server, the player, and the listener's hand.

import { showCover } from "./cover.js";
import { byId } from "./dom.js";
import { airingAt, Heard } from "./heard.js";
import { StatusFeed } from "./live.js";
import { announceTrack, bindMediaKeys } from "./media-session.js";
import { renderMounts } from "./mounts.js";
import { Player } from "./player.js";
import { showRecent } from "./recent.js";
import { bindShare, pageAddress, showLinks } from "./share.js";
import { artworkAddress, readStatus, serverAddress, withListeners } from "./status.js";
import { currentMount, render, shownTitle } from "./view.js";
import { bindVolume } from "./volume.js";

/** @type {import("./view.js").PageState} */
let state = {
  status: null,
  link: "connecting",
  player: "stopped",
  notice: "",
  chosen: new URLSearchParams(location.search).get("mount") ?? "",
};

const audio = /** @type {HTMLAudioElement} */ (byId("audio"));
const heard = new Heard(audio);
const player = new Player(
  audio,
  (playerState, notice) => {
    // Whatever it is to become, what was playing plays no more.
    if (playerState !== "playing") heard.leave();
    update({ player: playerState, notice });
  },
  (requestedMs) => {
    heard.join(chosenMount(), requestedMs);
    feed.refresh();
  },
);

/** @param {import("./status.js").Mount} mount */
function airingOf({ mount, timeline }) {
  return airingAt(timeline.airings, heard.seconds(mount, timeline));
}

/** @param {Partial<import("./view.js").PageState>} change */
function update(change) {
  state = { ...state, ...change };
  show();
}

let shownAirings = "";

/** What is heard by now on each mount. */
function airingsNow() {
  return state.status?.mounts.map((mount) => airingOf(mount).fromSeconds).join() ?? "";
}

function showIfHeard() {
  if (airingsNow() !== shownAirings) show();
}

/** Shows the state as it is heard at this moment. */
function show() {
  shownAirings = airingsNow();
  const { status } = state;
  const mount = status ? currentMount(status, state.chosen) : undefined;
  const airing = mount && airingOf(mount);
  render(state, mount, airing);
  if (!status || !mount || !airing) return;
  renderMounts(state, airingOf, toggleMount);
  showCover(airing);
  showRecent(mount.mount, mount.timeline, airing);
  showLinks(status, mount);
  const track = { title: shownTitle(airing), artist: airing.artist, album: mount.name };
  const picture = { address: artworkAddress(airing), isDrawn: !airing.artwork };
  void announceTrack(track, picture, state.player !== "stopped");
}

/** Before the first report the common name of the main mount is the best guess. */
function chosenMount() {
  return (state.status && currentMount(state.status, state.chosen)?.mount) || "/stream";
}

function play() {
  player.play(serverAddress(chosenMount()));
}

function toggle() {
  if (player.state === "stopped") play();
  else player.stop();
}

/** A second press on the mount that plays stops it; any other switches over. @param {string} mount */
function toggleMount(mount) {
  if (mount === chosenMount()) return toggle();
  update({ chosen: mount });
  history.replaceState(null, "", shared().url);
  play();
}

function shared() {
  const { status, chosen } = state;
  const mount = status && currentMount(status, chosen);
  if (!mount) return { title: document.title, url: location.href };
  const isMain = mount === status.mounts[0];
  return { title: mount.name || status.name, url: pageAddress(mount, isMain) };
}

bindVolume(audio);
bindMediaKeys({ play, stop: () => player.stop() });
bindShare(shared);
byId("play").addEventListener("click", toggle);
// Four times a second while it plays, and at rest often enough for a title that changes.
audio.addEventListener("timeupdate", showIfHeard);
setInterval(showIfHeard, 500);

const feed = new StatusFeed(
  (json) => update({ status: readStatus(json) }),
  (json) => state.status && update({ status: withListeners(state.status, json) }),
  (link) => update({ link }),
);
feed.start();

// The page's state, and what changes it: status reports, the player and the listener.

import { showCover } from "./cover.js";
import { byId, find } from "./dom.js";
import { airingAt, Heard, liveSeconds } from "./heard.js";
import { prefersHls } from "./hls-stream.js";
import { announceTrack, bindMediaKeys } from "./media-session.js";
import { showMountList } from "./mount-list.js";
import { Player } from "./player.js";
import { showNext, showProgress } from "./progress.js";
import { showRecent } from "./recent.js";
import { bindRewind, showRewind } from "./rewind.js";
import { bindShare, pageAddress, showLinks } from "./share.js";
import { StatusFeed } from "./status-feed.js";
import { artworkAddress, readStatus, streamAddress, withListeners } from "./status.js";
import { currentMount, nameOf, showPlayer, shownTitle, showStation, showWaiting } from "./view.js";
import { bindVolume } from "./volume.js";

/** @type {import("./view.js").PageState} */
let state = {
  status: null,
  link: "connecting",
  player: "stopped",
  notice: "",
  chosen: new URLSearchParams(location.search).get("mount") ?? "",
};

const audio = find(document, "#audio", HTMLAudioElement);
const heard = new Heard(audio);
const player = new Player(audio, {
  onChange(playerState, notice) {
    const isAway = playerState === "stopped" || playerState === "connecting";
    if (isAway || (playerState === "waiting" && !player.isStreaming)) heard.leave();
    update({ player: playerState, notice });
  },
  onJoin(requestedMs, backSeconds) {
    heard.join(chosenMount(), requestedMs, backSeconds);
    feed.refresh();
  },
  onPlace(fromSeconds, positionSeconds) {
    heard.place(chosenMount(), fromSeconds, positionSeconds);
    feed.refresh();
  },
  onDated(dateOf) {
    heard.date(chosenMount(), dateOf);
    feed.refresh();
  },
});

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

/** Where the airing that this listener hears begins, on each mount. */
function airingsNow() {
  return state.status?.mounts.map((mount) => airingOf(mount).fromSeconds).join() ?? "";
}

function showIfChanged() {
  if (airingsNow() !== shownAirings) show();
  else showPosition();
}

/** How far the track is. */
function showPosition() {
  if (!state.status) return;
  const mount = currentMount(state.status, state.chosen);
  const seconds = heard.seconds(mount.mount, mount.timeline);
  showProgress(airingOf(mount), seconds);
  const isLive = heard.isDated(mount.mount);
  showRewind(mount.timeline, isLive ? liveSeconds(mount.timeline) : seconds);
}

/** Shows the state as of the second that this listener hears. */
function show() {
  shownAirings = airingsNow();
  showPlayer(state);
  const { status, chosen, player: playerState } = state;
  if (!status) return showWaiting(state);
  const mount = currentMount(status, chosen);
  const airing = airingOf(mount);
  showStation(status, mount, airing);
  showNext(mount, airing);
  showPosition();
  showMountList(state, airingOf, toggleMount);
  showCover(airing);
  showRecent(mount.mount, mount.timeline, airing);
  showLinks(status, mount);
  const track = { title: shownTitle(airing), artist: airing.artist, album: mount.name };
  const picture = { address: artworkAddress(airing), isDrawn: !airing.artwork };
  void announceTrack(track, picture, playerState !== "stopped");
}

/** Before the first report, the usual name of the main mount is the best guess. */
function chosenMount() {
  return state.status ? currentMount(state.status, state.chosen).mount : "/stream";
}

/** @param {number} [backSeconds] before the newest audio */
function play(backSeconds = 0) {
  const mount = state.status && currentMount(state.status, state.chosen);
  const hls = mount?.hls && prefersHls(audio) ? streamAddress(mount.hls) : "";
  player.play(streamAddress(chosenMount()), mount?.format?.codec ?? "", backSeconds, hls);
}

function toggle() {
  if (player.state === "stopped") play();
  else player.stop();
}

/** Stops the mount that is playing, or switches to another. @param {string} mount */
function toggleMount(mount) {
  if (mount === chosenMount()) return toggle();
  update({ chosen: mount });
  history.replaceState(null, "", linkToShare().url);
  play();
}

function linkToShare() {
  const { status, chosen } = state;
  if (!status) return { title: document.title, url: location.href };
  const mount = currentMount(status, chosen);
  const isMain = mount === status.mounts[0];
  return { title: nameOf(status, mount), url: pageAddress(mount, isMain) };
}

bindVolume(audio);
bindMediaKeys({ play: () => play(), stop: () => player.stop() });
bindRewind(play);
bindShare(linkToShare);
byId("play").addEventListener("click", toggle);
// timeupdate comes four times a second, but only during playback.
audio.addEventListener("timeupdate", showIfChanged);
setInterval(showIfChanged, 500);

const feed = new StatusFeed(
  (json) => update({ status: readStatus(json) }),
  (json) => state.status && update({ status: withListeners(state.status, json) }),
  (link) => update({ link }),
);
feed.start();

// The page's state, and what changes it: status reports, the player and the listener.

import { channelOf, currentMount, isPreferred } from "./channels.js";
import { showCover } from "./cover.js";
import { byId, find } from "./dom.js";
import { EarlierRuns } from "./earlier-run.js";
import { airingAt, Heard, liveSeconds } from "./heard.js";
import { prefersHls } from "./hls-stream.js";
import { t } from "./language.js";
import { announceTrack, bindMediaKeys } from "./media-session.js";
import { bindMiniPlayer, showMiniPlayer } from "./mini-player.js";
import { bindMountSearch, showMountList, showMountProgress } from "./mount-list.js";
import { Player } from "./player.js";
import { progressOf, showNext, showProgress } from "./progress.js";
import { bindQuality, showQuality } from "./quality.js";
import { bindRecent, showRecent } from "./recent.js";
import { allAirings } from "./recorded.js";
import { bindRewind, showRewind } from "./rewind.js";
import { bindShare, pageAddress, showLinks } from "./share.js";
import { SleepTimer } from "./sleep.js";
import { StatusFeed } from "./status-feed.js";
import { artworkAddress, asHeard, readStatus, streamAddress, withListeners } from "./status.js";
import { nameOf, playLabel, showPlayer, shownTitle, showStation, showWaiting } from "./view.js";
import { Volume } from "./volume.js";

/** @typedef {import("./status.js").Mount} Mount */

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
const earlierRuns = new EarlierRuns();
const volume = new Volume(audio);
const player = new Player(audio, {
  onChange(playerState, notice) {
    const isAway = playerState === "stopped" || playerState === "connecting";
    if (isAway || (playerState === "waiting" && !player.isStreaming)) heard.leave();
    if (playerState === "stopped") sleep.cancel();
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

/** What this listener hears on a mount, and where on its timeline. @param {Mount} mount as it is heard */
function hearingOf({ mount, heard: through, timeline }) {
  const seconds = heard.seconds(mount, timeline);
  return { airing: airingAt(allAirings(through, timeline), seconds), seconds };
}

/** The mounts as this listener hears them: one that a fallback stands in for has that one's titles, and audio from before a
 * restart those of then.
 * @param {import("./status.js").Status} status @returns {import("./status.js").Status} */
function asHeardNow(status) {
  const [first, ...others] = status.mounts;
  const one = (/** @type {Mount} */ mount) => {
    const now = asHeard(mount, status.mounts, heard.through(mount.mount) ?? mount.heard);
    return { ...now, timeline: earlierRuns.timelineAt(now, heard.dateOf(mount.mount)) };
  };
  return { ...status, mounts: [one(first), ...others.map(one)] };
}

/** @param {Partial<import("./view.js").PageState>} change */
function update(change) {
  state = { ...state, ...change };
  show();
}

/** @param {unknown} json */
function receive(json) {
  const [before, after] = [state.status, readStatus(json)];
  if (before) followHeard(currentMount(before, state.chosen), before, after);
  if (before) earlierRuns.note(before.mounts, after.mounts);
  update({ status: after });
}

/** The listeners of a mount may have moved to its fallback, or back. @param {Mount} was
 * @param {import("./status.js").Status} before @param {import("./status.js").Status} after */
function followHeard(was, before, after) {
  const is = after.mounts.find(({ mount }) => mount === was.mount);
  if (!is || is.heard === was.heard) return;
  const { timeline: left } = asHeard(was, before.mounts, heard.through(was.mount) ?? was.heard);
  const { timeline } = asHeard(is, after.mounts);
  const from = { through: was.heard, timeline: left };
  heard.move(was.mount, from, { through: is.heard, timeline });
}

let shownAirings = "";

/** Where the airing that this listener hears begins, on each mount. */
function airingsNow() {
  if (!state.status) return "";
  const { mounts } = asHeardNow(state.status);
  const each = mounts.map((mount) => [
    heard.through(mount.mount),
    hearingOf(mount).airing.fromSeconds,
  ]);
  return each.join();
}

function showIfChanged() {
  if (airingsNow() !== shownAirings) show();
  else showPosition();
}

/** How far the track is. */
function showPosition() {
  if (!state.status) return;
  const mount = currentMount(asHeardNow(state.status), state.chosen);
  const { airing, seconds } = hearingOf(mount);
  showProgress(airing, seconds);
  const isLive = heard.isDated(mount.mount);
  showRewind(mount.heard, mount.timeline, isLive ? liveSeconds(mount.timeline) : seconds);
  showMountProgress(hearingOf);
}

/** Shows the state as of the second that this listener hears. */
function show() {
  shownAirings = airingsNow();
  showPlayer(state);
  if (!state.status) return showWaiting(state);
  const status = asHeardNow(state.status);
  const mount = currentMount(status, state.chosen);
  const { airing } = hearingOf(mount);
  showStation(status, mount, airing);
  showNext(mount, airing);
  showMountList({ ...state, status }, hearingOf, toggleMount);
  showPosition();
  showQuality(status.mounts, mount);
  showCover(airing);
  showRecent(mount, airing, status.name);
  showLinks(status, mount);
  showMiniPlayer(airing, nameOf(status, mount), playLabel(state));
  announce(mount, airing);
}

/** @param {Mount} mount @param {import("./status.js").Airing} airing */
function announce(mount, airing) {
  const track = { title: shownTitle(airing), artist: airing.artist, album: mount.name };
  const picture = { address: artworkAddress(airing), isDrawn: !airing.artwork };
  void announceTrack(track, picture, state.player !== "stopped");
}

/** Before the first report, the usual name of the main mount is the best guess. */
function chosenMount() {
  return state.status ? currentMount(state.status, state.chosen).mount : "/stream";
}

/** HLS changes between the qualities of a group by itself. @param {Mount} mount */
function offersHls(mount) {
  if (mount.hls === "" || !prefersHls(audio)) return false;
  return !isPreferred(channelOf(state.status?.mounts ?? [], mount), mount);
}

/** @param {number} [backSeconds] before the newest audio */
function play(backSeconds = 0) {
  const mount = state.status && currentMount(state.status, state.chosen);
  const hls = mount && offersHls(mount) ? streamAddress(mount.hls) : "";
  player.play(streamAddress(chosenMount()), mount?.format?.codec ?? "", backSeconds, hls);
}

function toggle() {
  if (player.state === "stopped") play();
  else player.stop();
}

/** @param {string} mount */
function choose(mount) {
  update({ chosen: mount });
  const address = new URL(linkToShare().url);
  const language = new URLSearchParams(location.search).get("lang");
  if (language) address.searchParams.set("lang", language);
  history.replaceState(null, "", address.href);
}

/** Stops the mount that is playing, or switches to another. @param {string} mount */
function toggleMount(mount) {
  if (mount === chosenMount()) return toggle();
  choose(mount);
  play();
}

/** Another quality of what is playing. @param {string} mount */
function chooseQuality(mount) {
  choose(mount);
  if (player.state !== "stopped") play();
}

function linkToShare() {
  const { status, chosen } = state;
  if (!status) return { title: document.title, url: location.href };
  const mount = currentMount(status, chosen);
  const isMain = channelOf(status.mounts, mount).mounts.includes(status.mounts[0]);
  return {
    title: nameOf(status, mount),
    url: pageAddress(mount, isMain && mount === status.mounts[0]),
  };
}

/** What is heard, for the sleep timer. */
function trackNow() {
  if (!state.status) return null;
  const mount = currentMount(asHeardNow(state.status), state.chosen);
  const { airing, seconds } = hearingOf(mount);
  const after = mount.timeline.airings.find(({ fromSeconds }) => fromSeconds > airing.fromSeconds);
  const progress = progressOf(airing, seconds);
  const left = progress ? progress.seconds - progress.elapsed : null;
  const leftSeconds = after ? after.fromSeconds - seconds : left;
  return { airing: `${mount.mount} ${airing.fromSeconds}`, leftSeconds };
}

function fallAsleep() {
  if (player.state !== "stopped") player.stop(t("sleep.done"));
}

const sleep = new SleepTimer(trackNow, (share) => volume.fade(share), fallAsleep);
bindMediaKeys({ play: () => play(), stop: () => player.stop() });
bindRewind(play);
bindShare(linkToShare);
bindRecent();
bindMountSearch();
bindMiniPlayer(toggle);
bindQuality(() => state.status?.mounts ?? [], chooseQuality);
byId("play").addEventListener("click", toggle);
// timeupdate comes four times a second, but only during playback.
audio.addEventListener("timeupdate", showIfChanged);
setInterval(showIfChanged, 500);

const feed = new StatusFeed(
  receive,
  (json) => state.status && update({ status: withListeners(state.status, json) }),
  (link) => update({ link }),
);
feed.start();

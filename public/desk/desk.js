// The desk's state, and what changes it: the server's events and answers, and the operator.

import { addressedMount, keepMount, onAddress } from "./address.js";
import { ask, command } from "./api.js";
import { banAddress, readBans } from "./bans.js";
import { addPoint, showCurrent, showHistory } from "./chart.js";
import { bindReload, showConfiguration } from "./configuration.js";
import { isConverting, showConverter } from "./converter.js";
import { showDoctor } from "./doctor.js";
import { bindSearch, showLibrary } from "./library.js";
import { bindListeners, firstPage, readListeners, showAllChoice } from "./listener-panel.js";
import { addLines, bindLog, readLog } from "./log.js";
import { revealMount, showMountTable } from "./mount-table.js";
import { confirmed, notify } from "./notice.js";
import { bindPast, showMounts } from "./past.js";
import { chosenNode, showNodes } from "./nodes.js";
import { showPlaylist } from "./playlist.js";
import { bindRecordings, readRecordings } from "./recordings.js";
import { showEdges } from "./edges.js";
import { showRelays } from "./relays.js";
import { begin, bindSession, currentView, fail } from "./session.js";
import { showPushes } from "./pushes.js";
import { showSource } from "./source.js";
import { byId, find, setText } from "../dom.js";
import { EventFeed } from "../event-feed.js";
import { showLink } from "./link.js";
import { count, duration, plural } from "./text.js";

/**
 * @typedef {import("../../src/http/desk/desk-schema.ts").Overview} Overview
 * @typedef {import("../../src/http/desk/desk-schema.ts").Mount} Mount
 * @typedef {import("../../src/http/desk/desk-schema.ts").Doctor} Doctor
 * @typedef {import("../../src/http/desk/desk-schema.ts").Log} Log
 * @typedef {import("../../src/http/desk/desk-schema.ts").Configuration} Configuration
 * @typedef {{ time: number, mounts: { mount: string, listeners: number }[] }} Heartbeat
 */

const LISTENERS_MS = 4000;
const RECORDINGS_MS = 20_000;
const REOPEN_MS = 5000;
/** The server sends a heartbeat every ten seconds. */
const SILENCE_MS = 30_000;

let chosen = addressedMount();
/** Whether the panels show the chosen mount. */
let isShown = false;
/** The chosen mount's input and file on air; the playlist is read again when it changes. */
let onAir = "";
/** Whether the chosen mount's music is being read, measured or converted. */
let isChanging = false;
/** @type {Overview | null} */
let overview = null;

const feed = new EventFeed("api/admin/events", {
  names: ["overview", "configuration", "doctor", "log", "heartbeat"],
  onEvent,
  onLink: showLink,
  onRefused: () => void begin(open),
  reopenMs: REOPEN_MS,
  silenceMs: SILENCE_MS,
});

function open() {
  feed.open();
  void read(readLog);
}

/** @param {string} name @param {unknown} data */
function onEvent(name, data) {
  if (name === "overview") showOverview(/** @type {Overview} */ (data));
  else if (name === "configuration") showConfiguration(/** @type {Configuration} */ (data));
  else if (name === "doctor") onDoctor(/** @type {Doctor} */ (data));
  else if (name === "log") addLines(/** @type {Log} */ (data).lines);
  else onHeartbeat(/** @type {Heartbeat} */ (data));
}

/** @param {Doctor} report the last of the first events: from now on no panel moves because it is filled */
function onDoctor(report) {
  showDoctor(report);
  document.body.toggleAttribute("data-ready", true);
}

/** @param {Heartbeat} heartbeat */
function onHeartbeat({ time, mounts }) {
  const point = mounts.find(({ mount }) => mount === chosen);
  if (point) addPoint(time, point.listeners);
}

/** @param {Overview} newest */
function showOverview(newest) {
  const isRestarted = overview !== null && newest.started_at !== overview.started_at;
  overview = newest;
  const [first] = newest.mounts;
  const mount = newest.mounts.find((each) => each.mount === chosen) ?? first;
  if (!first || !mount) return;
  if (mount.mount !== chosen) keepMount("", false);
  if (isRestarted) void read(readLog);
  if (mount.mount !== chosen || !isShown || isRestarted) return show(mount.mount);
  showMountTable(newest.mounts, chosen, choose);
  showMounts(newest.mounts.map(({ mount: path }) => path));
  showAllChoice(newest.mounts.length > 1);
  showCurrent(mount.listeners);
  showPushes(mount.pushes);
  showSource(mount, kickWaiting);
  showRelays(mount.relays);
  showNodes(newest.cluster);
  showEdges(newest.edges);
  showHeader(newest, first.station_name);
  followPlaylist(mount);
}

/** @param {Overview} overview @param {string} station */
function showHeader({ version, listeners, mounts, cluster, uptime_seconds: uptime }, station) {
  setText(byId("station-name"), station);
  setText(byId("version"), `Cycast ${version}`);
  const where = mounts.length === 1 ? "" : ` on ${mounts.length} mounts`;
  const all = cluster === null ? "" : `, ${count(cluster.listeners)} on all servers`;
  const here = `${plural(listeners, "listener")}${where}${all}`;
  setText(byId("tagline"), `${here} · up for ${duration(uptime)}`);
  const title = `${station} desk`;
  if (document.title !== title) document.title = title;
}

/** @param {Mount} mount */
function followPlaylist({ on_air: kind, playlist }) {
  const now = JSON.stringify([chosen, kind, playlist]);
  if (now === onAir) return;
  onAir = now;
  void read(readPlaylist);
}

/** @param {string} mount */
function choose(mount) {
  keepMount(mount, true);
  show(mount);
}

/** @param {string} mount */
function show(mount) {
  if (overview === null) return;
  chosen = mount;
  isShown = true;
  firstPage();
  const isOnly = overview.mounts.length === 1;
  for (const place of document.querySelectorAll(".mount-shown")) {
    setText(place, isOnly ? "" : mount);
  }
  showOverview(overview);
  revealMount(mount);
  void read(readHistory);
  void read(refreshListeners);
  void read(() => readRecordings(chosen, fail));
}

/** Shows what the address names now; the first mount if it names none. */
function followAddress() {
  if (overview === null) return;
  const named = addressedMount();
  if (named !== chosen) show(named || (overview.mounts[0]?.mount ?? ""));
}

/** @param {() => Promise<void>} reading */
async function read(reading) {
  try {
    await reading();
  } catch (error) {
    fail(error);
  }
}

async function readHistory() {
  const mount = chosen;
  const minutes = Number(find(document, "#period", HTMLSelectElement).value);
  const answer = await ask("history", { mount, minutes });
  if (mount === chosen) showHistory(answer, minutes);
}

async function refreshListeners() {
  await readListeners(() => chosen, { onKick: kickListener, onBan: ban });
  await readBans(fail);
}

async function readPlaylist() {
  const mount = chosen;
  const answer = await ask("playlist", { mount });
  if (mount === chosen) showPlaylist(answer);
  await readLibrary();
}

async function readLibrary() {
  const { converter, mounts } = await ask("library");
  const music = mounts.find(({ mount }) => mount === chosen);
  if (!music) return;
  isChanging = music.measured < music.files || isConverting(converter, music);
  showLibrary(music);
  showConverter(converter, music);
}

/** @param {string} path @param {object} more @param {() => Promise<void>} after reads what the command changed */
async function order(path, more, after) {
  await read(async () => {
    const { message } = await command(path, { mount: chosen, ...more });
    notify(message);
    await after();
  });
}

/** @param {import("./listeners.js").Listener} listener */
function kickListener({ id, mount }) {
  void order("kick-listener", { id, mount, node: chosenNode() }, refreshListeners);
}

/** @param {string} address */
function ban(address) {
  void banAddress(address, fail).then(() => read(refreshListeners));
}

/** @param {number} id @param {string} who */
async function kickWaiting(id, who) {
  const question = `Disconnect ${who}, who waits on ${chosen}?`;
  if (await confirmed(question, "Kick")) await order("kick-source", { id }, async () => {});
}

async function kickSource() {
  const question = `Disconnect the source on ${chosen}? Most encoders reconnect automatically.`;
  if (await confirmed(question, "Kick")) await order("kick-source", {}, readPlaylist);
}

byId("kick-source").addEventListener("click", () => void kickSource());
byId("skip").addEventListener("click", () => void order("skip", {}, readPlaylist));
byId("rescan").addEventListener("click", () => void order("rescan", {}, readPlaylist));
byId("period").addEventListener("change", () => void read(readHistory));
setInterval(() => {
  if (currentView() !== "desk" || document.hidden || chosen === "") return;
  void read(refreshListeners);
  if (isChanging) void read(readLibrary);
}, LISTENERS_MS);

setInterval(() => {
  if (currentView() !== "desk" || document.hidden || chosen === "") return;
  void read(() => readRecordings(chosen, fail));
}, RECORDINGS_MS);

bindSearch(
  () => chosen,
  (file) => void order("play-next", { file }, readPlaylist),
  fail,
);
bindPast(fail);
bindLog(fail);
onAddress(followAddress);
bindListeners(() => void read(refreshListeners));
bindReload(() => void read(readPlaylist), fail);
bindRecordings();
bindSession(open, () => feed.close());
void begin(open);

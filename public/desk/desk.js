// The desk's one state and what changes it: the server's events, its answers, and the operator's hand.

import { ask, command, Refusal, signOut } from "./api.js";
import { addPoint, showHistory } from "./chart.js";
import { showDoctor } from "./doctor.js";
import { Feed } from "./feed.js";
import { showListeners } from "./listeners.js";
import { addLines, showLog } from "./log.js";
import { showMounts } from "./mounts.js";
import { confirmed, say } from "./notice.js";
import { showPlaylist } from "./playlist.js";
import { showSource } from "./source.js";
import { byId, duration, plural, setText } from "./text.js";

const listenersMs = 4000;
const perPage = 25;

let chosen = "";
let page = 1;
/** Of the mount that is shown: when it changes, so does what the playlist shows. */
let onAir = "";
/** @type {any} */
let overview = null;

const linkTexts = { connecting: "Connecting…", live: "Connected", lost: "Reconnecting…" };

const feed = new Feed(
  onEvent,
  (state) => {
    document.body.dataset.link = state;
    setText(byId("link-text"), linkTexts[state]);
  },
  () => void begin(),
);

/** @param {"loading" | "off" | "sign-in" | "desk"} view */
function show(view) {
  document.body.dataset.view = view;
  if (view !== "desk") feed.close();
  document.body.removeAttribute("data-ready");
}

/** What the server says decides which view there is. */
async function begin() {
  try {
    const { enabled, signed_in: isSignedIn } = await ask("session");
    if (!enabled) return show("off");
    if (!isSignedIn) return showSignIn();
    if (document.body.dataset.view === "desk") return;
    show("desk");
    feed.open();
    await readLog();
  } catch (error) {
    fail(error);
  }
}

function showSignIn() {
  if (document.body.dataset.view === "sign-in") return;
  show("sign-in");
  byId("password").focus();
}

/** @param {unknown} error */
function fail(error) {
  if (error instanceof Refusal && error.status === 401) return showSignIn();
  say(error instanceof Refusal ? error.message : "The server does not answer.", true);
}

/** @param {string} name @param {any} data */
function onEvent(name, data) {
  if (name === "overview") showOverview(data);
  else if (name === "doctor") {
    showDoctor(data);
    // Everything is there: before this, the panels would move as they fill.
    document.body.toggleAttribute("data-ready", true);
  } else if (name === "log") addLines(data.lines);
  else if (name === "heartbeat") {
    const mount = data.mounts.find((each) => each.mount === chosen);
    if (mount) addPoint(data.time, mount.listeners);
  }
}

/** @param {any} news */
function showOverview(news) {
  const isRestarted = overview !== null && news.uptime_seconds < overview.uptime_seconds;
  overview = news;
  const mount = news.mounts.find((each) => each.mount === chosen) ?? news.mounts[0];
  if (mount.mount !== chosen || isRestarted) return choose(mount.mount);
  showMounts(news.mounts, chosen, choose);
  showSource(mount.source);
  setText(byId("station-name"), news.mounts[0].station_name);
  setText(byId("version"), `Cycast ${news.version}`);
  const facts = [plural(news.listeners, "listener"), `up for ${duration(news.uptime_seconds)}`];
  setText(byId("tagline"), facts.join(" · "));
  const title = `${news.mounts[0].station_name} desk`;
  if (document.title !== title) document.title = title;
  noticeChange(mount);
}

/** @param {any} mount */
function noticeChange({ on_air: kind, playlist }) {
  const now = JSON.stringify([chosen, kind, playlist]);
  if (now === onAir) return;
  onAir = now;
  void read(readPlaylist);
}

/** @param {string} mount */
function choose(mount) {
  chosen = mount;
  page = 1;
  const isOnly = overview.mounts.length === 1;
  for (const place of document.querySelectorAll(".mount-shown"))
    setText(place, isOnly ? "" : mount);
  showOverview(overview);
  void read(readHistory);
  void read(readListeners);
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
  const period = /** @type {HTMLSelectElement} */ (byId("period"));
  const minutes = Number(period.value);
  const mount = chosen;
  const history = await ask("history", { mount, minutes });
  if (mount === chosen) showHistory(history, minutes);
}

async function readListeners() {
  const mount = chosen;
  const answer = await ask("listeners", { mount, page, per_page: perPage });
  if (mount !== chosen) return;
  page = answer.page;
  showListeners(answer, kickListener);
}

async function readPlaylist() {
  const mount = chosen;
  const list = await ask("playlist", { mount });
  if (mount === chosen) showPlaylist(list);
}

async function readLog() {
  showLog((await ask("log", { lines: 200 })).lines);
}

/** @param {string} path @param {object} more @param {() => Promise<void>} after */
async function order(path, more, after) {
  try {
    const { message } = await command(path, { mount: chosen, ...more });
    say(message);
    await after();
  } catch (error) {
    fail(error);
  }
}

/** @param {number} id */
function kickListener(id) {
  void order("kick-listener", { id }, readListeners);
}

async function kickSource() {
  const question = `Disconnect the source of ${chosen}? Most encoders come back by themselves.`;
  if (await confirmed(question, "Kick")) await order("kick-source", {}, readPlaylist);
}

/** @param {SubmitEvent} event */
async function signIn(event) {
  event.preventDefault();
  const [user, password] = ["user", "password"].map((id) => {
    return /** @type {HTMLInputElement} */ (byId(id));
  });
  setText(byId("sign-in-error"), "");
  try {
    await command("session", { user: user?.value, password: password?.value });
    if (password) password.value = "";
    await begin();
    // The header stays in sight.
    byId("content").focus({ preventScroll: true });
  } catch (error) {
    setText(byId("sign-in-error"), error instanceof Refusal ? error.message : "No answer.");
    password?.focus();
  }
}

async function leave() {
  await read(async () => {
    await signOut();
    showSignIn();
  });
}

/** @param {number} by */
function turn(by) {
  page = Math.max(1, page + by);
  void read(readListeners);
}

byId("sign-in").addEventListener("submit", (event) => void signIn(event));
byId("sign-out").addEventListener("click", () => void leave());
byId("kick-source").addEventListener("click", () => void kickSource());
byId("skip").addEventListener("click", () => void order("skip", {}, readPlaylist));
byId("rescan").addEventListener("click", () => void order("rescan", {}, readPlaylist));
byId("page-back").addEventListener("click", () => turn(-1));
byId("page-on").addEventListener("click", () => turn(1));
byId("period").addEventListener("change", () => void read(readHistory));
setInterval(() => {
  const isSeen = document.body.dataset.view === "desk" && !document.hidden;
  if (isSeen && chosen !== "") void read(readListeners);
}, listenersMs);

void begin();

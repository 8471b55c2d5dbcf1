// The desk's one state and what changes it: the server's events, its answers, and the operator's hand.

import { ask, command, Refusal, signOut } from "./api.js";
import { addPoint, showCurrent, showHistory } from "./chart.js";
import { showDoctor } from "./doctor.js";
import { Feed } from "./feed.js";
import { showListeners } from "./listeners.js";
import { addLines, showLog } from "./log.js";
import { showMountRow, showMounts } from "./mounts.js";
import { confirmed, say } from "./notice.js";
import { showPlaylist } from "./playlist.js";
import { showSource } from "./source.js";
import { byId, setText } from "../dom.js";
import { duration, plural } from "./text.js";

const listenersMs = 4000;
const perPage = 25;
const retryMs = 5000;

let chosen = new URLSearchParams(location.search).get("mount") ?? "";
/** Whether its panels are filled. */
let isShown = false;
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

/** @param {"loading" | "lost" | "off" | "sign-in" | "desk"} view */
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
    if (!isSignedIn) return document.body.dataset.view === "desk" ? explainEnd() : showSignIn();
    if (document.body.dataset.view === "desk") return;
    show("desk");
    feed.open();
    await readLog();
  } catch (error) {
    if (document.body.dataset.view === "desk") return fail(error);
    show("lost");
    setTimeout(() => void begin(), retryMs);
  }
}

/** A desk that was open is loaded anew, so that nothing of the station stays in the page or in its memory. */
function showSignIn(why = "") {
  const { view } = document.body.dataset;
  if (view === "desk") return startAnew(why);
  if (view === "sign-in") return;
  show("sign-in");
  setText(byId("sign-in-why"), history.state?.why ?? "");
  history.replaceState(null, "");
  byId("password").focus();
}

/** @param {string} why what the page says when it is back */
function startAnew(why) {
  feed.close();
  byId("content").hidden = true;
  history.replaceState({ why }, "");
  location.reload();
}

/** Sessions live in the server's memory: a restart ends them. */
async function explainEnd() {
  const answer = await fetch("api/status", { cache: "no-store" }).catch(() => null);
  const { uptime_seconds: uptime = Infinity } = (await answer?.json().catch(() => null)) ?? {};
  const isRestarted = uptime * 1000 < performance.now();
  showSignIn(
    isRestarted
      ? "The server was restarted, which ends every session. Please sign in again."
      : "Your session has ended. Please sign in again.",
  );
}

/** @param {unknown} error */
function fail(error) {
  if (error instanceof Refusal && error.status === 401) return void explainEnd();
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
  if (mount.mount !== chosen || !isShown || isRestarted) return choose(mount.mount);
  showMounts(news.mounts, chosen, choose);
  showCurrent(mount.listeners);
  showSource(mount.source);
  setText(byId("station-name"), news.mounts[0].station_name);
  setText(byId("version"), `Cycast ${news.version}`);
  const where = news.mounts.length === 1 ? "" : ` on ${news.mounts.length} mounts`;
  const facts = [
    `${plural(news.listeners, "listener")}${where}`,
    `up for ${duration(news.uptime_seconds)}`,
  ];
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
  isShown = true;
  page = 1;
  keepChoice();
  const isOnly = overview.mounts.length === 1;
  for (const place of document.querySelectorAll(".mount-shown"))
    setText(place, isOnly ? "" : mount);
  showOverview(overview);
  showMountRow(mount);
  void read(readHistory);
  void read(readListeners);
}

/** In the address, so that a reload or a link shows the same mount; the first needs none. */
function keepChoice() {
  const address = new URL(location.href);
  if (chosen === overview.mounts[0].mount) address.searchParams.delete("mount");
  else address.searchParams.set("mount", chosen);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
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

// Signing in and out, and which view the desk shows.

import { ask, command, Refusal, signOut } from "./api.js";
import { byId, inputById, setText } from "../dom.js";
import { notify } from "./notice.js";

/** @typedef {"loading" | "lost" | "off" | "sign-in" | "desk" | "left"} View */

const RETRY_MS = 5000;
const NO_ANSWER = "The server is not responding.";

/** @returns {string | undefined} */
export function currentView() {
  return document.body.dataset.view;
}

/** @param {View} view */
function show(view) {
  document.body.dataset.view = view;
  document.body.removeAttribute("data-ready");
}

/** What the role may not do is hidden (data-needs). @param {import("./api.js").Answers["session"]} session */
function showUser({ user, role }) {
  document.body.dataset.role = role ?? "";
  setText(byId("who"), user ?? "");
  setText(byId("role"), role === null || role === user ? "" : role);
}

/** An open desk is reloaded, so that neither the page nor its memory keeps anything of the station. */
function showSignIn(reason = "") {
  if (currentView() === "desk") return reload(reason);
  if (currentView() === "sign-in") return;
  show("sign-in");
  setText(byId("sign-in-why"), history.state?.reason ?? "");
  history.replaceState(null, "");
  byId("password").focus();
}

/** Ends what still writes to the document. */
let close = () => {};

/** Leaves nothing of the desk in the document. */
function wipe() {
  close();
  show("left");
  document.title = "Desk";
  document.body.replaceChildren();
}

/** @param {string} reason shown after the reload @param {string} [address] of the page from now on */
function reload(reason, address = location.href) {
  wipe();
  history.replaceState({ reason }, "", address);
  location.reload();
}

/** A page that the browser keeps for its back button has nothing of the desk in it, and asks again when it comes back. */
function forgetWhenLeft() {
  window.addEventListener("pagehide", ({ persisted: isKept }) => {
    if (isKept && currentView() === "desk") wipe();
  });
  window.addEventListener("pageshow", ({ persisted: isKept }) => {
    if (isKept) location.reload();
  });
}

/** A session outlasts a restart unless its file was lost. The uptime is in whole seconds, rounded down. */
async function explainEnd() {
  const [session, status] = await Promise.all([
    ask("session").catch(() => null),
    fetch("api/status", { cache: "no-store" })
      .then((answer) => answer.json())
      .catch(() => null),
  ]);
  const isRestarted = ((status?.uptime_seconds ?? Infinity) + 1) * 1000 < performance.now();
  if (currentView() !== "left") showSignIn(endText(session?.revoked === true, isRestarted));
}

/** @param {boolean} isRevoked @param {boolean} isRestarted */
function endText(isRevoked, isRestarted) {
  if (isRevoked) return "Your account was changed, so your session ended. Please sign in again.";
  if (!isRestarted) return "Your session has ended. Please sign in again.";
  return "The server was restarted and did not keep your session. Please sign in again.";
}

/** @param {unknown} error */
function isAborted(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/** @param {unknown} error */
export function fail(error) {
  if (currentView() === "left" || isAborted(error)) return;
  if (error instanceof Refusal && error.status === 401) return void explainEnd();
  notify(error instanceof Refusal ? error.message : NO_ANSWER, true);
}

/** Asks the server which view to show. @param {() => void} open called when the desk appears */
export async function begin(open) {
  if (currentView() === "left") return;
  const isOpen = currentView() === "desk";
  try {
    const session = await ask("session");
    const { enabled, signed_in: isSignedIn } = session;
    if (!enabled) return isOpen ? reload("") : show("off");
    if (!isSignedIn) return isOpen ? await explainEnd() : showSignIn();
    showUser(session);
    if (isOpen) return;
    show("desk");
    open();
  } catch (error) {
    if (isOpen) return fail(error);
    show("lost");
    setTimeout(() => void begin(open), RETRY_MS);
  }
}

/** @param {() => void} open */
async function signIn(open) {
  const [user, password] = [inputById("user"), inputById("password")];
  setText(byId("sign-in-error"), "");
  try {
    await command("session", { user: user.value, password: password.value });
    password.value = "";
    await begin(open);
    // The header stays in view.
    byId("content").focus({ preventScroll: true });
  } catch (error) {
    setText(byId("sign-in-error"), error instanceof Refusal ? error.message : NO_ANSWER);
    password.focus();
  }
}

async function leave() {
  try {
    await signOut();
    reload("", location.pathname);
  } catch (error) {
    fail(error);
  }
}

/** @param {() => void} open called when the desk appears @param {() => void} end called before it goes */
export function bindSession(open, end) {
  close = end;
  byId("sign-in").addEventListener("submit", (event) => {
    event.preventDefault();
    void signIn(open);
  });
  forgetWhenLeft();
  byId("sign-out").addEventListener("click", () => void leave());
}

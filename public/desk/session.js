// Signing in and out, and which view the desk shows.

import { ask, command, Refusal, signOut } from "./api.js";
import { byId, inputById, setText } from "../dom.js";
import { notify } from "./notice.js";

/** @typedef {"loading" | "lost" | "off" | "sign-in" | "desk"} View */

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

/** @param {string} reason shown after the reload */
function reload(reason) {
  byId("content").hidden = true;
  history.replaceState({ reason }, "");
  location.reload();
}

/** Sessions live in the server's memory, so a restart ends them. The uptime is in whole seconds, rounded down. */
async function explainEnd() {
  const answer = await fetch("api/status", { cache: "no-store" }).catch(() => null);
  const { uptime_seconds: uptime = Infinity } = (await answer?.json().catch(() => null)) ?? {};
  const isRestarted = (uptime + 1) * 1000 < performance.now();
  showSignIn(
    isRestarted
      ? "The server was restarted, so your session ended. Please sign in again."
      : "Your session has ended. Please sign in again.",
  );
}

/** @param {unknown} error */
export function fail(error) {
  if (error instanceof Refusal && error.status === 401) return void explainEnd();
  notify(error instanceof Refusal ? error.message : NO_ANSWER, true);
}

/** Asks the server which view to show. @param {() => void} open called when the desk appears */
export async function begin(open) {
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
    showSignIn();
  } catch (error) {
    fail(error);
  }
}

/** @param {() => void} open */
export function bindSession(open) {
  byId("sign-in").addEventListener("submit", (event) => {
    event.preventDefault();
    void signIn(open);
  });
  byId("sign-out").addEventListener("click", () => void leave());
}

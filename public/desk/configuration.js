// The configuration file beside what runs, and its reload.

import { Refusal, reloadConfiguration } from "./api.js";
import { byId, make, setText } from "../dom.js";
import { clock, plural } from "./text.js";

/** @typedef {import("./api.js").Configuration} Configuration */

let shown = "";
let file = "The configuration";

/** @param {Configuration} configuration */
function stateText({ applied, at_restart: later, error, problems }) {
  if (problems.length > 0) {
    return `${file} has ${plural(problems.length, "mistake")}. Until it is corrected, a reload changes nothing.`;
  }
  if (error !== null) return `${file} cannot be compared: ${error}`;
  if (applied.length + later.length === 0) return `${file} is what runs.`;
  return `${file} differs from what runs.`;
}

/** @param {string} label @param {string[]} keys */
function makeKeys(label, keys) {
  const row = make("li");
  row.append(make("span", `${label} `, "soft"), make("bdi", keys.join(", ")));
  return row;
}

/** @param {Configuration["problems"][number]} problem */
function makeProblem({ file: name, line, column, message, expected, hint }) {
  const place = line > 0 ? `${name}:${line}:${column}` : name;
  const row = make("li");
  row.append(
    make("code", place),
    " ",
    make("bdi", hint === undefined ? message : `${message}. ${hint}`),
    " ",
  );
  if (expected !== "") row.append(make("span", `Expected: ${expected}`, "soft"));
  return row;
}

/** @param {Configuration} configuration */
function makeRows({ applied, at_restart: later, problems }) {
  const rows = problems.map(makeProblem);
  if (applied.length > 0) rows.push(makeKeys("A reload applies", applied));
  if (later.length > 0) rows.push(makeKeys("The next start applies", later));
  return rows;
}

/** @param {Configuration} configuration */
export function showConfiguration(configuration) {
  const text = JSON.stringify(configuration);
  if (text === shown) return;
  shown = text;
  file = configuration.file;
  const { applied, at_restart: later, error } = configuration;
  const isSame = applied.length + later.length === 0 && error === null;
  setText(byId("file-state"), stateText(configuration));
  byId("file-state").toggleAttribute("data-differs", !isSame);
  byId("file-changes").replaceChildren(...makeRows(configuration));
}

/** What the reload did is read out. @param {() => void} onDone @param {(error: unknown) => void} fail */
async function reload(onDone, fail) {
  const time = clock(Date.now() / 1000, true);
  try {
    const { message, applied } = await reloadConfiguration();
    const keys = applied.length === 0 ? "" : ` ${applied.join(", ")}`;
    setText(byId("reloaded"), `Reloaded at ${time}. ${message}${keys}`);
    onDone();
  } catch (error) {
    setText(byId("reloaded"), `Not reloaded at ${time}.`);
    if (error instanceof Refusal && error.problems.length > 0) showMistakes(error);
    else fail(error);
  }
}

/** @param {Refusal} refusal */
function showMistakes({ message, problems }) {
  showConfiguration({ file, applied: [], at_restart: [], error: message, problems });
}

/** @param {() => void} onDone @param {(error: unknown) => void} fail */
export function bindReload(onDone, fail) {
  const button = byId("reload");
  button.addEventListener("click", async () => {
    button.toggleAttribute("disabled", true);
    await reload(onDone, fail);
    button.toggleAttribute("disabled", false);
    button.focus({ preventScroll: true });
  });
}

// The recordings of the chosen mount: what is recorded now, and the files, which can be heard, saved, held, deleted and played
// again.

import { ask, command, deleteRecording } from "./api.js";
import { confirmed, notify } from "./notice.js";
import { byId, find, make, setText } from "../dom.js";
import { duration, plural, size } from "./text.js";

/** @typedef {import("../../src/http/desk/recording-schema.ts").RecordingList} RecordingList */
/** @typedef {RecordingList["files"][number]} RecordedFile */

const PER_PAGE = 50;

/** How many files are shown. */
let wanted = PER_PAGE;
/** The mount whose recordings are shown, and their rows, which stay alone while nothing changes. */
let mount = "";
let shown = "";
/** @type {(error: unknown) => void} */
let failed = () => {};

/** @param {string} chosen @param {(error: unknown) => void} fail */
export async function readRecordings(chosen, fail) {
  failed = fail;
  if (chosen !== mount) wanted = PER_PAGE;
  mount = chosen;
  const list = await ask("recordings", { mount: chosen, limit: wanted });
  if (chosen !== mount) return;
  byId("recordings").hidden = list.recordings.length === 0;
  setText(byId("recording-state"), list.recordings.map(stateText).join(" "));
  byId("more-recordings").hidden = list.total <= list.files.length;
  setText(byId("recording-count"), plural(list.total, "recording"));
  showGrowing(list.recordings);
  showFiles(list.files, list.recordings.length > 1);
}

/** @param {RecordingList["recordings"][number]} recording */
function stateText({ name, current, trouble, lost_seconds: lost }) {
  const missing = lost < 1 ? "" : ` ${duration(lost)} of audio are missing.`;
  if (trouble !== null) return `“${name}” is not written: ${trouble}.${missing}`;
  if (current === null) return `“${name}” waits.${missing}`;
  const show = current.show === "" ? "" : ` ${current.show},`;
  return `“${name}” records${show} ${duration(current.duration_seconds)} so far.${missing}`;
}

/** Files that grow are heard as far as they are written. */
let growing = "";

/** @param {RecordingList["recordings"]} recordings */
function showGrowing(recordings) {
  const files = recordings.flatMap(({ name, current }) => (current ? [{ name, ...current }] : []));
  const now = JSON.stringify(files.map(({ id, start }) => [id, start]));
  if (now === growing) return;
  growing = now;
  byId("growing-list").hidden = files.length === 0;
  byId("growing-list").replaceChildren(...files.map(growingRow));
}

/** @param {{ id: string, name: string, start: string, show: string }} file */
function growingRow({ id, name, start, show }) {
  const row = make("li");
  const when = timeText(start);
  const actions = make("span", "", "actions");
  actions.append(
    button("Play", `${when}, so far`, () => play({ id })),
    downloadLink({ id }, `${when}, so far`),
  );
  row.append(
    make("b", when),
    make("bdi", show),
    make("span", `“${name}”, so far`, "soft"),
    actions,
  );
  return row;
}

/** @param {RecordingList["files"]} files @param {boolean} areSeveral the mount has several recordings */
function showFiles(files, areSeveral) {
  const now = JSON.stringify([
    areSeveral,
    ...files.map(({ id, hold, bytes }) => [id, hold, bytes]),
  ]);
  if (now === shown) return;
  shown = now;
  byId("recording-list").replaceChildren(...files.map((file) => makeRow(file, areSeveral)));
  byId("no-recordings").hidden = files.length > 0;
}

/** With seconds: several shows may begin within a minute. @param {string} time ISO 8601 */
function timeText(time) {
  return new Date(time).toLocaleString([], { dateStyle: "medium", timeStyle: "medium" });
}

/** @param {RecordedFile} file */
function factsText({ duration_seconds: seconds, bytes, lost_seconds: lost, hold }) {
  const missing = lost < 1 ? "" : `${duration(lost)} missing`;
  return [duration(seconds), size(bytes), missing, hold ? "held" : ""].filter(Boolean).join(" · ");
}

/** @param {RecordedFile} file @param {boolean} areSeveral */
function makeRow(file, areSeveral) {
  const row = make("li");
  const when = timeText(file.start);
  row.append(make("b", when), make("bdi", file.show), make("span", factsText(file), "soft"));
  if (areSeveral) row.append(make("span", `“${file.recording}”`, "soft"));
  const actions = make("span", "", "actions");
  actions.append(
    button("Play", when, () => play(file)),
    downloadLink(file, when),
    button("To playlist", when, () => void order("recordings/playlist", { id: file.id })),
    button(file.hold ? "Release" : "Hold", when, () => {
      void order("recordings/hold", { id: file.id, hold: !file.hold });
    }),
    button("Delete", when, () => void remove(file, when)),
  );
  row.append(actions);
  return row;
}

/** @param {string} label @param {string} of @param {() => void} action */
function button(label, of, action) {
  const made = make("button", label, "button small");
  made.type = "button";
  made.setAttribute("aria-label", `${label}: ${of}`);
  made.addEventListener("click", action);
  return made;
}

/** @param {{ id: string }} file @param {string} of */
function downloadLink({ id }, of) {
  const link = make("a", "Download", "button small");
  link.href = `api/admin/recordings/audio?${new URLSearchParams({ id, download: "1" })}`;
  link.setAttribute("aria-label", `Download: ${of}`);
  return link;
}

/** @param {{ id: string }} file */
function play({ id }) {
  const player = find(document, "#recorded", HTMLAudioElement);
  player.hidden = false;
  player.src = `api/admin/recordings/audio?${new URLSearchParams({ id })}`;
  void player.play().catch(() => notify("The browser cannot play this recording.", true));
}

/** @param {RecordedFile} file @param {string} when */
async function remove({ id, file }, when) {
  const isMeant = await confirmed(`Delete the recording of ${when}? ${file} is lost.`, "Delete");
  if (isMeant) await change(() => deleteRecording(id));
}

/** @param {string} path @param {object} body */
async function order(path, body) {
  await change(() => command(path, body));
}

/** @param {() => Promise<{ message: string }>} action */
async function change(action) {
  try {
    notify((await action()).message);
    await readRecordings(mount, failed);
  } catch (error) {
    failed(error);
  }
}

export function bindRecordings() {
  byId("more-recordings").addEventListener("click", () => {
    wanted = Math.min(500, wanted + PER_PAGE);
    readRecordings(mount, failed).catch(failed);
  });
}

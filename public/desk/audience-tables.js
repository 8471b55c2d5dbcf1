// The tables of the Audience panel: most heard, hours of the week, sessions.

import { byId, make, setText } from "../dom.js";
import { count, countryText, duration, plural } from "./text.js";

/** @typedef {import("../../src/http/desk/audience-schema.ts").TopList} TopList */
/** @typedef {import("../../src/http/desk/audience-schema.ts").WeekMap} WeekMap */
/** @typedef {import("../../src/http/desk/audience-schema.ts").SessionList} SessionList */

/** @param {string} text @param {string} [className] @param {string} [label] says what it is where no head does */
function cell(text, className = "", label = "") {
  const made = make("td", text, className);
  made.setAttribute("role", "cell");
  if (label !== "") made.dataset.label = label;
  return made;
}

/** @param {string} text */
function rowHead(text) {
  const head = make("th", text);
  head.scope = "row";
  head.setAttribute("role", "rowheader");
  head.dir = "auto";
  head.title = text;
  return head;
}

/** @param {(Node | string)[]} cells */
function row(...cells) {
  const made = make("tr");
  made.setAttribute("role", "row");
  made.append(...cells);
  return made;
}

/** @type {Readonly<Record<string, string>>} */
const PORTS = { source: "Source port", listen: "Listen port", tls: "TLS" };

/** @param {TopList["by"]} by @param {TopList["rows"][number]} row */
function nameText(by, { artist, name }) {
  if (by === "country") return countryText(name);
  if (by === "door") return PORTS[name] ?? name;
  return [artist, name].filter(Boolean).join(" – ");
}

/** "12 %" of those at the start. @param {TopList["rows"][number]} row */
function tunedOutText({ tuned_out: left, at_start: atStart }) {
  return atStart === 0 ? "–" : `${Math.round((left / atStart) * 100)} %`;
}

/** @param {TopList} list */
export function showTop({ by, rows }) {
  byId("no-top").hidden = rows.length > 0;
  byId("top-rows").replaceChildren(
    ...rows.map((one) =>
      row(
        rowHead(nameText(by, one)),
        cell(one.listening_hours.toFixed(1), "number", "hours"),
        cell(count(one.peak_listeners), "number", "peak"),
        cell(
          by === "bot" || by === "relay" ? "–" : count(one.unique_listeners),
          "number",
          "unique",
        ),
        cell(tunedOutText(one), "number", "tuned out"),
      ),
    ),
  );
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** @param {number | null} listeners @param {number} most @param {string} when */
function hourCell(listeners, most, when) {
  const made = cell("", "hour");
  const text = listeners === null ? "not known" : `${listeners.toFixed(1)} listeners`;
  made.title = `${when}: ${text}`;
  made.append(make("span", made.title, "unseen"));
  if (listeners === null) made.dataset.unknown = "";
  else
    made.style.setProperty("--share", `${Math.round((listeners / Math.max(most, 0.01)) * 100)}%`);
  return made;
}

/** @param {WeekMap} week */
export function showWeek({ days }) {
  const most = Math.max(...days.flat().map((listeners) => listeners ?? 0));
  byId("week-rows").replaceChildren(
    ...days.map((hours, day) => {
      const name = DAYS[day] ?? "";
      const cells = hours.map((listeners, hour) => hourCell(listeners, most, `${name} ${hour}:00`));
      return row(rowHead(name), ...cells);
    }),
  );
}

/** @param {string} time ISO 8601 */
function timeText(time) {
  return new Date(time).toLocaleString([], { dateStyle: "short", timeStyle: "short" });
}

/** @param {SessionList["sessions"][number]} session */
function sessionRow(session) {
  const player = cell("", "agent");
  player.append(make("span", session.player));
  if (session.kind !== "listener") player.append(" ", make("span", session.kind, "badge"));
  player.title = session.user_agent;
  const isOn = session.ended_at === null;
  return row(
    rowHead(timeText(session.began_at)),
    player,
    cell(session.node === "" ? session.mount : `${session.mount} (${session.node})`, "path"),
    cell(countryText(session.country)),
    cell(session.account || session.listener),
    cell(`${duration(session.seconds)}${isOn ? " …" : ""}`, "number", "listened"),
  );
}

/** @param {SessionList} list */
export function showSessions({ sessions, total, page, pages }) {
  byId("no-sessions").hidden = sessions.length > 0;
  setText(byId("session-count"), `${plural(total, "session")}${total >= 10_000 ? " or more" : ""}`);
  setText(byId("session-page"), `${count(Math.min(page, pages))} / ${count(pages)}`);
  byId("session-back").toggleAttribute("disabled", page <= 1);
  byId("session-on").toggleAttribute("disabled", page >= pages);
  byId("session-rows").replaceChildren(...sessions.map(sessionRow));
}

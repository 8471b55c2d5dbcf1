// The Audience panel: listeners over hours, days and months, what was heard most, how listeners stay, and sessions.

import { ask } from "./api.js";
import { showAudienceChart, showCurveChart } from "./audience-charts.js";
import { showSessions, showTop, showWeek } from "./audience-tables.js";
import { byId, find, inputById, setText } from "../dom.js";
import { count, plural } from "./text.js";

const SEARCH_MS = 300;
const REFRESH_MS = 60_000;
const DAY_SECONDS = 86_400;
const PER_PAGE = 50;
const TOP_ROWS = 50;

/** @type {(error: unknown) => void} */
let fail = () => undefined;
let page = 1;
let isBound = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let searching;

/** @param {string} id */
function chosen(id) {
  return find(document, `#${id}`, HTMLSelectElement).value;
}

/** What all calls of the panel ask for. @returns {Record<string, string | number>} */
function range() {
  const mount = chosen("audience-mount");
  const days = Number(chosen("audience-period"));
  const end = new Date();
  // Whole days but the last, except for the last 24 hours.
  if (days > 1) end.setHours(24, 0, 0, 0);
  const to = Math.ceil(end.getTime() / 1000);
  const from = to - days * DAY_SECONDS;
  return { ...(mount === "" ? {} : { mount }), from: days === 1 ? from - (from % 3600) : from, to };
}

/** Titles of years would take too long. */
const LONGEST_DAYS = 90;

/** The range, or its end. */
function recent() {
  const asked = range();
  const from = Math.max(Number(asked["from"]), Number(asked["to"]) - LONGEST_DAYS * DAY_SECONDS);
  return { ...asked, from };
}

/** Says so where it is only the end. */
function headings() {
  const isLong = Number(chosen("audience-period")) > LONGEST_DAYS;
  const more = isLong ? `, last ${LONGEST_DAYS} days` : "";
  setText(byId("top-heading"), `Most heard${more}`);
  setText(byId("curve-heading"), `Staying after a title begins${more}`);
}

function step() {
  const days = Number(chosen("audience-period"));
  return days <= 7 ? "hour" : days <= 90 ? "day" : "month";
}

/** "1.5", "1,234" @param {number} hours */
function hoursText(hours) {
  return hours < 100 ? hours.toFixed(1) : count(Math.round(hours));
}

async function readFigures() {
  const asked = range();
  const found = await ask("audience", { ...asked, step: step() });
  const { total, bots, relays } = found;
  const hours = `${hoursText(total.listening_hours)} listening hours`;
  const average = `${total.average_listeners} on average, peak ${count(total.peak_listeners)}`;
  const end = Math.min(found.to, Date.now() / 1000);
  // A day that has begun counts: its listeners do.
  const days = Math.max(1, Math.ceil((end - (found.points[0]?.time ?? end)) / DAY_SECONDS));
  const daily = Math.round(total.unique_listeners / days);
  const unique = plural(daily, "unique listener") + (days > 1 ? " a day" : "");
  setText(
    byId("audience-total"),
    `${hours}: ${average}, ${plural(total.sessions, "session")}, ${unique}`,
  );
  setText(
    byId("audience-apart"),
    `Counted apart: ${plural(bots.sessions, "session")} of bots, ${plural(relays.sessions, "session")} of relays`,
  );
  showAudienceChart(found);
}

async function readTop() {
  showTop(await ask("audience/top", { ...recent(), by: chosen("top-by"), limit: TOP_ROWS }));
}

async function readCurve() {
  const curve = await ask("audience/curve", recent());
  setText(byId("curve-text"), `${plural(curve.plays, "play")} with listeners at the start`);
  showCurveChart(curve);
}

async function readWeek() {
  showWeek(await ask("audience/week", range()));
}

async function readSessions() {
  const search = inputById("session-words").value.trim();
  const asked = { ...range(), ...(search === "" ? {} : { search }) };
  const found = await ask("audience/sessions", { ...asked, page, per_page: PER_PAGE });
  page = Math.min(found.page, found.pages);
  const fields = Object.entries(asked).map(([name, value]) => [name, String(value)]);
  byId("session-export").setAttribute(
    "href",
    `api/admin/audience/export?${new URLSearchParams(fields)}`,
  );
  showSessions(found);
}

/** @param {readonly (() => Promise<void>)[]} readings */
function read(...readings) {
  for (const reading of readings) reading().catch(fail);
}

function readAll() {
  headings();
  read(readFigures, readTop, readCurve, readWeek, readSessions);
}

/** @param {number} by */
function turn(by) {
  page = Math.max(1, page + by);
  read(readSessions);
}

function bind() {
  for (const id of ["audience-mount", "audience-period"])
    byId(id).addEventListener("change", () => {
      page = 1;
      readAll();
    });
  byId("top-by").addEventListener("change", () => read(readTop));
  byId("session-back").addEventListener("click", () => turn(-1));
  byId("session-on").addEventListener("click", () => turn(1));
  inputById("session-words").addEventListener("input", () => {
    clearTimeout(searching);
    page = 1;
    searching = setTimeout(() => read(readSessions), SEARCH_MS);
  });
  setInterval(() => {
    if (byId("audience").hasAttribute("open") && !document.hidden) readAll();
  }, REFRESH_MS);
}

/** @param {(error: unknown) => void} onFailure */
export function open(onFailure) {
  fail = onFailure;
  if (!isBound) bind();
  isBound = true;
  readAll();
}

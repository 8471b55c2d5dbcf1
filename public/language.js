// The language of the page, which the server has chosen: its texts, and how it writes numbers and times.

import { find } from "./dom.js";

/** @typedef {Exclude<keyof typeof import("./languages/en.json"), Counted>} Key */
/** @typedef {"now.listeners" | "channels.found"} Counted names of texts that depend on a number */
/** @typedef {string | Readonly<Record<string, string>>} Text */

const { lang } = document.documentElement;

/** As the listener's region writes them, if that speaks the language. */
const LOCALE = (navigator.languages ?? []).find((tag) => tag.split("-")[0] === lang) ?? lang;
const NUMBER = new Intl.NumberFormat(LOCALE);
const PERCENT = new Intl.NumberFormat(LOCALE, { style: "percent" });
const TIME = new Intl.DateTimeFormat(LOCALE, { hour: "numeric", minute: "2-digit" });
const PLURAL = new Intl.PluralRules(LOCALE);

/** Read on first use. @type {Readonly<Record<string, Text>> | undefined} */
let texts;

/** @param {string} key @returns {Text} */
function textOf(key) {
  texts ??= JSON.parse(find(document, "#messages", HTMLScriptElement).text);
  return texts?.[key] ?? key;
}

/** @param {string} text @param {Readonly<Record<string, string>>} values */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (placeholder, name) => values[name] ?? placeholder);
}

/** A text in the page's language. @param {Key} key @param {Readonly<Record<string, string>>} [values] by placeholder */
export function t(key, values = {}) {
  return filled(String(textOf(key)), values);
}

/** The form of a text that fits a number, which is its {count}. @param {Counted} key @param {number} count */
export function counted(key, count) {
  const text = textOf(key);
  const form = typeof text === "string" ? text : (text[PLURAL.select(count)] ?? text.other ?? key);
  return filled(form, { count: number(count) });
}

/** "1,234". @param {number} value */
export function number(value) {
  return NUMBER.format(value);
}

/** "80%". @param {number} share from 0 to 1 */
export function percent(share) {
  return PERCENT.format(share);
}

/** "9:05 PM" in the listener's time zone. @param {number} unixMs */
export function clockTime(unixMs) {
  return TIME.format(unixMs);
}

/** "15 min". @param {number} count */
export function inMinutes(count) {
  const options = /** @type {const} */ ({ style: "unit", unit: "minute", unitDisplay: "short" });
  return new Intl.NumberFormat(LOCALE, options).format(count);
}

/** @type {readonly (readonly [unit: string, seconds: number])[]} */
const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** "3 hr 12 min": the two largest units. @param {number} seconds */
export function span(seconds) {
  let rest = Math.max(0, Math.floor(seconds));
  const amounts = UNITS.map(([unit, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return { unit, amount };
  });
  const first = amounts.findIndex(({ amount }) => amount > 0);
  const shown = (first < 0 ? amounts.slice(-1) : amounts.slice(first, first + 2)).filter(
    ({ amount }, at) => at === 0 || amount > 0,
  );
  return shown.map(({ unit, amount }) => withUnit(unit, amount)).join(" ");
}

/** @param {string} unit @param {number} amount */
function withUnit(unit, amount) {
  const options = /** @type {const} */ ({ style: "unit", unitDisplay: "short" });
  return new Intl.NumberFormat(LOCALE, { ...options, unit }).format(amount);
}

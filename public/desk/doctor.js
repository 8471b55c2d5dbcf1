// The doctor's findings, worst first.

import { byId, make, setText } from "../dom.js";
import { plural } from "./text.js";

/**
 * @typedef {import("../../src/http/desk/desk-schema.ts").Doctor} Doctor
 * @typedef {Doctor["findings"][number]} Finding
 */

const SEVERITIES = new Map([
  ["trouble", "Problem"],
  ["warning", "Warning"],
  ["note", "Note"],
]);

/** @param {Finding} finding */
function makeRow({ severity, sentence, remedy }) {
  const row = make("li");
  row.dataset.severity = severity;
  const text = make("p");
  text.dir = "auto";
  text.append(make("b", sentence), " ", make("span", remedy, "soft"));
  row.append(make("span", SEVERITIES.get(severity) ?? severity, "pill"), text);
  return row;
}

/** "1 problem, 2 warnings". @param {Finding[]} findings */
function summary(findings) {
  const parts = [...SEVERITIES].flatMap(([severity, word]) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [plural(number, word.toLowerCase())];
  });
  return parts.join(", ") || "No problems found";
}

let shown = "";

/** @param {Doctor} report */
export function showDoctor({ findings }) {
  const text = JSON.stringify(findings);
  if (text === shown) return;
  shown = text;
  setText(byId("verdict"), summary(findings));
  byId("verdict").toggleAttribute("data-well", findings.length === 0);
  byId("findings").replaceChildren(...findings.map(makeRow));
}

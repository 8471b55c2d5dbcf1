// The doctor's findings, the worst first; or that all is well.

import { byId, setText } from "../dom.js";
import { make, plural } from "./text.js";

const words = { trouble: "Trouble", warning: "Warning", note: "Note" };

/** @typedef {{ severity: string, subject: string, sentence: string, remedy: string }} Finding */

/** @param {Finding} finding */
function item({ severity, sentence, remedy }) {
  const row = make("li");
  row.dataset.severity = severity;
  const text = make("p");
  text.dir = "auto";
  text.append(make("b", sentence), " ", make("span", remedy, "soft"));
  row.append(make("span", words[severity] ?? severity, "pill"), text);
  return row;
}

/** "1 trouble, 2 warnings". @param {Finding[]} findings */
function verdict(findings) {
  const parts = Object.entries(words).flatMap(([severity, word]) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [plural(number, word.toLowerCase())];
  });
  return parts.join(", ") || "All is well.";
}

let shown = "";

/** @param {{ findings: Finding[] }} report */
export function showDoctor({ findings }) {
  const text = JSON.stringify(findings);
  if (text === shown) return;
  shown = text;
  setText(byId("verdict"), verdict(findings));
  byId("verdict").toggleAttribute("data-well", findings.length === 0);
  byId("findings").replaceChildren(...findings.map(item));
}

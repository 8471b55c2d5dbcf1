// The page between a browser and a command that none of our pages sent: pressing its button proves that a person meant it.
import { escapeXml } from "../stats/xml.ts";
import { htmlPage } from "../stats/html-page.ts";
import { field, queryOf } from "./form.ts";
import { FRAMED_NOWHERE } from "./framing.ts";
import { HTML_TYPE, reply } from "./reply.ts";

/** Without a Referer the form's own request would need confirmation too. */
const HEADERS = {
  ...FRAMED_NOWHERE,
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
};

const WHY =
  "Your browser does not say which page sent this command. If it was you, press the button; if you have followed a link from elsewhere, close this page.";

/** Sends the same request again, now from this page. */
export function confirmPage(request: Request): Response {
  const form = queryOf(request);
  const rows = [...form.keys()].map((name) => [name, field(form, name)] as const);
  const fields = rows.map(
    ([name, value]) => `<tr><th>${escapeXml(name)}</th><td>${escapeXml(value)}</td></tr>\n`,
  );
  const inputs = rows.map(
    ([name, value]) =>
      `<input type="hidden" name="${escapeXml(name)}" value="${escapeXml(value)}">\n`,
  );
  const command = escapeXml(new URL(request.url, "http://localhost").pathname);
  const body =
    `<h1>${command}</h1>\n<p>${WHY}</p>\n<table>\n${fields.join("")}</table>\n` +
    `<form method="get">\n${inputs.join("")}<button>Do it</button>\n</form>\n`;
  return reply(htmlPage("Confirm the command", body), HTML_TYPE, 403, HEADERS);
}

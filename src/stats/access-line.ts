// One line of Icecast's access log: the combined form, then the seconds a listener stayed.
import { logDate } from "./dates.ts";
import type { VisitFacts } from "./facts.ts";

const SECRET_NAMES = new Set(["pass", "password", "pw", "token", "key", "auth"]);

function decodedName(field: string): string {
  const name = field.split("=", 1)[0] ?? "";
  try {
    return decodeURIComponent(name).toLowerCase();
  } catch {
    return name.toLowerCase();
  }
}

/** A request target or URL whose secrets are `***`, however their names are encoded. */
export function maskSecrets(target: string): string {
  const at = target.indexOf("?");
  if (at < 0) return target;
  const fields = target.slice(at + 1).split("&");
  const masked = fields.map((field) =>
    SECRET_NAMES.has(decodedName(field)) ? `${field.split("=", 1)[0]}=***` : field,
  );
  return `${target.slice(0, at)}?${masked.join("&")}`;
}

/** Between quotes: nothing of it ends them or the line. "-" for what was not told. */
function quoted(text: string): string {
  const safe = text.replace(/\p{Cc}/gu, " ").replace(/["\\]/g, "\\$&");
  return `"${safe === "" ? "-" : safe}"`;
}

/** `method target protocol`, masked: the target is all but the first and the last word. */
function maskedRequest(request: string): string {
  const words = request.split(" ");
  return words.map((word) => maskSecrets(word)).join(" ");
}

export function accessLine(visit: VisitFacts): string {
  const request = quoted(maskedRequest(visit.request));
  const [referer, agent] = [quoted(maskSecrets(visit.referer)), quoted(visit.userAgent)];
  const seconds = Math.floor(visit.seconds);
  const date = logDate(visit.endedMs);
  return `${visit.address} - - [${date}] ${request} 200 ${visit.sentBytes} ${referer} ${agent} ${seconds}`;
}

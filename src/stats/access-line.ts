// One line of Icecast's access log: the combined form, then the seconds it took.
import { printable } from "../lib/text.ts";
import { logDate } from "./dates.ts";

/** A finished request. */
export interface VisitFacts {
  readonly address: string;
  /** The account whose credentials were accepted, or "". */
  readonly user: string;
  /** Method, target and protocol as asked for, with whatever it holds. */
  readonly request: string;
  readonly referer: string;
  readonly userAgent: string;
  readonly status: number;
  readonly sentBytes: number;
  readonly seconds: number;
  /** Milliseconds since 1970 at which it ended. */
  readonly endedMs: number;
}

const SECRET_NAMES = new Set(["pass", "password", "pw", "token", "key", "auth"]);

/** Characters of a field that are told. */
const MAX_FIELD_LENGTH = 1024;

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

/** A password may stand before the host too: http://user:password@host/. */
function maskUrl(url: string): string {
  return maskSecrets(url).replace(/^([a-z][\w+.-]*:\/\/)[^/?#]*@/i, "$1***@");
}

/** Nothing of it ends a field in quotes, or the line. */
function plain(text: string): string {
  return printable(text.slice(0, MAX_FIELD_LENGTH), " ");
}

/** Between quotes. "-" for what was not told. */
function quoted(text: string): string {
  const safe = plain(text).replace(/["\\]/g, "\\$&");
  return `"${safe === "" ? "-" : safe}"`;
}

/** `method target protocol`; a title in a target may have blanks, and a secret may begin behind one. */
function maskedRequest(request: string): string {
  const [method = "", ...rest] = request.split(" ");
  if (rest.length === 0) return method;
  const protocol = rest.length > 1 ? rest.pop() : undefined;
  return [method, maskUrl(rest.join(" ")), protocol].filter((word) => word !== undefined).join(" ");
}

export function accessLine(visit: VisitFacts): string {
  const { address, status, sentBytes, userAgent } = visit;
  const user = plain(visit.user).replace(/[\s"]/g, "_") || "-";
  const [request, referer] = [quoted(maskedRequest(visit.request)), quoted(maskUrl(visit.referer))];
  const [date, seconds] = [logDate(visit.endedMs), Math.floor(visit.seconds)];
  const end = `${referer} ${quoted(userAgent)} ${seconds}`;
  return `${address} - ${user} [${date}] ${request} ${status} ${sentBytes} ${end}`;
}

// One line of Icecast's access log: the combined format plus the duration in seconds.
import { printable } from "../lib/text.ts";
import { logDate } from "../lib/dates.ts";

/** A finished request. */
export interface AccessLine {
  readonly address: string;
  /** The authenticated account, or "". */
  readonly user: string;
  /** Method, target and protocol as received, secrets included. */
  readonly request: string;
  readonly referer: string;
  readonly userAgent: string;
  readonly status: number;
  readonly sentBytes: number;
  readonly seconds: number;
  /** End of the request in milliseconds since 1970. */
  readonly endedMs: number;
}

const SECRET_NAMES = new Set([
  "pass",
  "password",
  "pw",
  "token",
  "key",
  "auth",
  "sig",
  "resume",
  "s",
]);

/** Longer fields are cut, in characters. */
const MAX_FIELD_LENGTH = 1024;

function decodedName(field: string): string {
  const name = field.split("=", 1)[0] ?? "";
  try {
    return decodeURIComponent(name).toLowerCase();
  } catch {
    return name.toLowerCase();
  }
}

/** A request target or URL with secrets replaced by `***`, however their names are encoded. */
export function maskSecrets(target: string): string {
  const at = target.indexOf("?");
  if (at < 0) return target;
  const fields = target.slice(at + 1).split("&");
  const masked = fields.map((field) =>
    SECRET_NAMES.has(decodedName(field)) ? `${field.split("=", 1)[0]}=***` : field,
  );
  return `${target.slice(0, at)}?${masked.join("&")}`;
}

/** A password may precede the host too: http://user:password@host/. */
function maskUrl(url: string): string {
  return maskSecrets(url).replace(/^([a-z][\w+.-]*:\/\/)[^/?#]*@/i, "$1***@");
}

/** Escapes whatever would end a quoted field or the line. */
function plain(text: string): string {
  return printable(text.slice(0, MAX_FIELD_LENGTH), " ");
}

/** In quotes; "-" for an absent value. */
function quoted(text: string): string {
  const safe = plain(text).replace(/["\\]/g, "\\$&");
  return `"${safe === "" ? "-" : safe}"`;
}

/** `method target protocol`; a title in a target may contain blanks, and a secret may follow one. */
function maskedRequest(request: string): string {
  const [method = "", ...rest] = request.split(" ");
  if (rest.length === 0) return method;
  const protocol = rest.length > 1 ? rest.pop() : undefined;
  return [method, maskUrl(rest.join(" ")), protocol].filter((word) => word !== undefined).join(" ");
}

export function accessLine(record: AccessLine): string {
  const { address, status, sentBytes, userAgent } = record;
  const user = plain(record.user).replace(/[\s"]/g, "_") || "-";
  const [request, referer] = [
    quoted(maskedRequest(record.request)),
    quoted(maskUrl(record.referer)),
  ];
  const [date, seconds] = [logDate(record.endedMs), Math.floor(record.seconds)];
  const end = `${referer} ${quoted(userAgent)} ${seconds}`;
  return `${address} - ${user} [${date}] ${request} ${status} ${sentBytes} ${end}`;
}

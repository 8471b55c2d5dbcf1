// Pure: where in a stream the query of its address asks to begin.

export type AskedTime =
  /** So many seconds before the newest audio. */
  | { readonly kind: "ago"; readonly seconds: number }
  /** Milliseconds since 1970. */
  | { readonly kind: "date"; readonly wallMs: number }
  | { readonly kind: "unreadable"; readonly sentence: string };

export type Asked =
  | AskedTime
  | { readonly kind: "live" }
  /** `bytes`: of the former response's audio that were received; null if that is not said. */
  | { readonly kind: "resume"; readonly token: string; readonly bytes: number | null };

export const LIVE: Asked = { kind: "live" };

const AGO = /^-\d{1,9}(?:\.\d{1,6})?$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)$/i;
const BYTES = /^\d{1,15}$/;
const MAX_TOKEN_LENGTH = 200;

/** `target`: of the request, as sent. */
export function askedPlace(target: string): Asked {
  const mark = target.indexOf("?");
  if (mark < 0) return LIVE;
  const query = new URLSearchParams(target.slice(mark + 1));
  const token = query.get("resume");
  if (token !== null) return askedResume(token, query.get("bytes"));
  const at = query.get("at");
  return at === null ? LIVE : askedTime(at);
}

function askedResume(token: string, bytes: string | null): Asked {
  if (bytes !== null && !BYTES.test(bytes))
    return { kind: "unreadable", sentence: "bytes is the number of audio bytes received" };
  const kept = token.slice(0, MAX_TOKEN_LENGTH);
  return { kind: "resume", token: kept, bytes: bytes === null ? null : Number(bytes) };
}

/** `name`: of the field, for the sentence. */
export function askedTime(given: string, name = "at"): AskedTime {
  if (AGO.test(given) || /^0+$/.test(given)) return { kind: "ago", seconds: -Number(given) };
  // A query writes a plus as a space.
  const date = given.trim().replace(" ", "+");
  const wallMs = DATE.test(date) ? Date.parse(date) : Number.NaN;
  if (!Number.isNaN(wallMs)) return { kind: "date", wallMs };
  const sentence = `${name} is seconds back, as in ${name}=-300, or a date with its zone, as in ${name}=2026-11-29T10:00:00Z`;
  return { kind: "unreadable", sentence };
}

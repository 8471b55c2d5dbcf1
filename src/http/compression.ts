// Compresses text for clients that accept it, if it is worth it. Not for streams.
import { gzipSync } from "bun";

/** Below this, the savings are about as long as the head of the answer. */
const MIN_BYTES = 1024;

/** Compression blocks the event loop, so it is bounded: 512 KiB take about 2 ms. Larger answers are sent as they are. */
const MAX_BYTES = 512 * 1024;

/** Half the cost of the default level, for 5 % more bytes. */
const LEVEL = 3;

const TEXT =
  /^(?:text\/(?:html|css|javascript|plain|xml)|application\/(?:json|xml|xspf\+xml|javascript|openmetrics-text)|image\/svg\+xml)\s*(?:;|$)/i;

/** True if Accept-Encoding allows gzip with a weight above 0. */
export function takesGzip({ headers }: Request): boolean {
  const accepted = headers.get("accept-encoding") ?? "";
  if (!/gzip|\*/i.test(accepted)) return false;
  const codings = accepted.toLowerCase().split(",");
  const weights = new Map(codings.map((coding) => weightOf(coding)));
  return (weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0) > 0;
}

function weightOf(coding: string): readonly [string, number] {
  const [name = "", ...parameters] = coding.split(";").map((part) => part.trim());
  const weight = parameters.find((part) => part.startsWith("q="))?.slice(2) ?? "1";
  return [name, Number(weight) || 0];
}

export function isText(contentType: string | null): boolean {
  return TEXT.test(contentType ?? "");
}

/** Lets caches keep both forms apart. */
export function varyByEncoding(headers: Headers): void {
  const vary = headers.get("vary");
  const isSaid = /(?:^|,)\s*(?:accept-encoding|\*)\s*(?:,|$)/i.test(vary ?? "");
  if (!isSaid) headers.set("vary", vary === null ? "Accept-Encoding" : `${vary}, Accept-Encoding`);
}

/** A complete answer whose body is uncompressed text. Reading `body` would turn it into a stream without a type. */
function isCompressible({ status, headers }: Response): boolean {
  const isWhole = status === 200 || status >= 400;
  const isPlain = !headers.has("content-encoding") && !headers.has("content-range");
  return isWhole && isPlain && isText(headers.get("content-type"));
}

/** -1 if unknown. */
function lengthOf({ headers }: Response): number {
  return Number(headers.get("content-length") ?? -1);
}

function isWorthIt(bytes: number): boolean {
  return bytes >= MIN_BYTES && bytes <= MAX_BYTES;
}

/** With an explicit type: Bun drops the implicit type of text once the body is read. */
function headersOf({ headers }: Response): Headers {
  const copy = new Headers(headers);
  copy.set("content-type", headers.get("content-type") ?? "");
  return copy;
}

async function smaller(response: Response): Promise<Response> {
  const [status, headers] = [response.status, headersOf(response)];
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!isWorthIt(bytes.length)) return new Response(bytes, { status, headers });
  const packed = gzipSync(bytes, { level: LEVEL });
  headers.set("content-encoding", "gzip");
  headers.set("content-length", String(packed.length));
  return new Response(packed, { status, headers });
}

/** The same answer, compressed if the client accepts it and it is worth it. */
export function compressed(request: Request, response: Response): Response | Promise<Response> {
  if (!isCompressible(response)) return response;
  varyByEncoding(response.headers);
  const length = lengthOf(response);
  const isRefused = length >= 0 && !isWorthIt(length);
  if (isRefused || request.method === "HEAD" || !takesGzip(request)) return response;
  return smaller(response);
}

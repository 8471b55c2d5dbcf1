// Complete answers with their length, so that even the oldest client knows where they end, on any port.
import { inTurns } from "../lib/in-turns.ts";
import { elementPieces, htmlPage } from "../stats/html-page.ts";
import { type Element, xmlPieces } from "../stats/xml.ts";

export const HTML_TYPE = "text/html; charset=utf-8";
export const XML_TYPE = "text/xml; charset=utf-8";
export const JSON_TYPE = "application/json; charset=UTF-8";

const NOT_KEPT = { "cache-control": "no-cache, no-store" };

/** For answers that pages of any site may read. */
export const FOR_EVERYBODY = { ...NOT_KEPT, "access-control-allow-origin": "*" };

export function reply(
  body: string,
  contentType: string,
  status = 200,
  headers: Readonly<Record<string, string>> = NOT_KEPT,
): Response {
  const bytes = new TextEncoder().encode(body);
  const length = { "content-type": contentType, "content-length": String(bytes.length) };
  return new Response(bytes, { status, headers: { ...headers, ...length } });
}

/** A refusal as Icecast words it. */
export function refusal(sentence: string, status = 400): Response {
  return reply(`<b>${sentence}</b>\r\n`, HTML_TYPE, status);
}

/** The answer to encoders whose title was accepted. */
export const UPDATED = "Metadata update successful";

/** The page that SHOUTcast encoders get. */
export function successPage(sentence: string): string {
  return `<html><head><title>Admin request successful</title></head><body><p>${sentence}</p></body></html>`;
}

/** What a command comes to: facts, which are written as the client wants them, or an answer already. */
export type Outcome = Response | Element;

/** Writes an outcome for the client; a long one in turns. */
export type Write = (outcome: Outcome) => Promise<Response>;

export async function asXml(outcome: Outcome, contentType = XML_TYPE): Promise<Response> {
  if (outcome instanceof Response) return outcome;
  return reply((await inTurns(xmlPieces(outcome))).join(""), contentType);
}

/** As a page with this title. */
export function asPage(title: string): Write {
  return async (outcome) => {
    if (outcome instanceof Response) return outcome;
    const body = await inTurns(elementPieces(title, outcome));
    return reply(htmlPage(title, body.join("")), HTML_TYPE);
  };
}

/** HEAD must not run a command: Elysia answers it by way of GET. */
export function refusedHead({ method }: Request): Response | null {
  return method === "HEAD" ? refusal("Commands take GET", 405) : null;
}

// Whole answers with their length, so that the oldest client knows where they end, on whichever port they leave.
import { inTurns } from "../lib/in-turns.ts";
import { elementPieces, htmlPage } from "../stats/html-page.ts";
import { type Element, xmlPieces } from "../stats/xml.ts";

export const HTML_TYPE = "text/html; charset=utf-8";
export const XML_TYPE = "text/xml; charset=utf-8";
export const JSON_TYPE = "application/json; charset=UTF-8";

const NOT_KEPT = { "cache-control": "no-cache, no-store" };

/** For answers that any page may read. */
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

/** What encoders are answered when their title is taken. */
export const UPDATED = "Metadata update successful";

/** The page that SHOUTcast's encoders are answered. */
export function successPage(sentence: string): string {
  return `<html><head><title>Admin request successful</title></head><body><p>${sentence}</p></body></html>`;
}

/** What a command comes to: facts, which are written as the client wants them, or an answer already. */
export type Outcome = Response | Element;

/** An outcome on its way to whoever asked: a long one is written in turns. */
export type Write = (outcome: Outcome) => Promise<Response>;

export async function asXml(outcome: Outcome, contentType = XML_TYPE): Promise<Response> {
  if (outcome instanceof Response) return outcome;
  return reply((await inTurns(xmlPieces(outcome))).join(""), contentType);
}

/** For people, under the name of what they asked for. */
export function asPage(title: string): Write {
  return async (outcome) => {
    if (outcome instanceof Response) return outcome;
    const body = await inTurns(elementPieces(title, outcome));
    return reply(htmlPage(title, body.join("")), HTML_TYPE);
  };
}

/** A command must not run because somebody looks whether it is there: Elysia answers HEAD by way of GET. */
export function refusedHead({ method }: Request): Response | null {
  return method === "HEAD" ? refusal("Commands take GET", 405) : null;
}

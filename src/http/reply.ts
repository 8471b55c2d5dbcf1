// Whole answers with their length, so that the oldest client knows where they end, on whichever port they leave.

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
  return reply(`<b>${sentence}</b>\r\n`, "text/html; charset=utf-8", status);
}

// What pages may load, and which may be shown inside of other pages: /embed alone, which has a policy of its own.

/** A page of another site cannot lay it under its own buttons. */
export const FRAMED_NOWHERE = {
  "content-security-policy":
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; form-action 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
} as const;

/** Swagger UI runs its own script, draws with data: images and asks the API. */
const SWAGGER = {
  ...FRAMED_NOWHERE,
  "content-security-policy":
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; " +
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};

const DOCUMENT =
  /^(?:text\/html|application\/xhtml\+xml|(?:text|application)\/(?:[\w.+-]*\+)?xml)\b/i;

const SWAGGER_PAGE = /^[^?#]*\/swagger\/?(?:[?#]|$)/;

/** Adds the headers to pages and XML that have no policy yet. */
export function guardFrames({ url }: Request, { headers }: Response): void {
  if (headers.has("content-security-policy")) return;
  if (!DOCUMENT.test(headers.get("content-type") ?? "")) return;
  const policy = SWAGGER_PAGE.test(url) ? SWAGGER : FRAMED_NOWHERE;
  for (const [name, value] of Object.entries(policy)) headers.set(name, value);
}

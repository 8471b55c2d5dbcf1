// What pages may load, and which may be framed: only /embed, which has its own policy.

/** Prevents clickjacking by pages of other sites. */
export const FRAMED_NOWHERE = {
  "content-security-policy":
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; form-action 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
} as const;

/** Swagger UI runs its own script, uses data: images and calls the API. */
const SWAGGER = {
  ...FRAMED_NOWHERE,
  "content-security-policy":
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; " +
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};

const DOCUMENT =
  /^(?:text\/html|application\/xhtml\+xml|(?:text|application)\/(?:[\w.+-]*\+)?xml)\b/i;

const SWAGGER_PAGE = /^[^?#]*\/swagger\/?(?:[?#]|$)/;

/** Adds the headers to pages and XML without a policy. */
export function guardFrames({ url }: Request, { headers }: Response): void {
  if (headers.has("content-security-policy")) return;
  if (!DOCUMENT.test(headers.get("content-type") ?? "")) return;
  const policy = SWAGGER_PAGE.test(url) ? SWAGGER : FRAMED_NOWHERE;
  for (const [name, value] of Object.entries(policy)) headers.set(name, value);
}

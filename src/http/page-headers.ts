// Headers of all pages for people.

/** Pages load and run from this origin only. A stream that a page fetches is played from a blob. */
export const PAGE_HEADERS = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
};

/** A page plays streams from edges too, which its own server sends it to. */
export function playingFrom<H extends { readonly "content-security-policy": string }>(
  headers: H,
  edges: readonly { readonly url: string }[],
): H {
  if (edges.length === 0) return headers;
  const origins = edges.map(({ url }) => url).join(" ");
  const policy = headers["content-security-policy"].replace(
    "media-src 'self' blob:",
    `connect-src 'self' ${origins}; media-src 'self' blob: ${origins}`,
  );
  return { ...headers, "content-security-policy": policy };
}

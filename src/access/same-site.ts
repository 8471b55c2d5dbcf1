// Detects requests sent by another site's page: browsers attach saved passwords to any page's requests. Programs send
// none of the headers checked here.
import type { RequestHeaders } from "./local.ts";

/** Behind a proxy our name may lack the port. A page without an address may belong to anyone. */
function isOtherHost(page: string, name: string): boolean {
  if (!URL.canParse(page)) return true;
  const [url, { host }] = [new URL(page), new URL(`http://${name}`)];
  return host !== url.host && host !== url.hostname;
}

/** The pages that the browser names as origin. */
function pagesOf(headers: RequestHeaders): string[] {
  return [headers.get("origin"), headers.get("referer")].filter((page) => typeof page === "string");
}

/** A header says that another site's page sent the request. `host`: our own name in the request. */
export function isFromElsewhere(headers: RequestHeaders, host: string | undefined): boolean {
  const site = headers.get("sec-fetch-site") ?? null;
  if (site !== null) return /^(cross-site|same-site)$/.test(site);
  return pagesOf(headers).some((page) => host === undefined || isOtherHost(page, host));
}

/** The start of every browser's User-Agent; pages cannot change or omit the browser's user-agent and accept
 * headers. Scripts with such a name (PowerShell) send no accept; SHOUTcast encoders have the word later in
 * their name. */
const BROWSER = /^(?:Mozilla|Opera)\/\d/;

function isBrowser(headers: RequestHeaders): boolean {
  const accept = headers.get("accept") ?? null;
  if (headers.has("sec-fetch-site") || /\btext\/html\b/i.test(accept ?? "")) return true;
  return accept !== null && BROWSER.test(headers.get("user-agent") ?? "");
}

/** A browser sent it, and nothing shows that our own page made the request: another site's page may have
 * suppressed its address. Without TLS browsers send no sec-fetch-site. */
export function isUnproven(headers: RequestHeaders, host: string | undefined): boolean {
  if (!isBrowser(headers)) return false;
  const site = headers.get("sec-fetch-site") ?? null;
  if (site !== null) return site !== "same-origin";
  return pagesOf(headers).length === 0 || isFromElsewhere(headers, host);
}

// Whether a page of another site may have sent a request: a browser adds its user's password to whatever any page makes
// it ask for. Programs send none of the headers that are looked at here.
import type { RequestHeaders } from "./local.ts";

/** Behind a proxy our name may lack the port. A page without an address may be anyone's. */
function isOtherHost(page: string, name: string): boolean {
  if (!URL.canParse(page)) return true;
  const [url, { host }] = [new URL(page), new URL(`http://${name}`)];
  return host !== url.host && host !== url.hostname;
}

/** The pages that the browser names as the sender. */
function pagesOf(headers: RequestHeaders): string[] {
  return [headers.get("origin"), headers.get("referer")].filter((page) => typeof page === "string");
}

/** The request says itself that a page of another site sent it. `host`: our own name as the client calls it. */
export function isFromElsewhere(headers: RequestHeaders, host: string | undefined): boolean {
  const site = headers.get("sec-fetch-site") ?? null;
  if (site !== null) return /^(cross-site|same-site)$/.test(site);
  return pagesOf(headers).some((page) => host === undefined || isOtherHost(page, host));
}

/** Every browser's name begins like that, and no page can change or leave out what its browser sends as user-agent and
 * accept. Scripts with such a name (PowerShell) send no accept; SHOUTcast's encoders only have the word in their name. */
const BROWSER = /^(?:Mozilla|Opera)\/\d/;

function isBrowser(headers: RequestHeaders): boolean {
  const accept = headers.get("accept") ?? null;
  if (headers.has("sec-fetch-site") || /\btext\/html\b/i.test(accept ?? "")) return true;
  return accept !== null && BROWSER.test(headers.get("user-agent") ?? "");
}

/** A browser sent it, and nothing shows that a page of ours made it do so: the page of another site may have kept its own
 * address back. Without TLS browsers send no sec-fetch-site. */
export function isUnproven(headers: RequestHeaders, host: string | undefined): boolean {
  if (!isBrowser(headers)) return false;
  const site = headers.get("sec-fetch-site") ?? null;
  if (site !== null) return site !== "same-origin";
  return pagesOf(headers).length === 0 || isFromElsewhere(headers, host);
}

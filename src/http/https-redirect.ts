// Sends a browser that opens a page by HTTP to the HTTPS port. Nothing else is sent there: players may know no TLS.
import { audienceNamed } from "../output/stream-answer.ts";
import type { Station } from "../station/station.ts";
import { hostOf, isSecure, targetOf } from "./remote.ts";

const HTTPS_PORT = 443;

/** Files that are no pages: playlists, scripts, pictures. */
const FILE = /\.(?!html$|xsl$)\w+$/;

/** null: the request is answered here. Temporary, so that browsers forget it when the setting changes. */
export function httpsRedirect(request: Request, station: Station): Response | null {
  const { ingest, config } = station;
  const port = ingest.httpsPort;
  if (!config.tls.redirect || port === null || !ingest.hasTls) return null;
  if (isSecure(request) || !opensPage(request, station)) return null;
  const host = hostOf(request)?.replace(/:\d+$/, "");
  if (host === undefined) return null;
  const suffix = port === HTTPS_PORT ? "" : `:${port}`;
  return Response.redirect(`https://${host}${suffix}${targetOf(request)}`, 307);
}

/** A browser asks for a page of its own, not for a part of one. */
function opensPage(request: Request, { mounts }: Station): boolean {
  const { method, headers } = request;
  const [path = ""] = targetOf(request).split("?", 1);
  if (!/^(?:GET|HEAD)$/.test(method) || !/\btext\/html\b/i.test(headers.get("accept") ?? ""))
    return false;
  const isPart = (headers.get("sec-fetch-dest") ?? "document") !== "document";
  const isPage = !FILE.test(path) && !/^\/(?:api|health)(?:\/|$)/.test(path);
  return isPage && !isPart && audienceNamed(path, mounts.byPath) === undefined;
}

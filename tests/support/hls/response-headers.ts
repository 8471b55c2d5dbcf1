// What the headers of playlists and segments must say to caches and browsers.
import type { Report } from "./problem.ts";

const DAY_SECONDS = 86_400;

const TYPES: Readonly<Record<string, string>> = {
  mp3: "audio/mpeg",
  aac: "audio/aac",
  m4s: "audio/mp4",
  mp4: "audio/mp4",
};

export function checkPlaylistHeaders(url: string, headers: Headers, report: Report): void {
  const type = headers.get("content-type") ?? "";
  if (!/^application\/vnd\.apple\.mpegurl\b/.test(type)) report("type", `${url}: ${type}`);
  const age = maxAgeOf(headers);
  // One that names a session is for one client.
  const isPersonal = /\bno-store\b/.test(headers.get("cache-control") ?? "");
  if (!isPersonal && (age === null || age > 1))
    report("playlist-cache", `${url}: ${headers.get("cache-control")}`);
  const etag = headers.get("etag");
  if (etag === null || etag.startsWith("W/")) report("playlist-cache", `${url}: ETag ${etag}`);
  checkOrigin(url, headers, report);
}

export function checkMediaHeaders(url: string, headers: Headers, report: Report): void {
  const ending = new URL(url).pathname.split(".").at(-1) ?? "";
  const type = headers.get("content-type");
  if (type !== TYPES[ending]) report("type", `${url}: ${type}`);
  const cache = headers.get("cache-control") ?? "";
  const isLong = (maxAgeOf(headers) ?? 0) >= DAY_SECONDS && /\bimmutable\b/.test(cache);
  if (!isLong) report("segment-cache", `${url}: ${cache}`);
  if (headers.get("content-encoding") !== null) report("gzip", url);
  checkOrigin(url, headers, report);
}

function checkOrigin(url: string, headers: Headers, report: Report): void {
  const origin = headers.get("access-control-allow-origin");
  if (origin !== "*") report("cors", `${url}: ${origin}`);
}

/** Seconds; null if nothing may be kept, or nothing is said. */
function maxAgeOf(headers: Headers): number | null {
  const [, seconds] = /\bmax-age=(\d+)/.exec(headers.get("cache-control") ?? "") ?? [];
  return seconds === undefined ? null : Number(seconds);
}

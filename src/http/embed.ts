// /embed: a player without scripts that stations can put into their own pages. The title is in a frame of its own that
// reloads itself, so that the audio is not interrupted.
import { Elysia, NotFoundError } from "elysia";
import { normaliseMount } from "../lib/mount-path.ts";
import { THEME } from "../lib/theme.ts";
import type { MountParts } from "../mounts.ts";
import type { Station } from "../station.ts";
import type { MountFacts } from "../facts/facts.ts";
import { escapeXml } from "../stats/xml.ts";
import { field, queryOf } from "./form.ts";
import { mountNamed } from "./mount-choice.ts";
import { HTML_TYPE, refusal } from "./reply.ts";

/** Reload interval of the title. A title is late by at most this long, and each page asks six times a minute. */
const REFRESH_SECONDS = 10;

/** Any page may frame it, even one from file: or from an app, which `frame-ancestors *` would exclude. It loads from this
 * origin only, and runs no scripts. */
const HEADERS = {
  "content-type": HTML_TYPE,
  "cache-control": "no-cache, no-store",
  "content-security-policy":
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; " +
    "frame-src 'self'; base-uri 'none'; form-action 'none'",
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const STYLE =
  `${THEME}:root{font:1rem/1.35 system-ui,sans-serif;--live:#c41230}` +
  "@media(prefers-color-scheme:dark){:root{--live:#ff8591}}" +
  "*{box-sizing:border-box;margin:0}body{color:var(--text);background:var(--card)}" +
  "p{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}";

/** Fits any height; its corners match the code that the listener's page offers. */
const FRAME_STYLE =
  "body{display:grid;grid-template-rows:minmax(3rem,92px) auto;align-content:center;gap:.6rem;" +
  "padding:.7rem;height:100vh;border:1px solid var(--edge);border-radius:16px}" +
  "iframe{display:block;width:100%;height:100%;border:0}" +
  "audio{display:block;width:100%;height:40px}";

const NOW_STYLE =
  "body{--side:min(92px,100vh);display:flex;gap:.9rem;align-items:center;height:var(--side)}" +
  "img{flex:none;width:var(--side);height:var(--side);border-radius:.7rem;object-fit:cover}" +
  "div{min-width:0}@media(max-height:84px){h1{-webkit-line-clamp:1!important}}" +
  "@media(max-height:60px){.soft{display:none}}" +
  "h1{font-size:1.15rem;line-height:1.2;text-wrap:balance;display:-webkit-box;-webkit-line-clamp:2;" +
  "-webkit-box-orient:vertical;overflow:hidden}.soft{color:var(--soft);font-size:.9rem}" +
  ".live{color:var(--live);font-weight:700}a{color:inherit;text-decoration:none}" +
  "a:hover{text-decoration:underline}";

function pageOf(title: string, head: string, style: string, body: string): Response {
  const html =
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
    `<meta name="viewport" content="width=device-width, initial-scale=1">\n${head}` +
    `<title>${escapeXml(title)}</title>\n<style>${STYLE}${style}</style>\n</head>\n` +
    `<body>\n${body}\n</body>\n</html>\n`;
  return new Response(html, { headers: HEADERS });
}

/** The server's root as seen from /embed or a mount below it, also behind a proxy that adds a folder. */
function rootFrom(path: string): string {
  return "../".repeat(path.split("/").length - 2) || "./";
}

function renderPlayer(root: string, { path, stationName }: MountFacts): Response {
  const name = escapeXml(stationName);
  const now = `${root}embed/now?mount=${encodeURIComponent(path)}`;
  return pageOf(
    stationName,
    "",
    FRAME_STYLE,
    `<iframe src="${escapeXml(now)}" title="What ${name} is playing"></iframe>\n` +
      `<audio controls preload="none" src="${escapeXml(root + path.slice(1))}" aria-label="${name}"></audio>`,
  );
}

/** As on the station's page. */
const UNTITLED = {
  live: "Live on air",
  playlist: "Untitled",
  silence: "Nothing playing right now",
};

function titleOf({ title, onAir }: MountFacts): string {
  return title || UNTITLED[onAir as keyof typeof UNTITLED] || "Off air";
}

/** The title's frame, /embed/now. */
function renderNow(mount: MountFacts): Response {
  const { artist, artworkId, stationName, dj, path } = mount;
  const title = titleOf(mount);
  const drawn = new URLSearchParams({ artist, title: mount.title }).toString();
  const picture = `../artwork/${artworkId ?? `sunrise.svg?${drawn}`}`;
  const host = dj === "" ? "" : ` with ${escapeXml(dj)}`;
  const badge = mount.onAir === "live" ? ` · <span class="live">● Live</span>${host}` : "";
  const page = `../?mount=${encodeURIComponent(path)}`;
  const station = `<a href="${escapeXml(page)}" target="_blank" rel="noopener">${escapeXml(stationName)}</a>`;
  return pageOf(
    title,
    `<meta http-equiv="refresh" content="${REFRESH_SECONDS}">\n`,
    NOW_STYLE,
    `<img src="${escapeXml(picture)}" alt="">\n<div>\n<h1 dir="auto">${escapeXml(title)}</h1>\n` +
      (artist === "" ? "" : `<p dir="auto">${escapeXml(artist)}</p>\n`) +
      `<p class="soft">${station}${badge}</p>\n</div>`,
  );
}

const HIDDEN = { detail: { hide: true } };

type Render = (mount: MountFacts) => Response;

export function embedRoutes(station: Station) {
  const show = (parts: MountParts | undefined, render: Render): Response => {
    const facts = parts && station.facts().mount(parts.mount.path);
    return facts === undefined ? refusal("No such stream", 404) : render(facts);
  };
  const asked = (request: Request): MountParts | undefined => {
    const name = field(queryOf(request), "mount");
    return name === "" ? station.first : mountNamed(name, station);
  };
  return new Elysia({ name: "embed" })
    .get(
      "/embed",
      ({ request }) => show(asked(request), (facts) => renderPlayer("./", facts)),
      HIDDEN,
    )
    .get("/embed/now", ({ request }) => show(asked(request), renderNow), HIDDEN)
    .get(
      "/embed/*",
      ({ params }) => {
        const parts = station.parts(normaliseMount(`/${params["*"]}`) ?? "");
        if (parts === undefined) throw new NotFoundError();
        return show(parts, (facts) => renderPlayer(rootFrom(`/embed${parts.mount.path}`), facts));
      },
      HIDDEN,
    );
}

// Pure: the embedded player that runs no script. The title is in a frame of its own that reloads itself, so that the audio
// is not interrupted.
import type { MountFacts } from "../../facts/facts.ts";
import { escapeXml } from "../../stats/xml.ts";
import { type EmbedLook, lookQuery } from "./embed-look.ts";

/** Reload interval of the title. A title is late by at most this long, and each page asks six times a minute. */
const REFRESH_SECONDS = 10;

export interface PlainLook {
  readonly look: EmbedLook;
  /** CSS that sets them. */
  readonly colours: string;
}

const LIVE = { light: ":root{--live:#c41230}", dark: ":root{--live:#ff8591}" };

function liveCss(theme: EmbedLook["theme"]): string {
  if (theme !== "auto") return LIVE[theme];
  return `${LIVE.light}@media(prefers-color-scheme:dark){${LIVE.dark}}`;
}

const STYLE =
  ":root{font:1rem/1.35 system-ui,sans-serif}" +
  "*{box-sizing:border-box;margin:0}body{color:var(--text);background:var(--card)}" +
  "p{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}";

/** Fits any height from 80 pixels on; its corners match the code that the listener's page offers. */
const FRAME_STYLE =
  "body{display:grid;grid-template-rows:minmax(1.6rem,92px) auto;align-content:center;gap:.6rem;" +
  "padding:.7rem;height:100vh;border:1px solid var(--edge);border-radius:16px}" +
  "iframe{display:block;width:100%;height:100%;border:0}" +
  "audio{display:block;width:100%;height:40px;accent-color:var(--accent)}" +
  "@media(max-height:125px){body{gap:.2rem;padding:.3rem .6rem}audio{height:32px}}";

const NOW_STYLE =
  "body{--side:min(92px,100vh);display:flex;gap:.9rem;align-items:center;height:var(--side)}" +
  "img{flex:none;width:var(--side);height:var(--side);border-radius:.7rem;object-fit:cover}" +
  "div{min-width:0}@media(max-height:84px){h1{-webkit-line-clamp:1!important}}" +
  "@media(max-height:68px){.soft{display:none}}" +
  "@media(max-height:40px){h1{font-size:1rem!important}p{display:none}img{border-radius:.3rem}}" +
  "h1{font-size:1.15rem;line-height:1.2;text-wrap:balance;display:-webkit-box;-webkit-line-clamp:2;" +
  "-webkit-box-orient:vertical;overflow:hidden}.soft{color:var(--soft);font-size:.9rem}" +
  ".live{color:var(--live);font-weight:700}a{color:var(--accent);text-decoration:none}" +
  "a:hover{text-decoration:underline}";

function pageOf(title: string, head: string, style: string, body: string): string {
  return (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
    `<meta name="viewport" content="width=device-width, initial-scale=1">\n${head}` +
    `<title>${escapeXml(title)}</title>\n<style>${style}</style>\n</head>\n` +
    `<body>\n${body}\n</body>\n</html>\n`
  );
}

function styleOf({ look, colours }: PlainLook, more: string): string {
  return colours + liveCss(look.theme) + STYLE + more;
}

/** `root`: the server's root as seen from the player. */
export function renderPlayer(
  root: string,
  { path, stationName }: MountFacts,
  plain: PlainLook,
): string {
  const name = escapeXml(stationName);
  const now = `${root}embed/now?${new URLSearchParams({ mount: path, ...lookQuery(plain.look) })}`;
  return pageOf(
    stationName,
    "",
    styleOf(plain, FRAME_STYLE),
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
export function renderNow(mount: MountFacts, plain: PlainLook): string {
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
    styleOf(plain, NOW_STYLE),
    `<img src="${escapeXml(picture)}" alt="">\n<div>\n<h1 dir="auto">${escapeXml(title)}</h1>\n` +
      (artist === "" ? "" : `<p dir="auto">${escapeXml(artist)}</p>\n`) +
      `<p class="soft">${station}${badge}</p>\n</div>`,
  );
}

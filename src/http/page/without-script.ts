// Pure: the station's page for browsers that run no script: its name, what plays, a player and the other channels.
import { escapeXml } from "../../stats/xml.ts";
import { type Texts, textOf } from "../language.ts";
import { withHost } from "./head-tags.ts";
import { type Channel, type PageView, trackLine } from "./page-view.ts";

/** Relative, so that it holds below any folder of a proxy. */
function streamOf({ path, signed }: PageView, ending = ""): string {
  return escapeXml(`${encodeURI(path.slice(1))}${ending}${signed}`);
}

const UNTITLED: Readonly<Record<string, string>> = {
  live: "now.live",
  playlist: "now.untitled",
  silence: "now.silence",
};

/** As the page's script shows it. */
function lineOf({ title, artist, onAir }: Channel, texts: Texts): string {
  return trackLine({ title: title || textOf(texts, UNTITLED[onAir] ?? "now.off"), artist });
}

function nowOf({ isLive, dj }: PageView, line: string, texts: Texts): string {
  const badge = `<span class="badge" data-kind="live">${escapeXml(textOf(texts, "kind.live"))}</span> `;
  const host = escapeXml(withHost(dj, texts));
  return (
    `<p class="now-line">${isLive ? badge : ""}<strong dir="auto">${escapeXml(line)}</strong>` +
    `${isLive && dj !== "" ? ` <span dir="auto">${host}</span>` : ""}</p>`
  );
}

function channelItem(channel: Channel, isCurrent: boolean, texts: Texts): string {
  const query = new URLSearchParams({ mount: channel.path });
  const current = isCurrent ? ' aria-current="page"' : "";
  const link = `<a href="./?${escapeXml(String(query))}"${current}>${escapeXml(channel.name)}</a>`;
  return `<li dir="auto">${link}: ${escapeXml(lineOf(channel, texts))}</li>`;
}

function channelList({ channels, path }: PageView, texts: Texts): string {
  if (channels.length < 2) return "";
  const items = channels.map((channel) => channelItem(channel, channel.path === path, texts));
  const heading = escapeXml(textOf(texts, "channels.heading"));
  return `<h2>${heading}</h2>\n<ul>\n${items.join("\n")}\n</ul>\n`;
}

/** HTML for the page's noscript element. */
export function withoutScript(view: PageView, texts: Texts): string {
  const name = escapeXml(view.name);
  const text = (key: string) => escapeXml(textOf(texts, key));
  return (
    `<div class="no-script">\n<h2 dir="auto">${name}</h2>\n` +
    `${nowOf(view, lineOf(view.now, texts), texts)}\n` +
    `<audio controls preload="none" src="${streamOf(view)}" aria-label="${name}"></audio>\n` +
    `<p>${text("plain.off")} <a href="">${text("plain.reload")}</a> · ` +
    `<a href="${streamOf(view, ".m3u")}">${text("plain.stream")}</a></p>\n` +
    `${channelList(view, texts)}</div>\n`
  );
}

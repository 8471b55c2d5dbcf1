// /status.xsl: the facts for people, and for programs that read Icecast's page.
import type { MountFacts, StationFacts } from "../facts/facts.ts";
import { type BaseUrl, listenUrl, mountsUp, serverStats, sourceStats } from "./icestats.ts";
import { htmlPage, tableRow } from "./html-page.ts";
import { escapeXml } from "./xml.ts";

/** Labels of Icecast's page; some programs search for them. */
const ROWS: readonly (readonly [label: string, key: string])[] = [
  ["Stream Name:", "server_name"],
  ["Stream Description:", "server_description"],
  ["Content Type:", "server_type"],
  ["Stream started:", "stream_start"],
  ["Bitrate:", "bitrate"],
  ["Listeners (current):", "listeners"],
  ["Listeners (peak):", "listener_peak"],
  ["Genre:", "genre"],
  ["Stream URL:", "server_url"],
];

function row(label: string, value: string | number | undefined): string {
  if (value === undefined || value === "") return "";
  return tableRow(label, String(value));
}

function renderMount(mount: MountFacts, base: BaseUrl): string {
  const stats = sourceStats(mount, base);
  const url = escapeXml(listenUrl(base, mount.path));
  const links = ["m3u", "pls", "xspf"].map((kind) => `<a href="${url}.${kind}">${kind}</a>`);
  const rows = ROWS.map(([label, key]) => row(label, stats[key]));
  return (
    `<h2>Mount Point ${escapeXml(mount.path)}</h2>\n` +
    `<p><a href="${url}">${url}</a> ${links.join(" ")}</p>\n` +
    `<table>\n${rows.join("")}${row("Currently playing:", mount.titleLine)}</table>\n`
  );
}

/** A complete HTML page. */
export function renderStatusPage(facts: StationFacts, base: BaseUrl): string {
  const mounts = mountsUp(facts);
  const body =
    mounts.length === 0
      ? "<p>Nothing is playing right now.</p>\n"
      : mounts.map((mount) => renderMount(mount, base)).join("");
  const { server_id: server = "" } = serverStats(facts, base);
  const heading = `<h1>${escapeXml(facts.mounts[0].stationName)}</h1>\n`;
  return htmlPage("Stream status", `${heading}${body}<p>${escapeXml(String(server))}</p>\n`);
}

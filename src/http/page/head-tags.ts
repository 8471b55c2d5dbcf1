// Pure: what the page's head says to search engines, and to programs that show a preview of a link.
import { escapeXml } from "../../stats/xml.ts";
import { type Texts, textOf } from "../language.ts";
import { jsonLd } from "./json-ld.ts";
import { type PageView, pageTitle, pageUrl, previewUrl } from "./page-view.ts";

/** The station's sentence about itself, with who is live. */
export function summaryOf(view: PageView, texts: Texts): string {
  const { description, genre, dj, isLive, title } = view;
  const host = dj === "" || dj === title ? "" : ` ${withHost(dj, texts)}`;
  const live = isLive ? `${textOf(texts, "kind.live")}${host}.` : "";
  const about = description || textOf(texts, "page.description");
  return [live, about, genre === "" ? "" : `(${genre})`].filter(Boolean).join(" ");
}

/** "with Ada". */
export function withHost(dj: string, texts: Texts): string {
  return textOf(texts, "now.with").replace("{name}", () => dj);
}

/** Each attribute escaped: anybody may choose a title. */
function tag(name: string, attributes: Readonly<Record<string, string>>): string {
  const all = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${all.join("")}>`;
}

function openGraph(view: PageView, texts: Texts): [string, string][] {
  const image = previewUrl(view);
  return [
    ["og:type", "music.radio_station"],
    ["og:site_name", view.name],
    ["og:title", pageTitle(view)],
    ["og:description", summaryOf(view, texts)],
    ["og:url", pageUrl(view)],
    ["og:image", image],
    ["og:image:type", "image/png"],
    ["og:image:width", "400"],
    ["og:image:height", "400"],
    ["og:image:alt", altOf(view)],
    ["og:audio", `${view.base}${encodeURI(view.path)}`],
    ["og:audio:type", view.contentType],
  ];
}

function altOf({ title, artworkId, name }: PageView): string {
  return artworkId === null ? `A sunrise drawn for ${title || name}` : `The cover of ${title}`;
}

function twitter(view: PageView, texts: Texts): [string, string][] {
  return [
    ["twitter:card", "summary"],
    ["twitter:title", pageTitle(view)],
    ["twitter:description", summaryOf(view, texts)],
    ["twitter:image", previewUrl(view)],
    ["twitter:image:alt", altOf(view)],
  ];
}

/** Where oEmbed's answer about a page is. */
export function oembedUrl(view: PageView, format: "json" | "xml"): string {
  return `${view.base}/oembed?${new URLSearchParams({ url: pageUrl(view), format })}`;
}

/** Tags for the end of the head. */
export function headTags(view: PageView, texts: Texts): string {
  const discovery = (["json", "xml"] as const).map((format) =>
    tag("link", {
      rel: "alternate",
      type: format === "json" ? "application/json+oembed" : "text/xml+oembed",
      href: oembedUrl(view, format),
      title: view.name,
    }),
  );
  const tags = [
    tag("link", { rel: "canonical", href: pageUrl(view) }),
    ...openGraph(view, texts).map(([property, content]) => tag("meta", { property, content })),
    ...twitter(view, texts).map(([name, content]) => tag("meta", { name, content })),
    ...discovery,
    `<script type="application/ld+json">${jsonLd(view)}</script>`,
  ];
  return `${tags.join("\n")}\n`;
}

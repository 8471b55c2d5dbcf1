// Pure: what the page's head says to search engines, and to programs that show a preview of a link.
import { escapeXml } from "../../stats/xml.ts";
import { jsonLd } from "./json-ld.ts";
import { type PageView, pageTitle, pageUrl, previewUrl } from "./page-view.ts";

/** The station's sentence about itself, with who is live. */
export function summaryOf({ name, description, genre, dj, isLive, title }: PageView): string {
  const host = isLive && dj !== "" && dj !== title ? `Live with ${dj}.` : isLive ? "Live." : "";
  const about = description || `Listen to ${name} and see what is playing.`;
  return [host, about, genre === "" ? "" : `(${genre})`].filter(Boolean).join(" ");
}

/** Each attribute escaped: anybody may choose a title. */
function tag(name: string, attributes: Readonly<Record<string, string>>): string {
  const all = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${all.join("")}>`;
}

function openGraph(view: PageView): [string, string][] {
  const image = previewUrl(view);
  const isDrawn = view.artworkId === null;
  const size: [string, string][] = ["width", "height"].map((side) => [`og:image:${side}`, "400"]);
  return [
    ["og:type", "music.radio_station"],
    ["og:site_name", view.name],
    ["og:title", pageTitle(view)],
    ["og:description", summaryOf(view)],
    ["og:url", pageUrl(view)],
    ["og:image", image],
    ["og:image:type", "image/png"],
    ...(isDrawn ? size : []),
    ["og:image:alt", altOf(view)],
    ["og:audio", `${view.base}${encodeURI(view.path)}`],
    ["og:audio:type", view.contentType],
  ];
}

function altOf({ title, artworkId, name }: PageView): string {
  return artworkId === null ? `A sunrise drawn for ${title || name}` : `The cover of ${title}`;
}

function twitter(view: PageView): [string, string][] {
  return [
    ["twitter:card", "summary"],
    ["twitter:title", pageTitle(view)],
    ["twitter:description", summaryOf(view)],
    ["twitter:image", previewUrl(view)],
    ["twitter:image:alt", altOf(view)],
  ];
}

/** Where oEmbed's answer about a page is. */
export function oembedUrl(view: PageView, format: "json" | "xml"): string {
  return `${view.base}/oembed?${new URLSearchParams({ url: pageUrl(view), format })}`;
}

/** Tags for the end of the head. */
export function headTags(view: PageView): string {
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
    ...openGraph(view).map(([property, content]) => tag("meta", { property, content })),
    ...twitter(view).map(([name, content]) => tag("meta", { name, content })),
    ...discovery,
    `<script type="application/ld+json">${jsonLd(view)}</script>`,
  ];
  return `${tags.join("\n")}\n`;
}

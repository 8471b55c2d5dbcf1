// Writes what the station is and plays into the page's HTML, before a script runs.
import { escapeXml } from "../../stats/xml.ts";
import { headTags, summaryOf } from "./head-tags.ts";
import { type Look, lookTags } from "./look.ts";
import type { Template } from "./page-template.ts";
import { type PageView, pageTitle } from "./page-view.ts";
import { withoutScript } from "./without-script.ts";

type Handler = { element(element: HTMLRewriterTypes.Element): void };

/** Sets an element's text, and shows the element if there is one. */
function text(content: string): Handler {
  return {
    element(element) {
      element.setInnerContent(content);
      if (content !== "") element.removeAttribute("hidden");
    },
  };
}

/** The rewriter escapes quotes alone. */
function attributes(values: Readonly<Record<string, string>>): Handler {
  return {
    element(element) {
      for (const [name, value] of Object.entries(values))
        element.setAttribute(name, escapeXml(value));
    },
  };
}

function appended(html: string): Handler {
  return { element: (element) => void element.append(html, { html: true }) };
}

function inside(html: string): Handler {
  return { element: (element) => void element.setInnerContent(html, { html: true }) };
}

const REMOVED: Handler = { element: (element) => void element.remove() };
const KEPT: Handler = { element: () => undefined };

function links({ links: all }: PageView): string {
  const items = all.map(
    ({ text: label, url }) =>
      `<a href="${escapeXml(url)}" rel="noopener me" dir="auto">${escapeXml(label)}</a>\n`,
  );
  return items.join("");
}

/** It may be wider than high. */
function logoAt(src: string): Handler {
  return {
    element(element) {
      element.removeAttribute("width");
      element.setAttribute("src", escapeXml(src));
    },
  };
}

/** What is the station's own. */
function fillLook(rewriter: HTMLRewriter, look: Look): HTMLRewriter {
  const { logo, logoType, ground } = look;
  const scheme = (name: string) => `meta[name="theme-color"][media*="${name}"]`;
  const icon = logo === "" ? KEPT : attributes({ href: logo, type: logoType });
  return rewriter
    .on('link[rel="icon"]', icon)
    .on(".mark", logo === "" ? KEPT : logoAt(logo))
    .on(scheme("light"), attributes({ content: ground.light }))
    .on(scheme("dark"), attributes({ content: ground.dark }))
    .on("head", appended(lookTags(look)));
}

/** The player alone, in a frame of another page. Its station's name leads to the page. */
function fillEmbed(rewriter: HTMLRewriter, view: PageView): HTMLRewriter {
  const query = new URLSearchParams({ mount: view.path });
  const opening = `<a class="home" href="./?${escapeXml(String(query))}" target="_blank" rel="noopener">`;
  return rewriter
    .on("body", attributes({ "data-view": "embed" }))
    .on('link[href="forced-colors.css"]', {
      element: (element) =>
        void element.before('<link rel="stylesheet" href="embed.css">\n', { html: true }),
    })
    .on("#station-name", {
      element(element) {
        element.before(opening, { html: true });
        element.after("</a>", { html: true });
      },
    });
}

/** `isEmbedded`: only the player. */
export function fillPage(
  { html, texts }: Template,
  view: PageView,
  look: Look,
  isEmbedded = false,
): string {
  const { page } = view;
  const rewriter = new HTMLRewriter()
    .on("title", text(pageTitle(view)))
    .on('meta[name="description"]', attributes({ content: summaryOf(view, texts) }))
    .on("head", appended(headTags(view, texts)))
    .on("body", page.showListeners ? KEPT : attributes({ "data-listeners": "hidden" }))
    .on("#station-name", text(view.name))
    .on("#station-description", text(view.description))
    .on("#station-genre", text(view.genre))
    .on("main > noscript", inside(withoutScript(view, texts)))
    .on("footer nav", appended(links(view)))
    .on("footer .developer", page.showDeveloperLinks ? KEPT : REMOVED);
  const filled = isEmbedded ? fillEmbed(rewriter, view) : rewriter;
  return fillLook(filled, look).transform(html);
}

// Reads a page as programs do that show a preview of a link: its tags, its JSON-LD and where its oEmbed answer is.
export interface Unfurled {
  readonly title: string;
  readonly canonical: string;
  /** By property or name. */
  readonly tags: Readonly<Record<string, string>>;
  readonly oembed: Readonly<Record<string, string>>;
  readonly things: readonly Readonly<Record<string, unknown>>[];
}

/** Entities, as a browser's parser has them. */
function plain(text: string): string {
  const names: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name] ?? "");
}

export function unfurl(html: string): Unfurled {
  const tags: Record<string, string> = {};
  const oembed: Record<string, string> = {};
  const found = { title: "", canonical: "", json: "" };
  const attribute = (element: HTMLRewriterTypes.Element, name: string) =>
    plain(element.getAttribute(name) ?? "");
  new HTMLRewriter()
    .on("head > title", { text: ({ text }) => void (found.title += text) })
    .on("head > meta", {
      element(element) {
        const name = attribute(element, "property") || attribute(element, "name");
        tags[name] = attribute(element, "content");
      },
    })
    .on('head > link[rel="canonical"]', {
      element: (element) => void (found.canonical = attribute(element, "href")),
    })
    .on('head > link[rel="alternate"]', {
      element: (element) => void (oembed[attribute(element, "type")] = attribute(element, "href")),
    })
    .on('head > script[type="application/ld+json"]', {
      text: ({ text }) => void (found.json += text),
    })
    .transform(html);
  const graph = found.json === "" ? { "@graph": [] } : (JSON.parse(found.json) as object);
  const things = Reflect.get(graph, "@graph") as Unfurled["things"];
  return { title: plain(found.title), canonical: found.canonical, tags, oembed, things };
}

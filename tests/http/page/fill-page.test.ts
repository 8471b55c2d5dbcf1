// The page as the server fills it: what a shared link says, what is there without a script, and that no title breaks out.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { shipped } from "../../../src/lib/shipped.ts";
import { fillPage } from "../../../src/http/page/fill-page.ts";
import type { Look } from "../../../src/http/page/look.ts";
import { PageTemplates } from "../../../src/http/page/page-template.ts";
import type { PageView } from "../../../src/http/page/page-view.ts";
import { testConfig } from "../../support/config.ts";
import { unfurl } from "./unfurl.ts";
import { BASE, viewWith } from "./view.ts";

const PLAIN: Look = {
  ...{ colours: "", logo: "", logoType: "", background: "", css: "" },
  ground: { light: "#f7f1e8", dark: "#0f1020" },
};

const template = await new PageTemplates(shipped("public")).in("en");

const page = (view: PageView, look: Partial<Look> = {}) =>
  fillPage(template, view, { ...PLAIN, ...look });

describe("a shared link", () => {
  test("says the station's name, what plays and who is live, with the cover", () => {
    const { title, canonical, tags, things } = unfurl(page(viewWith({ artworkId: "c0ffee" })));
    expect(title).toBe("A Song – A Guest · Test Radio");
    expect(canonical).toBe(`${BASE}/`);
    expect(tags).toMatchObject({
      description: "Live with A Host. A station under test (Various)",
      "og:type": "music.radio_station",
      "og:site_name": "Test Radio",
      "og:title": title,
      "og:description": "Live with A Host. A station under test (Various)",
      "og:url": canonical,
      "og:image": `${BASE}/artwork/c0ffee.png`,
      "og:image:type": "image/png",
      "og:audio": `${BASE}/stream`,
      "twitter:card": "summary",
      "twitter:title": title,
      "twitter:image": `${BASE}/artwork/c0ffee.png`,
    });
    const [station, broadcast] = things;
    expect(station).toMatchObject({ "@type": "RadioStation", name: "Test Radio", url: `${BASE}/` });
    expect(broadcast).toMatchObject({
      "@type": "BroadcastEvent",
      isLiveBroadcast: true,
      publishedBy: { "@id": station?.["@id"] },
      workPerformed: { name: "A Song", byArtist: { name: "A Guest" } },
    });
  });

  test("has a drawn picture, of a known size, where there is no cover", () => {
    const { tags } = unfurl(page(viewWith({ artworkId: null, title: "B&C", artist: "D" })));
    expect(tags["og:image"]).toBe(`${BASE}/artwork/sunrise.png?artist=D&title=B%26C`);
    expect(tags).toMatchObject({ "og:image:width": "400", "og:image:height": "400" });
  });

  test("says the station's name alone while nothing plays", () => {
    const silent = { title: "", artist: "", isUp: false, onAir: "silence" as const };
    const { title, things, tags } = unfurl(page(viewWith(silent)));
    expect(title).toBe("Test Radio");
    expect(tags["og:description"]).toBe("A station under test (Various)");
    expect(things.map((thing) => thing["@type"])).toEqual(["RadioStation"]);
  });

  test("to a channel is about that channel", () => {
    const view = viewWith({}, { path: "/jazz & more", isMain: false });
    const { canonical, tags, oembed } = unfurl(page(view));
    expect(canonical).toBe(`${BASE}/?mount=%2Fjazz+%26+more`);
    expect(tags["og:url"]).toBe(canonical);
    const address = new URL(oembed["application/json+oembed"] ?? "");
    expect(address.searchParams.get("url")).toBe(canonical);
  });

  test.each([
    ["</title><script>alert(1)</script>"],
    ['"><img src=x onerror=alert(1)>'],
    ["</script><script>alert(1)//"],
    ["<!--<script>"],
    ["'-alert(1)-'"],
    ["&lt;b&gt; &amp;amp;"],
    ["$& $1 {name} \u2028 \u0000"],
  ])("with the title %j shows it, and runs nothing of it", (title) => {
    const hostile = { title, artist: title, dj: title, artworkId: null };
    const config = testConfig();
    const html = page(
      viewWith(
        hostile,
        { name: title, description: title, genre: title },
        {
          ...config,
          link: [{ label: title, url: "https://radio.example/" }],
        },
      ),
    );
    const bodies = [...html.matchAll(/<script\b([^>]*)>/g)].map(
      ([, attributes = ""]) => attributes,
    );
    expect(bodies.map((attributes) => attributes.trim())).toEqual([
      'id="messages" type="application/json"',
      'type="module" src="app.js"',
      'type="application/ld+json"',
    ]);
    expect(html).not.toContain("<img src=x");
    const { title: shown, tags, things } = unfurl(html);
    const text = title.replace("\u0000", "");
    const bare = (words: string) => words.replaceAll("\u0000", "");
    expect(bare(shown)).toBe(`${text} – ${text} · ${text}`);
    expect(tags["og:site_name"]).toBe(text);
    expect(things[0]?.["name"]).toBe(title);
  });

  test("is read whatever a stranger calls a title", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "binary" }),
        (title, artist) => {
          const { things, tags } = unfurl(page(viewWith({ title, artist })));
          expect(things).toHaveLength(2);
          expect(Object.keys(tags)).toContain("twitter:image:alt");
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** What a browser without scripts shows of the page. */
function noScript(html: string): string {
  return /<main>\s*<noscript>([^]*?)<\/noscript>/.exec(html)?.[1] ?? "";
}

describe("without a script the page", () => {
  test("names the station and what plays, and has a player", () => {
    const html = noScript(page(viewWith()));
    expect(html).toContain(">Test Radio</h2>");
    expect(html).toContain(">A Song – A Guest</strong>");
    expect(html).toContain("with A Host");
    expect(html).toContain('<audio controls preload="none" src="stream"');
  });

  test("links the other channels, each with what it plays", () => {
    const html = noScript(page(viewWith()));
    expect(html).toContain('<a href="./?mount=%2Fstream" aria-current="page">');
    expect(html).toMatch(/<a href="\.\/\?mount=%2Ftalk">[^<]*<\/a>: A Song – A Guest/);
  });

  test("passes on the signature that it was opened with", () => {
    const html = noScript(page(viewWith({}, { signed: "?exp=1&sig=a" })));
    expect(html).toContain('src="stream?exp=1&amp;sig=a"');
    expect(html).toContain('href="stream.m3u?exp=1&amp;sig=a"');
  });
});

describe("the operator", () => {
  test("adds links, and hides listeners and what is for developers", () => {
    const config = {
      ...testConfig(),
      link: [{ label: "Chat & more", url: "https://chat.example/?a=1&b=2" }],
      page: { showListeners: false, showDeveloperLinks: false, embedOn: [] },
    };
    const html = page(viewWith({}, {}, config));
    expect(html).toContain(
      '<a href="https://chat.example/?a=1&amp;b=2" rel="noopener me" dir="auto">Chat &amp; more</a>',
    );
    expect(html).toContain('data-listeners="hidden"');
    expect(html).not.toContain('href="swagger"');
    expect(unfurl(html).things[0]?.["sameAs"]).toEqual(["https://chat.example/?a=1&b=2"]);
    const usual = page(viewWith());
    expect(usual).toContain('href="swagger"');
    expect(usual).not.toContain("data-listeners");
  });

  test("sets the logo, the colours, a background and a style sheet, which come last", () => {
    const html = page(viewWith(), {
      logo: "branding/logo?v=1",
      logoType: "image/png",
      colours: ":root{--accent:#123456}",
      background: "branding/background?v=2",
      css: "branding/css?v=3",
      ground: { light: "#eeeeee", dark: "#111111" },
    });
    expect(html).toContain('<link rel="icon" href="branding/logo?v=1" type="image/png" />');
    expect(html).toMatch(/<img class="mark" src="branding\/logo\?v=1"/);
    expect(html).toContain('content="#eeeeee" media="(prefers-color-scheme: light)"');
    expect(html).toContain('content="#111111" media="(prefers-color-scheme: dark)"');
    const [style, css] = [html.indexOf("--accent:#123456"), html.indexOf("branding/css?v=3")];
    expect(html.indexOf("forced-colors.css")).toBeLessThan(style);
    expect(html).toContain('url("branding/background?v=2")');
    expect(style).toBeLessThan(css);
    expect(css).toBeLessThan(html.indexOf("</head>"));
  });
});

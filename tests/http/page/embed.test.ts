// The embedded players: by their addresses, in themes and colours, and who may frame them.
import { describe, expect, test } from "bun:test";
import { adminConfig, App } from "../app.ts";

const two = adminConfig([{}, { path: "/jazz/late" }]);

describe("the page's own player", () => {
  test("is at the root, where the page's addresses hold", async () => {
    await using app = await App.start(two);
    const { status, headers } = await app.ask("/embed/jazz/late?script=1&theme=dark&color=00539c");
    expect(status).toBe(302);
    const location = headers.get("location") ?? "";
    expect(location).toStartWith("../../embed?");
    const found = await app.ask(`/${location.replaceAll("../", "")}`);
    expect(found.text).toContain('data-view="embed"');
    expect(found.text).toContain('src="app.js"');
    expect(found.text).toContain('href="./?mount=%2Fjazz%2Flate"');
    expect(found.headers.get("content-security-policy")).toContain("default-src 'self'");
  });

  test("is in the theme and near the colour that its address asks for", async () => {
    await using app = await App.start();
    const styleOf = async (query: string) => {
      const { text } = await app.ask(`/embed?script=1${query}`);
      return /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? "";
    };
    expect(await styleOf("")).toContain("@media(prefers-color-scheme:dark)");
    expect(await styleOf("&theme=light&color=00539c")).toContain("--accent:#00539c");
    const dark = await styleOf("&theme=dark&color=%2300539c");
    expect(dark).toContain("color-scheme:dark");
    expect(dark).not.toContain("prefers-color-scheme");
    expect(dark).not.toContain("--accent:#00539c");
    expect(await styleOf('&theme=pink&color=red"}')).toBe(await styleOf(""));
  });

  test("loads its scripts in a frame that has no origin", async () => {
    await using app = await App.start();
    for (const path of ["/app.js", "/embed?script=1", "/api/status"])
      expect((await app.ask(path)).headers.get("access-control-allow-origin")).toBe("*");
  });
});

test("the plain player has the theme and the colour too, and so has its title", async () => {
  await using app = await App.start();
  const { text } = await app.ask("/embed/stream?theme=dark&color=ffcc00");
  expect(text).toContain("color-scheme:dark");
  expect(text).toContain("--accent:#ffcc00");
  expect(text).not.toContain("prefers-color-scheme");
  expect(text).toContain("now?mount=%2Fstream&amp;theme=dark&amp;color=ffcc00");
  const now = await app.ask("/embed/now?mount=/stream&theme=dark&color=ffcc00");
  expect(now.text).toContain("--accent:#ffcc00");
});

test("only the sites that the configuration names may frame a player, once it names some", async () => {
  const page = { ...two.page, embedOn: ["https://example.org", "https://*.example.net"] };
  await using app = await App.start({ ...two, page });
  for (const path of ["/embed", "/embed?script=1", "/embed/now"]) {
    const policy = (await app.ask(path)).headers.get("content-security-policy");
    expect(policy).toEndWith("frame-ancestors 'self' https://example.org https://*.example.net");
  }
  app.station.reconfigure(two);
  for (const path of ["/embed", "/embed?script=1"]) {
    const policy = (await app.ask(path)).headers.get("content-security-policy");
    expect(policy).not.toContain("frame-ancestors");
  }
});

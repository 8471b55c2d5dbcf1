// oEmbed: what programs that embed links are answered, and which links are the station's.
import { describe, expect, test } from "bun:test";
import { linkedMount } from "../../../src/http/page/linked-mount.ts";
import { oembedOf } from "../../../src/http/page/oembed.ts";
import { adminConfig, App, trusting } from "../app.ts";
import { unfurl } from "./unfurl.ts";
import { BASE, viewWith } from "./view.ts";

const ANY = { width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY };

describe("an answer", () => {
  test("has the player, what plays and its picture", () => {
    const found = oembedOf(viewWith({ artworkId: "c0ffee" }), ANY);
    expect(found).toMatchObject({
      version: "1.0",
      type: "rich",
      title: "A Song – A Guest · Test Radio",
      provider_name: "Test Radio",
      provider_url: `${BASE}/`,
      thumbnail_url: `${BASE}/artwork/c0ffee.png`,
      thumbnail_width: 400,
      thumbnail_height: 400,
      width: 480,
      height: 170,
    });
    expect(found.html).toStartWith(
      `<iframe src="${BASE}/embed/stream?script=1" title="Test Radio"`,
    );
  });

  test.each([
    [
      { width: 320, height: 100 },
      { width: 320, height: 100 },
    ],
    [
      { width: 10, height: 10 },
      { width: 300, height: 80 },
    ],
    [
      { width: 9000, height: 9000 },
      { width: 480, height: 170 },
    ],
  ])("is no larger than %j", (most, size) => {
    const found = oembedOf(viewWith(), most);
    expect(found).toMatchObject(size);
    expect(found.html).toContain(`width="${size.width}" height="${size.height}"`);
    expect("thumbnail_url" in found).toBe(most.width >= 400);
  });

  test("cannot be left by a station's name", () => {
    const { html } = oembedOf(viewWith({}, { name: '"><script>alert(1)</script>' }), ANY);
    expect(html).not.toContain("<script");
    expect(html.match(/</g)).toHaveLength(2);
  });
});

test.each([
  ["https://radio.example/live", ""],
  ["https://radio.example/live/", ""],
  ["http://radio.example/live/", ""],
  ["https://radio.example/live/index.html?mount=/jazz", "/jazz"],
  ["https://radio.example/live/?mount=%2Fjazz+%26+more", null],
  ["https://radio.example/live/embed/jazz?script=1", "/jazz"],
  ["https://radio.example/live/embed?mount=/jazz", "/jazz"],
  ["https://radio.example/live/jazz", "/jazz"],
  ["https://radio.example/live/folder/", ""],
  ["/", ""],
  ["/?mount=/jazz", "/jazz"],
  ["//other.example/", null],
  ["https://radio.example/", null],
  ["https://radio.example/lively", null],
  ["https://radio.example:8443/live/", null],
  ["https://other.example/live/", null],
  ["ftp://radio.example/live/", null],
  ["javascript:alert(1)", null],
  ["nonsense", null],
])("the link %s is about %j", (link, path) => {
  expect(linkedMount(link, ["https://radio.example/live"])).toBe(path);
});

describe("a station", () => {
  const two = adminConfig([{}, { path: "/jazz", metadata: { stationName: "Jazz & more" } }]);

  test("answers where its page says, as JSON and as XML", async () => {
    await using app = await App.start(two);
    app.play("/jazz", "live", "Blue <Note>");
    const { oembed } = unfurl((await app.ask("/?mount=/jazz")).text);
    const at = (type: string) => (oembed[type] ?? "").replace("http://radio.example:8001", "");
    const { status, headers, text } = await app.ask(at("application/json+oembed"));
    expect([status, headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    expect(JSON.parse(text)).toMatchObject({
      title: "Blue <Note> · Jazz & more",
      author_url: "http://radio.example:8001/?mount=%2Fjazz",
    });
    const xml = await app.ask(at("text/xml+oembed"));
    expect(xml.headers.get("content-type")).toStartWith("text/xml");
    expect(xml.text).toContain("<title>Blue &lt;Note&gt; · Jazz &amp; more</title>");
    expect(xml.text).toContain("<html>&lt;iframe src=&quot;");
  });

  test.each([
    ["/oembed", 422],
    ["/oembed?url=https://other.example/", 404],
    ["/oembed?url=http://radio.example:8001/nowhere", 404],
    ["/oembed?url=http://radio.example:8001/&format=yaml", 501],
  ])("answers %s with %d", async (path, status) => {
    await using app = await App.start(two);
    expect((await app.ask(path)).status).toBe(status);
  });

  test("goes by its public address everywhere, whatever a client calls it", async () => {
    const { server, ...rest } = two;
    const config = { ...rest, server: { ...server, publicUrl: BASE } };
    await using app = await App.start(config);
    const { canonical, tags, oembed } = unfurl((await app.ask("/?mount=/jazz")).text);
    expect(canonical).toBe(`${BASE}/?mount=%2Fjazz`);
    for (const address of [tags["og:image"], tags["og:audio"], ...Object.values(oembed)])
      expect(address).toStartWith(`${BASE}/`);
    const link = encodeURIComponent(canonical);
    expect((await app.ask(`/oembed?url=${link}`)).status).toBe(200);
  });

  test("goes by what a trusted proxy says, and by no other's word", async () => {
    await using app = await App.start(trusting(two, "10.0.0.1"));
    const headers = { "x-forwarded-host": "listen.example", "x-forwarded-proto": "https" };
    const from = async (address: string) =>
      unfurl((await app.ask("/", { from: address, headers })).text).canonical;
    expect(await from("10.0.0.1")).toBe("https://listen.example/");
    expect(await from("192.0.2.1")).toBe("http://radio.example:8001/");
  });
});

// The station's own files for the page: read at the start and at a reload, bounded, and served as what they are.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { checkBranding } from "../../src/branding/check-branding.ts";
import { readPng, squareIcon } from "../../src/branding/square-icon.ts";
import { newBitmap } from "../../src/lib/bitmap.ts";
import { adminConfig, App, AS_ADMIN } from "../http/app.ts";
import { scratch, until } from "../support/station.ts";

/** A picture of one colour: red, green and blue. */
async function png(width: number, height: number, colour: readonly number[]) {
  const { file, rowAt } = newBitmap(width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) file.set(colour.toReversed(), rowAt(y) + x * 3);
  return new Uint8Array(await new Bun.Image(file).png().bytes());
}

const SVG = '<?xml version="1.0"?>\n<!-- ours -->\n<svg xmlns="http://www.w3.org/2000/svg"/>';

type Files = Readonly<Record<string, Uint8Array | string>>;

async function branded(folder: string, files: Files, more: object = {}) {
  for (const [name, content] of Object.entries(files)) await Bun.write(join(folder, name), content);
  const config = adminConfig();
  const path = (name: string) => (name in files ? join(folder, name) : "");
  const own = { logo: path("logo"), background: path("background"), css: path("own.css") };
  return { ...config, branding: { ...config.branding, ...own, ...more } };
}

const HOME = "/branding";

describe("the files of a station's look", () => {
  test("are on the page, with their types and under a policy of their own", async () => {
    await using folder = await scratch();
    const files = {
      logo: await png(40, 20, [200, 0, 0]),
      background: await png(8, 8, [0, 0, 200]),
      "own.css": "h1 { color: teal }",
    };
    await using app = await App.start(await branded(folder.path, files));
    await until("the files are read", () => app.station.brand.css !== null);
    const { text } = await app.ask("/");
    for (const [kind, type] of [
      ["logo", "image/png"],
      ["background", "image/png"],
      ["css", "text/css; charset=utf-8"],
    ] as const) {
      const [address = ""] = new RegExp(`branding/${kind}\\?v=\\w+`).exec(text) ?? [];
      const { status, headers } = await app.ask(`/${address}`);
      expect([status, headers.get("content-type")]).toEqual([200, type]);
      expect(headers.get("cache-control")).toContain("immutable");
      expect(headers.get("content-security-policy")).toContain("sandbox");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      const tag = { "if-none-match": headers.get("etag") ?? "" };
      expect((await app.ask(`/${address}`, { headers: tag })).status).toBe(304);
    }
  });

  test("change with a reload, and go with it", async () => {
    await using folder = await scratch();
    const first = await branded(folder.path, { logo: await png(4, 4, [1, 2, 3]) });
    await using app = await App.start(first);
    const logo = async () => /branding\/logo\?v=\w+/.exec((await app.ask("/")).text)?.[0] ?? null;
    await until("the logo is there", async () => (await logo()) !== null);
    const before = await logo();
    await Bun.write(first.branding.logo, SVG);
    app.station.reconfigure({ ...first });
    await until("it is another", async () => (await logo()) !== before);
    expect((await app.ask("/favicon.ico")).headers.get("content-type")).toBe("image/svg+xml");
    app.station.reconfigure(adminConfig());
    await until("there is none", async () => (await logo()) === null);
    expect((await app.ask(`${HOME}/logo`)).status).toBe(404);
  });

  test("that cannot be used are named, and the page goes without them", async () => {
    await using folder = await scratch();
    const files = {
      logo: "no picture at all",
      background: SVG,
      "own.css": new Uint8Array([0xff, 0xfe, 0x41]),
    };
    const config = await branded(folder.path, files, { accent: "#ffcc00" });
    await using app = await App.start(config);
    const named = () => app.logged.filter((line) => line.includes("is not used")).length;
    await until("they are named", () => named() === 3);
    expect(app.logged.join("\n")).toContain("is not used: not a PNG, JPEG, WebP or SVG");
    expect((await app.ask("/")).text).not.toContain("branding/logo?");
    const { findings } = JSON.parse(
      (await app.ask("/api/admin/doctor", { headers: AS_ADMIN })).text,
    ) as { readonly findings: readonly { readonly sentence: string }[] };
    const sentences = findings.map(({ sentence }) => sentence).join("\n");
    expect(sentences).toContain(`branding.css ${config.branding.css} is not used: not in UTF-8`);
    expect(sentences).toContain("branding.accent #ffcc00 has a contrast of 1.3:1");
    const said = await checkBranding(config);
    expect(said).toHaveLength(3);
    expect(said.join("\n")).toContain("own.css is not used: not in UTF-8");
  });

  test("are bounded in bytes and in pixels", async () => {
    await using folder = await scratch();
    const large = new Uint8Array((1 << 20) + 1);
    large.set(await png(4, 4, [0, 0, 0]));
    const config = await branded(folder.path, { logo: large });
    expect(await checkBranding(config)).toEqual([
      `branding.logo ${config.branding.logo} is not used: too large`,
    ]);
    const huge = await png(16, 16, [0, 0, 0]);
    new DataView(huge.buffer).setUint32(16, 60_000);
    new DataView(huge.buffer).setUint32(20, 60_000);
    await Bun.write(config.branding.logo, huge);
    expect((await checkBranding(config))[0]).toMatch(
      / is not used: (too large, in pixels|a damaged picture)$/,
    );
  });
});

describe("an icon", () => {
  test("is the logo on the ground of the page, square whatever the logo is", async () => {
    const icon = readPng(await squareIcon(await png(40, 20, [200, 0, 0]), 50, "#00ff00"));
    expect([icon.width, icon.height]).toEqual([50, 50]);
    const at = (x: number, y: number) => [
      ...icon.bytes.slice((y * 50 + x) * 4, (y * 50 + x) * 4 + 3),
    ];
    expect(at(0, 0)).toEqual([0, 255, 0]);
    expect(at(25, 25)).toEqual([200, 0, 0]);
    expect(at(25, 5)).toEqual([0, 255, 0]);
  });

  test("is all logo if that is a square", async () => {
    const icon = readPng(await squareIcon(await png(20, 20, [200, 0, 0]), 50, "#00ff00"));
    expect([...icon.bytes.slice(0, 3)]).toEqual([200, 0, 0]);
  });

  test("comes with the page where there is no logo of pixels, also in the manifest", async () => {
    await using folder = await scratch();
    await using app = await App.start(await branded(folder.path, { logo: SVG }));
    await until("the logo is there", () => app.station.brand.logo !== null);
    const { headers, text } = await app.ask("/manifest.webmanifest");
    expect(headers.get("content-type")).toStartWith("application/manifest+json");
    const { icons, name } = JSON.parse(text) as {
      readonly name: string;
      readonly icons: readonly { readonly src: string; readonly type: string }[];
    };
    expect(name).toBe("Test Radio");
    expect(icons.map(({ type }) => type)).toEqual(["image/svg+xml", "image/png", "image/png"]);
    for (const { src, type } of icons) {
      const answer = await app.ask(`/${src}`);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, type]);
    }
    expect((await app.ask("/apple-touch-icon.png")).headers.get("content-type")).toBe("image/png");
  });
});

// The page of a station with a look of its own, and what its link says elsewhere.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { unfurl } from "../http/page/unfurl.ts";
import { newBitmap } from "../../src/lib/bitmap.ts";
import { scratch, until } from "../support/station.ts";
import { examine } from "./axe.ts";
import { browser, closeBrowser, executablePath, signIn, visit } from "./browser.ts";
import { MUSIC, type Radio, startRadio } from "./radio.ts";

const STATION = { station_name: "Harbour & Sons", station_description: "Slow music" };

let files: Awaited<ReturnType<typeof scratch>>;
let radio: Radio;

/** A wide logo, as PNG, and a style sheet that loads from elsewhere too. */
async function writeFiles(folder: string): Promise<void> {
  const { file } = newBitmap(300, 120);
  file.fill(120, 60);
  await new Bun.Image(file).png().write(join(folder, "logo.png"));
  await Bun.write(
    join(folder, "own.css"),
    ".station h1 { letter-spacing: 3px } .tagline { background: url(http://elsewhere.invalid/x.png) }",
  );
}

const look = (accent: string) => `branding {
  logo = "${join(files.path, "logo.png")}"
  accent = "${accent}"
  background = "#d7e8f5"
  css = "${join(files.path, "own.css")}"
}
page {
  show_listeners = false
  show_developer_links = false
}
link "Mastodon" {
  url = "https://social.example/@harbour"
}
`;

beforeAll(async () => {
  if (executablePath === null) return;
  files = await scratch();
  await writeFiles(files.path);
  const mounts = [{ music: MUSIC, metadata: STATION }];
  radio = await startRadio(mounts, undefined, look("#00539c"));
  const page = async () => (await fetch(radio.url)).text();
  await until("a track is heard", async () => (await page()).includes("– Cycast · "));
  await browser();
}, 120_000);

afterAll(async () => {
  await closeBrowser();
  if (executablePath === null) return;
  await radio[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
});

describe.skipIf(executablePath === null)("a station with a look of its own", () => {
  test("has its logo, colours and style sheet on the page, and all can read it", async () => {
    await using visited = await visit(radio.url);
    const { page } = visited;
    await page.locator("#artist", { hasText: "Cycast" }).waitFor();
    const styleOf = (selector: string, name: string) =>
      page.evaluate<string>(
        `getComputedStyle(document.querySelector("${selector}")).getPropertyValue("${name}")`,
      );
    await page.emulateMedia({ colorScheme: "light" });
    expect(await styleOf("#share", "color")).toBe("rgb(0, 83, 156)");
    expect(await styleOf(".station h1", "letter-spacing")).toBe("3px");
    const mark = await page.locator(".mark").boundingBox();
    expect((mark?.width ?? 0) / (mark?.height ?? 1)).toBeCloseTo(2.5, 1);
    expect(await page.getByRole("link", { name: "Mastodon" }).getAttribute("href")).toBe(
      "https://social.example/@harbour",
    );
    expect(await page.getByRole("link", { name: "API documentation" }).count()).toBe(0);
    expect(await page.locator("body").innerText()).not.toMatch(/\d listener/);
    expect(await examine(page)).toEqual([]);
    // The policy of the page holds for the operator's style sheet too.
    const refused = visited.complaints.filter((complaint) =>
      complaint.includes("elsewhere.invalid"),
    );
    expect(refused.join()).toContain("Content Security Policy");
  }, 120_000);

  test("changes it by a reload, without a restart", async () => {
    await using desk = await visit(radio.url, "/admin");
    await signIn(desk.page);
    await desk.page.locator("#file-state", { hasText: "config.hcl is what runs." }).waitFor();
    await radio.rewrite("", look("#7a0046"));
    await desk.page.getByRole("button", { name: "Reload configuration" }).click();
    await until("the accent is another", async () => {
      const html = await (await fetch(radio.url)).text();
      return html.includes("--accent:#7a0046");
    });
  }, 120_000);
});

describe.skipIf(executablePath === null)("a link to the page", () => {
  test("unfurls with the station's name, what plays and a PNG of it", async () => {
    const { title, tags, oembed, things } = unfurl(await (await fetch(radio.url)).text());
    expect(title).toMatch(/^.+ – Cycast · Harbour & Sons$/);
    expect(tags).toMatchObject({
      "og:site_name": "Harbour & Sons",
      "og:title": title,
      "og:url": `${radio.url}/`,
      "og:description": "Slow music (Various)",
    });
    expect(things.map((thing) => thing["@type"])).toEqual(["RadioStation", "BroadcastEvent"]);
    const picture = await fetch(tags["og:image"] ?? "");
    expect(picture.headers.get("content-type")).toBe("image/png");
    const { width, height, format } = await new Bun.Image(await picture.bytes()).metadata();
    expect({ width, height, format }).toEqual({ width: 400, height: 400, format: "png" });
    const embed = (await (await fetch(oembed["application/json+oembed"] ?? "")).json()) as {
      readonly title: string;
      readonly html: string;
    };
    expect(embed.title).toBe(title);
    const [, source = ""] = /src="([^"]+)"/.exec(embed.html) ?? [];
    expect(await (await fetch(source)).text()).toContain('data-view="embed"');
  }, 120_000);

  test("can be put on a home screen, with the station's own icon", async () => {
    const manifest = (await (await fetch(`${radio.url}/manifest.webmanifest`)).json()) as {
      readonly name: string;
      readonly icons: readonly { readonly src: string; readonly sizes: string }[];
    };
    expect(manifest.name).toBe("Harbour & Sons");
    for (const { src, sizes } of manifest.icons) {
      const icon = await (await fetch(`${radio.url}/${src}`)).bytes();
      const { width, height } = await new Bun.Image(icon).metadata();
      expect(`${width}x${height}`).toBe(sizes);
    }
  }, 120_000);
});

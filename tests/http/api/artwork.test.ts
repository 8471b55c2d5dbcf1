// The pictures: the one in a track's file, and the one that is drawn; and the embedded player's head.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { pictureType } from "../../../src/input/playlist/picture.ts";
import { newBitmap } from "../../../src/lib/bitmap.ts";
import { concat, mpegFrames } from "../../format/mpeg-builder.ts";
import { testConfig } from "../../support/config.ts";
import { scratch, startStation, until } from "../../support/station.ts";
import { App, adminConfig } from "../app.ts";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3, 4]);

/** An ID3v2.3 tag whose one frame is a picture. */
function pictured(image: Uint8Array): Uint8Array {
  const body = concat(new TextEncoder().encode("\0image/png\0\x03\0"), image);
  const tag = new Uint8Array(20 + body.length);
  tag.set(new TextEncoder().encode("ID3\x03\0\0"));
  tag.set([0, 0, (10 + body.length) >> 7, (10 + body.length) & 127], 6);
  tag.set(new TextEncoder().encode("APIC"), 10);
  tag.set([0, 0, body.length >> 8, body.length & 255, 0, 0], 14);
  tag.set(body, 20);
  return tag;
}

test("a track's picture is named by its content, and need not be sent twice", async () => {
  await using folder = await scratch();
  await Bun.write(join(folder.path, "a.mp3"), concat(pictured(PNG), ...mpegFrames(400)));
  await using radio = await startStation(testConfig([{ playlist: { directory: folder.path } }]));
  const url = () => radio.station.facts().mounts[0].artworkId;
  await until("the picture is found", () => url() !== null);
  const asked = `${radio.url}/artwork/${url()}`;
  const answer = await fetch(asked);
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(answer.headers.get("cache-control")).toContain("immutable");
  expect(await answer.bytes()).toEqual(PNG);
  const etag = answer.headers.get("etag") ?? "";
  expect((await fetch(asked, { headers: { "if-none-match": etag } })).status).toBe(304);
});

test("a track's picture is a PNG for previews of links too, and one that is damaged is drawn", async () => {
  await using folder = await scratch();
  const { file } = newBitmap(30, 30);
  const jpeg = new Uint8Array(await new Bun.Image(file.fill(90, 60)).jpeg().bytes());
  for (const [picture, isDrawn] of [
    [jpeg, false],
    [PNG, true],
  ] as const) {
    await Bun.write(join(folder.path, "a.mp3"), concat(pictured(picture), ...mpegFrames(400)));
    await using radio = await startStation(testConfig([{ playlist: { directory: folder.path } }]));
    const id = () => radio.station.facts().mounts[0].artworkId;
    await until("the picture is found", () => id() !== null);
    const answer = await fetch(`${radio.url}/artwork/${id()}.png`);
    expect(answer.headers.get("content-type")).toBe("image/png");
    const png = await answer.bytes();
    const { width, height } = await new Bun.Image(png).metadata();
    expect([width, height]).toEqual([400, 400]);
    expect(png.length > 20_000).toBe(isDrawn);
  }
});

test("what is no image is no picture, whatever its tag says", () => {
  expect(pictureType(PNG)).toBe("image/png");
  expect(pictureType(new TextEncoder().encode("<svg onload=alert(1)>"))).toBeNull();
});

test("an unknown picture is 404, and one is drawn for every title, the same each time", async () => {
  await using app = await App.start();
  expect((await app.ask("/artwork/unknown")).status).toBe(404);
  const [a, again, b] = [
    await app.ask("/artwork/sunrise.svg?artist=A&title=B"),
    await app.ask("/artwork/sunrise.svg?artist=A&title=B"),
    await app.ask("/artwork/sunrise.svg?artist=A&title=C"),
  ];
  expect(a.headers.get("content-type")).toBe("image/svg+xml");
  expect(a.text).toBe(again.text);
  expect(a.text).not.toBe(b.text);
});

test("the embedded player has no script, may be in any frame, and escapes what a source sends", async () => {
  await using app = await App.start();
  app.play("/stream", "live", "<script>x</script>");
  const now = await app.ask("/embed/now");
  expect(now.text).toContain("&lt;script&gt;");
  expect(now.text).not.toContain("<script");
  const player = await app.ask("/embed/stream");
  // Not even `*` would let in a page of file: or of an app: it stands for the schemes of the network.
  expect(player.headers.get("content-security-policy")).not.toContain("frame-ancestors");
  expect(player.headers.has("x-frame-options")).toBe(false);
  expect(player.headers.get("access-control-allow-origin")).toBe("*");
  expect(player.text).not.toContain("<script");
  expect((await app.ask("/embed?mount=/nowhere")).status).toBe(404);
});

test.each(["/jazz", "jazz", "//jazz", "%2Fjazz%2F"])(
  "the embedded player knows a mount by the name %s",
  async (name) => {
    await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
    expect((await app.ask(`/embed?mount=${name}`)).text).toContain('src="./jazz"');
    expect((await app.ask(`/embed/now?mount=${name}`)).text).toContain("mount=%2Fjazz");
  },
);

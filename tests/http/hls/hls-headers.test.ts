// The heads of HLS answers, header for header: those that are prepared miss what every other answer gets on its way out.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SERVER } from "../../../src/lib/version.ts";
import { CD_QUALITY, FakeInput } from "../../mount/fake-input.ts";
import { framesAt, read } from "../../hls/hls-rig.ts";
import { App, adminConfig, type Ask } from "../app.ts";

const LIST = "/stream/hls/mp3.m3u8";
const GZIP = { "accept-encoding": "gzip" };

let app: App;
let segment: string;

async function head(path: string, init: Ask = {}) {
  const { status, headers } = await app.raw(path, init);
  const { etag, "content-length": length, ...others } = headers.toJSON();
  return { status, etag: etag ?? null, length: Number(length ?? -1), others };
}

beforeAll(async () => {
  app = await App.start(adminConfig([{ hls: { enabled: true, sessions: false, segment: 1 } }]));
  const input = new FakeInput("live", "A Song");
  input.ready = true;
  input.format = CD_QUALITY;
  const mount = app.mount();
  mount.attach(input);
  for (let i = 0; i < 10; i++) {
    mount.write(input, framesAt(mount.ring.head, 38, 1152, CD_QUALITY), app.wall.ms);
    app.wall.ms += 1000;
  }
  segment = `/stream/hls/${read((await app.ask(LIST)).text).segments.at(-1)?.name ?? ""}`;
});

afterAll(() => app[Symbol.asyncDispose]());

const OPEN = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Age, Date, ETag",
  "cross-origin-resource-policy": "cross-origin",
  server: SERVER,
  "x-content-type-options": "nosniff",
};
const PLAYLIST = {
  ...OPEN,
  "cache-control": "public, max-age=1, stale-if-error=30",
  "content-type": "application/vnd.apple.mpegurl",
  vary: "Accept-Encoding",
};
const LASTING = { ...OPEN, "cache-control": "public, max-age=86400, immutable" };
const SEGMENT = { ...LASTING, "content-type": "audio/mpeg" };

describe("a playlist", () => {
  test("has these headers, to HEAD as to GET, compressed or not, and with 304", async () => {
    const { etag, length, ...plain } = await head(LIST);
    expect(plain).toEqual({ status: 200, others: PLAYLIST });
    expect(length).toBe((await app.ask(LIST)).text.length);
    expect(await head(LIST, { method: "HEAD" })).toEqual({ etag, length, ...plain });
    const packed = await head(LIST, { headers: GZIP });
    expect(packed.others).toEqual({ ...PLAYLIST, "content-encoding": "gzip" });
    const again = { headers: { "if-none-match": etag ?? "" } };
    const unchanged = { status: 304, etag, length: -1, others: PLAYLIST };
    expect(await head(LIST, again)).toEqual(unchanged);
    const both = { headers: { ...GZIP, "if-none-match": packed.etag ?? "" } };
    expect(await head(LIST, both)).toEqual({ ...unchanged, etag: packed.etag });
  });
});

describe("a segment", () => {
  test("has these headers, to HEAD as to GET, and with 304", async () => {
    const etag = `"${segment.slice("/stream/hls/".length)}"`;
    const { length } = await head(segment);
    const whole = { status: 200, etag, length, others: SEGMENT };
    expect(length).toBe((await (await app.raw(segment)).bytes()).length);
    for (const init of [
      {},
      { method: "HEAD" },
      { headers: GZIP },
      { headers: { range: "bytes=0-9" } },
    ])
      expect(await head(segment, init)).toEqual(whole);
    const unchanged = { status: 304, etag, length: -1, others: LASTING };
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"])
      expect(await head(segment, { headers: { "if-none-match": known } })).toEqual(unchanged);
  });
});

test("a refusal has these headers", async () => {
  const text = { "content-type": "text/plain;charset=utf-8", vary: "Accept-Encoding" };
  const others = { ...OPEN, "cache-control": "public, max-age=1", ...text };
  for (const name of ["nothing.mp3", "aac.m3u8"])
    expect(await head(`/stream/hls/${name}`)).toMatchObject({ status: 404, others });
});

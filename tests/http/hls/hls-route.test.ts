// HLS over HTTP: what players, caches and pages of other sites get, and what wrong requests get.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { CD_QUALITY, FakeInput } from "../../mount/fake-input.ts";
import { framesAt, read, VORBIS } from "../../hls/hls-rig.ts";
import { type Answer, App, adminConfig, type Ask } from "../app.ts";
import { type Document, operationsOf } from "../told.ts";

const FRAME_SECONDS = 1152 / 44_100;

let app: App;
let song: FakeInput;

function onAir(path: string, format = CD_QUALITY): FakeInput {
  const input = new FakeInput("live", "A Song");
  input.ready = true;
  input.format = format;
  app.mount(path).attach(input);
  return input;
}

function play(path: string, input: FakeInput, seconds: number): void {
  const { ring } = app.mount(path);
  for (let i = 0; i < seconds; i++) {
    const count = Math.round(1 / FRAME_SECONDS);
    const frames = framesAt(ring.head, count, 1152, input.format ?? CD_QUALITY);
    app.mount(path).write(input, frames, app.wall.ms);
    app.wall.ms += 1000;
  }
}

const LIST = "/stream/hls/mp3.m3u8";
const GZIP = { headers: { "accept-encoding": "gzip" } };

const ask = (path: string, init: Ask = {}): Promise<Answer> => app.ask(path, init);
const listed = async () => read((await ask(LIST)).text);

beforeAll(async () => {
  const shared = { enabled: true, sessions: false };
  const others = ["/ogg", "/new", "/turning"].map((path) => ({ path, hls: shared }));
  const closed = { path: "/closed", hls: { enabled: true }, rules: { deny: ["127.0.0.1"] } };
  const first = { hls: { ...shared, segment: 2 } };
  app = await App.start(adminConfig([first, { path: "/off" }, closed, ...others]));
  song = onAir("/stream");
  play("/stream", song, 30);
  play("/ogg", onAir("/ogg", VORBIS), 3);
});

afterAll(() => app[Symbol.asyncDispose]());

describe("a multivariant playlist", () => {
  test("names the media playlist with its codec and bit rates", async () => {
    const { status, text, headers } = await ask("/stream/hls/index.m3u8");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
    const [head, version, stream, uri, end] = text.split("\n");
    expect([head, version, uri, end]).toEqual(["#EXTM3U", "#EXT-X-VERSION:3", "mp3.m3u8", ""]);
    const [, peak, mean] =
      /^#EXT-X-STREAM-INF:BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+),CODECS="mp4a\.40\.34"$/.exec(
        stream ?? "",
      ) ?? [];
    // 100 bytes a frame, and the tag of each segment.
    const net = (100 * 8) / FRAME_SECONDS;
    expect(Number(mean)).toBeGreaterThan(net);
    expect(Number(peak)).toBeGreaterThanOrEqual(Number(mean));
    expect(Number(peak)).toBeLessThan(net * 1.1);
  });

  test("waits for the first segment", async () => {
    const asked = ask("/new/hls/index.m3u8");
    play("/new", onAir("/new"), 8);
    expect(await asked).toMatchObject({ status: 200 });
  });

  test("is found in any spelling of the mount's path", async () => {
    for (const path of ["//stream//hls/index.m3u8", "/%73tream/hls/index.m3u8?x=1"])
      expect((await ask(path)).status, path).toBe(200);
  });
});

describe("a media playlist", () => {
  test("is kept for a second by caches, may be read by pages of any site, and has a strong tag", async () => {
    const { status, headers } = await ask(LIST);
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("public, max-age=1, stale-if-error=30");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("etag")).toMatch(/^"[a-z0-9]+"$/);
  });

  test("is 304 for those who have it, until the next segment", async () => {
    const { headers } = await ask(LIST);
    const again = { headers: { "if-none-match": headers.get("etag") ?? "" } };
    expect(await ask(LIST, again)).toMatchObject({ status: 304, text: "" });
    play("/stream", song, 3);
    expect((await ask(LIST, again)).status).toBe(200);
  });

  test("is compressed for those who take that, under a tag of its own", async () => {
    const plain = await ask(LIST);
    const packed = await app.raw(LIST, GZIP);
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(packed.headers.get("vary")).toBe("Accept-Encoding");
    const bytes = await packed.bytes();
    expect(packed.headers.get("content-length")).toBe(String(bytes.length));
    expect(new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(bytes)))).toBe(plain.text);
    const tag = packed.headers.get("etag") ?? "";
    expect(tag).not.toBe(plain.headers.get("etag"));
    const again = { headers: { ...GZIP.headers, "if-none-match": tag } };
    expect((await ask(LIST, again)).status).toBe(304);
  });

  test("has to HEAD the headers that GET would get", async () => {
    const [head, get] = [await ask(LIST, { method: "HEAD" }), await ask(LIST)];
    expect(head).toMatchObject({ status: 200, text: "" });
    for (const name of ["etag", "content-type", "cache-control"])
      expect(head.headers.get(name)).toBe(get.headers.get(name));
  });

  test("of a codec that the mount does not play is 404", async () => {
    expect((await ask("/stream/hls/aac.m3u8")).status).toBe(404);
  });
});

describe("a blocking reload", () => {
  test("is answered with the segment that it asks for, once that is there", async () => {
    const next = ((await listed()).segments.at(-1)?.number ?? 0) + 1;
    const asked = [next, next + 1].map((number) => ask(`${LIST}?_HLS_msn=${number}`));
    play("/stream", song, 5);
    for (const [i, answer] of (await Promise.all(asked)).entries())
      expect(read(answer.text).segments.at(-1)?.number).toBeGreaterThanOrEqual(next + i);
  });

  test("is answered at once for a segment that is there", async () => {
    const { sequence } = await listed();
    expect((await ask(`${LIST}?_HLS_msn=${sequence}`)).status).toBe(200);
  });

  test.each([
    ["too far ahead", (last: number) => `_HLS_msn=${last + 3}`],
    ["not a number", () => "_HLS_msn=next"],
    ["negative", () => "_HLS_msn=-1"],
    ["a part without its segment", () => "_HLS_part=1"],
  ])("is 400 if it is %s", async (_, query) => {
    const last = (await listed()).segments.at(-1)?.number ?? 0;
    expect((await ask(`${LIST}?${query(last)}`)).status).toBe(400);
  });

  test("is over when its client leaves", async () => {
    const next = ((await listed()).segments.at(-1)?.number ?? 0) + 1;
    const { playlist } = app.station.parts("/stream")?.hls ?? {};
    const leaving = new AbortController();
    const asked = ask(`${LIST}?_HLS_msn=${next}`, { signal: leaving.signal });
    expect(playlist?.waiting.count).toBe(1);
    leaving.abort();
    expect((await asked).status).toBe(503);
    expect(playlist?.waiting.count).toBe(0);
  });
});

describe("a segment", () => {
  async function newest(): Promise<string> {
    return `/stream/hls/${(await listed()).segments.at(-1)?.name ?? ""}`;
  }

  test("never changes: caches keep it for a day", async () => {
    const path = await newest();
    const { status, headers } = await ask(path);
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("public, max-age=86400, immutable");
    expect(headers.get("content-type")).toBe("audio/mpeg");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("content-encoding")).toBeNull();
    const again = { headers: { "if-none-match": headers.get("etag") ?? "" } };
    expect((await ask(path, again)).status).toBe(304);
  });

  test("has its length, and to HEAD no body", async () => {
    const path = await newest();
    const { headers } = await ask(path, { method: "HEAD" });
    const bytes = await (await app.raw(path)).bytes();
    expect(headers.get("content-length")).toBe(String(bytes.length));
    expect(Buffer.from(bytes).toString("latin1", 0, 3)).toBe("ID3");
  });

  test.each([
    (name: string) => name.replace(/^./, (first) => (first === "0" ? "1" : "0")),
    (name: string) => name.replace("-", "-9"),
    (name: string) => name.replace(".mp3", ".aac"),
    (name: string) => name.replace("-", "-init"),
    () => "..%2f..%2fetc%2fpasswd",
    () => "constructor.m3u8",
    () => "",
  ])("of another name is 404", async (spoil) => {
    const name = (await newest()).replace("/stream/hls/", "");
    const { status, headers } = await ask(`/stream/hls/${spoil(name)}`);
    expect(status).toBe(404);
    expect(headers.get("cache-control") ?? "").not.toContain("immutable");
  });
});

describe("a mount", () => {
  test("without HLS says so", async () => {
    const { status, text } = await ask("/off/hls/index.m3u8");
    expect({ status, text }).toEqual({
      status: 404,
      text: "/off has no HLS: hls.enabled is false.\n",
    });
  });

  test("whose codec has no HLS says so, at once", async () => {
    const { status, text } = await ask("/ogg/hls/index.m3u8");
    expect({ status, text }).toEqual({
      status: 404,
      text: "/ogg plays Ogg Vorbis, for which there is no HLS.\n",
    });
  });

  test("that turns to a codec without HLS ends its playlist, whose segments stay", async () => {
    const input = onAir("/turning");
    play("/turning", input, 20);
    const before = read((await ask("/turning/hls/mp3.m3u8")).text);
    const last = before.segments.at(-1);
    const waiting = ask(`/turning/hls/mp3.m3u8?_HLS_msn=${(last?.number ?? 0) + 2}`);
    input.format = VORBIS;
    play("/turning", input, 1);
    const after = read((await waiting).text);
    expect(after.isEnded).toBe(true);
    for (const { name } of after.segments)
      expect((await ask(`/turning/hls/${name}`)).status).toBe(200);
    expect((await ask("/turning/hls/index.m3u8")).status).toBe(404);
  });

  test("that a client may not listen to refuses its media playlist too", async () => {
    play("/closed", onAir("/closed"), 8);
    const { text } = await ask("/closed/hls/index.m3u8");
    const [uri = ""] = text.split("\n").filter((line) => line.startsWith("mp3.m3u8?"));
    const { status, headers } = await ask(`/closed/hls/${uri}`);
    expect(status).toBe(403);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("that does not exist is unknown, as anywhere", async () => {
    expect((await ask("/nowhere/hls/index.m3u8")).status).toBe(404);
  });
});

test("a reload gives a mount HLS, and takes it, while the others play on", async () => {
  await using other = await App.start(adminConfig([{ hls: { enabled: true } }, { path: "/jazz" }]));
  const next = (enabled: boolean) =>
    adminConfig([{ hls: { enabled: true } }, { path: "/jazz", hls: { enabled } }]);
  const status = async () => (await other.ask("/jazz/hls/mp3.m3u8", { method: "HEAD" })).status;
  const first = other.station.first.hls;
  const ofJazz = () => other.station.parts("/jazz")?.hls.isOn;
  expect(other.station.reconfigure(next(true)).applied).toEqual(["mount /jazz: hls.enabled"]);
  expect([ofJazz(), first.isOn]).toEqual([true, true]);
  const input = other.play("/jazz");
  other.wall.ms += 20_000;
  other.hear("/jazz", input);
  expect(await status()).toBe(200);
  other.station.reconfigure(next(false));
  expect([ofJazz(), first.isOn, await status()]).toEqual([false, true, 404]);
});

test("the API's document has the playlists and segments of mounts with HLS", async () => {
  const { text } = await ask("/swagger/json");
  const names = operationsOf(JSON.parse(text) as Document).map(({ name }) => name);
  const ofHls = names.filter((name) => name.startsWith("GET /stream/hls/")).toSorted();
  const files = ["index.m3u8", "past.m3u8", "{file}", "{playlist}.m3u8"];
  expect(ofHls).toEqual(files.map((file) => `GET /stream/hls/${file}`));
  expect(names.filter((name) => name.startsWith("GET /off/hls"))).toEqual([]);
});

// What an edge keeps of its origin's HLS, with a simulated origin on a simulated clock.
import { beforeEach, expect, test } from "bun:test";
import { OriginFiles } from "../../src/edges/origin-files.ts";

let nowMs: number;
let asked: { readonly url: string; readonly init: BunFetchRequestInit }[];
/** What the origin answers; null: it is away. */
let answer: (url: string) => Response | null;
let files: OriginFiles;

const TYPE = { "content-type": "application/vnd.apple.mpegurl" };
const playlist = (text: string) => new Response(text, { headers: TYPE });

beforeEach(() => {
  [nowMs, asked] = [0, []];
  answer = () => playlist("#EXTM3U\n");
  const trust = { verify: true, ca: null };
  files = new OriginFiles({
    folder: () => ({ href: "https://origin.example:8443/stream/hls/", trust }),
    lines: (target) => [`cycast-cluster: proof of ${target}`],
    clock: { nowMs: () => nowMs },
    fetch: (url, init) => {
      asked.push({ url, init });
      const given = answer(url);
      return given === null ? Promise.reject(new Error("refused")) : Promise.resolve(given);
    },
  });
});

const textOf = async (name: string, query = "") => (await files.get(name, query))?.text ?? null;

test("many who ask at the same time cost the origin one request, with a proof and without a redirect", async () => {
  const all = await Promise.all(Array.from({ length: 50 }, () => textOf("mp3.m3u8", "_HLS_msn=7")));
  expect(new Set(all)).toEqual(new Set(["#EXTM3U\n"]));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.url).toBe(
    "https://origin.example:8443/stream/hls/mp3.m3u8?redirect=no&_HLS_msn=7",
  );
  const headers = [["cycast-cluster", "proof of /stream/hls/mp3.m3u8"]];
  expect(asked[0]?.init).toMatchObject({ headers, redirect: "manual" });
});

test("a playlist is asked for again after a second, a segment never", async () => {
  await textOf("mp3.m3u8");
  nowMs = 999;
  await textOf("mp3.m3u8");
  expect(asked).toHaveLength(1);
  nowMs = 1000;
  await textOf("mp3.m3u8");
  expect(asked).toHaveLength(2);
  answer = () => new Response(new Uint8Array(100), { headers: { "content-type": "audio/mpeg" } });
  await files.get("run-1.mp3");
  nowMs = 3_600_000;
  expect((await files.get("run-1.mp3"))?.body.size).toBe(100);
  expect(asked).toHaveLength(3);
});

test("the last playlist is passed on for half a minute while the origin is away or fails", async () => {
  await textOf("mp3.m3u8");
  answer = () => null;
  nowMs = 5000;
  expect(await textOf("mp3.m3u8")).toBe("#EXTM3U\n");
  answer = () => new Response("no", { status: 503 });
  nowMs = 29_999;
  expect(await textOf("mp3.m3u8", "_HLS_msn=3")).toBe("#EXTM3U\n");
  nowMs = 30_000;
  expect((await files.get("mp3.m3u8"))?.status).toBe(503);
  answer = () => null;
  expect(await files.get("mp3.m3u8", "_HLS_msn=3")).toBeNull();
});

test("a refusal of a query leaves the playlist that is known", async () => {
  await textOf("mp3.m3u8");
  answer = () => new Response("too far", { status: 400 });
  expect((await files.get("mp3.m3u8", "_HLS_msn=99999"))?.status).toBe(400);
  expect(await textOf("mp3.m3u8")).toBe("#EXTM3U\n");
});

test("redirects are not followed, and what is too long is not read", async () => {
  answer = () => new Response(null, { status: 302, headers: { location: "https://elsewhere" } });
  expect(await files.get("mp3.m3u8")).toBeNull();
  answer = () => new Response("x", { headers: { "content-length": String(5 << 20) } });
  expect(await files.get("run-2.mp3")).toBeNull();
  let pieces = 0;
  const pull = (stream: ReadableStreamDefaultController) => {
    pieces++;
    stream.enqueue(new Uint8Array(1 << 20));
  };
  answer = () => new Response(new ReadableStream({ pull }));
  expect(await files.get("run-3.mp3")).toBeNull();
  expect(pieces).toBeLessThan(8);
});

test("players that make the origin wait for segments leave room for the segments", async () => {
  const waiting = Promise.withResolvers<Response>();
  const asking = new OriginFiles({
    folder: () => ({
      href: "https://origin.example/stream/hls/",
      trust: { verify: true, ca: null },
    }),
    lines: () => [],
    clock: { nowMs: () => nowMs },
    fetch: (url) =>
      url.includes("_HLS_msn") ? waiting.promise : Promise.resolve(playlist("segment")),
  });
  const all = Array.from({ length: 100 }, (_, part) =>
    asking.get("aac.m3u8", `_HLS_msn=7&_HLS_part=${part}`),
  );
  expect((await asking.get("run-1.mp3"))?.text).toBe("segment");
  waiting.resolve(playlist("#EXTM3U"));
  await Promise.all(all);
});

test("what is kept and what is under way have bounds, whatever names are asked for", async () => {
  const size = 1 << 20;
  answer = () => new Response(new Uint8Array(size), { headers: { "content-type": "audio/mpeg" } });
  for (let number = 0; number < 40; number++) await files.get(`run-${number}.mp3`);
  expect(files.bytes).toBe(16 << 20);
  asked = [];
  const all = Array.from({ length: 200 }, (_, number) => files.get(`made-up-${number}.mp3`));
  expect(asked).toHaveLength(64);
  expect((await Promise.all(all)).filter((file) => file === null)).toHaveLength(136);
});

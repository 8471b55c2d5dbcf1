// Text is compressed for who takes it, with tags and Vary that caches understand; never a stream or a tiny answer.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { compressed, takesGzip } from "../../src/http/compression.ts";
import { startStation, type TestStation } from "../support/station.ts";
import { Wire } from "../support/wire.ts";
import { AS_ADMIN, adminConfig } from "./app.ts";

const GZIP = { "accept-encoding": "gzip, deflate, br" };
const PLAIN = { "accept-encoding": "identity" };

const MANY = Array.from({ length: 12 }, (_, at) => ({ path: `/mount${at}` }));

let radio: TestStation;

beforeAll(async () => {
  radio = await startStation(adminConfig([{}, ...MANY]));
});

afterAll(async () => radio[Symbol.asyncDispose]());

/** As it comes over the wire. */
function ask(path: string, headers: Record<string, string>, method = "GET"): Promise<Response> {
  const init = { method, headers, decompress: false } as BunFetchRequestInit;
  return fetch(radio.url + path, init);
}

/** The page has a language too. */
function varyOf(path: string): string {
  return path === "/" ? "Accept-Language, Accept-Encoding" : "Accept-Encoding";
}

async function bytesOf(answer: Response) {
  return new Uint8Array(await answer.arrayBuffer());
}

describe("of the listen port", () => {
  test.each([
    ["/", "text/html"],
    ["/app.js", "text/javascript"],
    ["/style.css", "text/css"],
    ["/favicon.svg", "image/svg+xml"],
    ["/admin", "text/html"],
    ["/desk/uplot.js", "text/javascript"],
    ["/swagger/ui.js", "text/javascript"],
    ["/swagger/json", "application/json"],
    ["/api/status", "application/json"],
    ["/embed", "text/html"],
    ["/statistics", "text/xml"],
  ])("%s is compressed for a browser, and plain for who does not ask", async (path, type) => {
    const [packed, plain] = [
      await ask(path, { ...AS_ADMIN, ...GZIP }),
      await ask(path, { ...AS_ADMIN, ...PLAIN }),
    ];
    for (const { status, headers } of [packed, plain]) {
      expect([status, headers.get("vary")]).toEqual([200, varyOf(path)]);
      expect(headers.get("content-type")).toStartWith(type);
    }
    const encodings = [packed, plain].map(({ headers }) => headers.get("content-encoding"));
    expect(encodings).toEqual(["gzip", null]);
    const [small, whole] = [await bytesOf(packed), await bytesOf(plain)];
    expect(packed.headers.get("content-length")).toBe(String(small.length));
    expect(small.length).toBeLessThan(whole.length * 0.8);
    const text = Buffer.from(Bun.gunzipSync(small)).toString();
    // Numbers grow between two questions.
    const still = (words: string) => words.replace(/[\d.]+/g, "0");
    expect(still(text)).toBe(still(Buffer.from(whole).toString()));
  });

  test.each(["/health", "/stream.m3u", "/nope", "/api/nope"])(
    "%s is too small for it",
    async (path) => {
      expect((await ask(path, GZIP)).headers.get("content-encoding")).toBeNull();
    },
  );

  test.each(["/stream", "/api/events"])("%s never is: it is a stream", async (path) => {
    const answer = await ask(path, GZIP);
    expect([answer.status, answer.headers.get("content-encoding")]).toEqual([200, null]);
    await answer.body?.cancel();
  });

  test.each(["/", "/app.js", "/admin", "/swagger", "/swagger/ui.js", "/swagger/json"])(
    "the tag of %s is quoted, of each form its own, and either is answered 304",
    async (path) => {
      const tags: string[] = [];
      for (const headers of [GZIP, PLAIN]) {
        const tag = (await ask(path, headers)).headers.get("etag") ?? "";
        expect(tag).toMatch(/^"[^"]+"$/);
        tags.push(tag);
      }
      expect(tags[0]).not.toBe(tags[1]);
      for (const tag of tags) {
        for (const named of [tag, `W/${tag}`, `"other", ${tag}`]) {
          const answer = await ask(path, { ...GZIP, "if-none-match": named });
          expect([answer.status, (await answer.bytes()).length]).toEqual([304, 0]);
          expect(answer.headers.get("vary")).toBe(varyOf(path));
        }
      }
      expect((await ask(path, { ...GZIP, "if-none-match": '"other"' })).status).toBe(200);
    },
  );

  test("HEAD has no coding that GET may have", async () => {
    for (const path of ["/app.js", "/api/status"]) {
      const answer = await ask(path, GZIP, "HEAD");
      expect([answer.status, (await answer.bytes()).length]).toEqual([200, 0]);
      expect(answer.headers.get("vary")).toBe("Accept-Encoding");
    }
  });
});

test("the source port compresses too, and says how long the answer is", async () => {
  using wire = await Wire.listen(
    radio.sourcePort,
    "/api/status",
    "Accept-Encoding: gzip\r\nConnection: close\r\n",
  );
  await wire.closed();
  expect(wire.head).toMatch(/content-encoding: gzip/i);
  expect(wire.head.toLowerCase()).toContain(`content-length: ${wire.body.length}`);
  const text = Buffer.from(Bun.gunzipSync(new Uint8Array(wire.body))).toString();
  expect(JSON.parse(text)).toHaveProperty("mounts");
});

test.each([
  ["gzip", true],
  ["GZIP;q=0.5, br", true],
  ["x-gzip", true],
  ["*", true],
  ["br, deflate", false],
  ["gzip;q=0", false],
  ["gzip; q=0, *", false],
  ["identity;q=1, *;q=0", false],
  ["", false],
])("who says Accept-Encoding: %j takes gzip: %s", (said, takes) => {
  expect(takesGzip(new Request("http://x.example", { headers: { "accept-encoding": said } }))).toBe(
    takes,
  );
});

test("an answer that is larger than what may be compressed at once, or compressed already, stays as it is", async () => {
  const request = new Request("http://x.example", { headers: GZIP });
  const xml = { "content-type": "text/xml" };
  const large = new Response("x".repeat(600_000), { headers: xml });
  expect((await compressed(request, large)).headers.has("content-encoding")).toBe(false);
  const coded = new Response("x".repeat(2000), { headers: { ...xml, "content-encoding": "br" } });
  expect(await compressed(request, coded)).toBe(coded);
});

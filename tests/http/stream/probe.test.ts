// Who only looks whether there is a stream is no listener; who says so in a Range of a stream's start is one.
import { describe, expect, test } from "bun:test";
import { App } from "../app.ts";

/** The first bytes of an endless answer, which is then given up. */
async function firstBytes(app: App, headers: Record<string, string>) {
  const gone = new AbortController();
  const answer = await app.raw("/stream", { headers, signal: gone.signal });
  const reader = answer.body!.getReader();
  const { value } = await reader.read();
  const counted = [app.audience().count, app.audience().counts.peak, app.audience().joined];
  gone.abort();
  return { answer, length: value?.length ?? 0, counted };
}

describe("a Range", () => {
  test.each(["bytes=0-1", "bytes=0-0", "bytes=0-99", "Bytes=0-1"])(
    "of %s is a probe: a stream's head, its first bytes, and nobody is counted",
    async (range) => {
      await using app = await App.start();
      app.play();
      const { answer, length, counted } = await firstBytes(app, { range });
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "audio/mpeg"]);
      expect(length).toBeGreaterThan(0);
      expect(counted).toEqual([0, 0, 0]);
      for (const name of ["content-length", "content-range", "accept-ranges", "icy-metaint"]) {
        expect(answer.headers.has(name)).toBe(false);
      }
    },
  );

  test.each(["bytes=0-", "bytes=0-100", "bytes=0-1073741822", "nonsense", "bytes=-1"])(
    "of %s is a listener, who gets the stream from where it is",
    async (range) => {
      await using app = await App.start();
      app.play();
      const { answer, counted } = await firstBytes(app, { range });
      expect([answer.status, counted]).toEqual([200, [1, 1, 1]]);
      expect(answer.headers.has("content-range")).toBe(false);
    },
  );
});

test("a probe that stays is ended", async () => {
  await using app = await App.start();
  app.play();
  const { status, text } = await app.ask("/stream", { headers: { range: "bytes=0-1" } });
  expect([status, text.length > 0, app.audience().joined]).toEqual([200, true, 0]);
});

test("HEAD of the events is answered at once", async () => {
  await using app = await App.start();
  expect((await app.ask("/api/events", { method: "HEAD" })).status).toBe(200);
});

test("HEAD counts nobody and writes no line to the access log", async () => {
  await using app = await App.start();
  app.play();
  expect((await app.raw("/stream", { method: "HEAD" })).status).toBe(200);
  expect([app.audience().joined, app.logged.filter((line) => line.includes("access:"))]).toEqual([
    0,
    [],
  ]);
});

test("a listener that leaves writes its line to the access log, without its secrets", async () => {
  await using app = await App.start();
  app.play();
  const gone = new AbortController();
  const headers = { "user-agent": 'A "Player"', referer: "http://page.example/" };
  const answer = await app.raw("/stream?pass=hackme&x=1", { headers, signal: gone.signal });
  await answer.body!.getReader().read();
  gone.abort();
  const bytes = app.audience().sentBytes;
  expect(app.logged.filter((line) => line.includes("access:"))).toEqual([
    'info access: 127.0.0.1 - - [01/Aug/2026:10:00:00 +0000] "GET /stream?pass=***&x=1 -" ' +
      `200 ${bytes} "http://page.example/" "A \\"Player\\"" 0`,
  ]);
});

// What no route can answer: an unknown path, a wrong method, a body that is no JSON, a field that is not valid.
import fc from "fast-check";
import { describe, expect, test } from "bun:test";
import { codeOf } from "../../src/http/failure.ts";
import { invalidSentence } from "../../src/http/invalid.ts";
import { AS_ADMIN, App } from "./app.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** Its code goes with the status. */
async function errorOf(answer: Response): Promise<string> {
  expect(answer.headers.get("content-type")).toStartWith("application/json");
  const json = (await answer.json()) as { error: string; code: string };
  expect(json).toEqual({ error: expect.any(String), code: codeOf(answer.status) });
  return json.error;
}

test("who asks while the station stops is told to come back, which is logged as no failure", async () => {
  const app = await App.start();
  await app.station.stop();
  const answer = await app.raw("/api/status");
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await errorOf(answer)).toBe("The station is stopping; try again in a moment.");
  expect(app.logged.join("\n")).not.toContain("failed");
});

describe("the API", () => {
  test.each(["/api/admin/session", "/api/admin/skip"])(
    "answers broken JSON at %s with 400 in its own shape, and logs no failure",
    async (path) => {
      await using app = await App.start();
      const headers = { ...AS_ADMIN, ...JSON_TYPE };
      for (const body of ["{bad", "", '{"mount":']) {
        const answer = await app.raw(path, { method: "POST", headers, body });
        expect(answer.status).toBe(400);
        expect(await errorOf(answer)).toBe("The body is not valid JSON.");
      }
      expect(app.logged.join("\n")).not.toContain("failed");
    },
  );

  test.each([
    ["POST", "/api/status", "GET, HEAD, OPTIONS"],
    ["DELETE", "/api/events", "HEAD, GET, OPTIONS"],
    ["PUT", "/api/admin/session", "GET, POST, DELETE, HEAD, OPTIONS"],
    ["GET", "/api/admin/skip", "POST, OPTIONS"],
    ["POST", "/artwork/0123456789abcdef01234567", "GET, HEAD, OPTIONS"],
    ["PUT", "/stream", "HEAD, GET, OPTIONS"],
    ["POST", "/", "GET, HEAD, OPTIONS"],
    ["DELETE", "/app.js?x=1", "GET, HEAD, OPTIONS"],
  ])("and pages answer %s %s with 405 and Allow: %s", async (method, path, allow) => {
    await using app = await App.start();
    const answer = await app.raw(path, { method, headers: AS_ADMIN });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, allow]);
    if (path.startsWith("/api")) expect(await errorOf(answer)).toContain(method);
    else expect(await answer.text()).toContain(method);
  });

  test("answers an unknown address with 404 in its own shape, which any page may read", async () => {
    await using app = await App.start();
    for (const path of [
      "/api/nope",
      "/api",
      "/api/",
      "/api/admin/nope",
      "/api/nope?mount=/stream",
    ]) {
      const answer = await app.raw(path);
      expect(answer.status, path).toBe(404);
      expect(await errorOf(answer)).toContain("/swagger");
      const isDesk = path.startsWith("/api/admin/");
      expect(answer.headers.get("access-control-allow-origin")).toBe(isDesk ? null : "*");
    }
    expect(await (await app.raw("/nope")).text()).toBe(
      "There is nothing here. The station's page is /\n",
    );
  });

  test.each([
    ["/api/stats?limit=x", '"limit" must be a whole number from 0 to 200, not "x".'],
    ["/api/stats?limit=500", '"limit" must be a whole number from 0 to 200, not 500.'],
    ["/api/stats?page=0&limit=3", '"page" must be a whole number from 1 to 1000000, not 0.'],
    ["/api/admin/log?lines=1.5", /^"lines" must be a whole number from 1 to \d+, not "1.5"\.$/],
    [
      "/api/admin/playlist?mount=" + "x".repeat(1001),
      /^"mount" must be text of at most 1000 characters, not "x{39}…\.$/,
    ],
  ])("names the field and what was expected of %s", async (path, sentence) => {
    await using app = await App.start();
    const answer = await app.raw(path, { headers: AS_ADMIN });
    expect(answer.status).toBe(422);
    expect(await errorOf(answer)).toMatch(sentence);
  });

  test.each([
    ["{}", '"mount" is missing: it must be text of at most 1000 characters.'],
    ["[1]", '"mount" is missing: it must be text of at most 1000 characters.'],
    ['{"mount":5}', '"mount" must be text of at most 1000 characters, not 5.'],
  ])("names what is wrong in the body %s", async (body, sentence) => {
    await using app = await App.start();
    const headers = { ...AS_ADMIN, ...JSON_TYPE };
    const answer = await app.raw("/api/admin/skip", { method: "POST", headers, body });
    expect(answer.status).toBe(422);
    expect(await errorOf(answer)).toBe(sentence);
  });
});

test("a sentence about a field is short, whatever was sent", () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (value, schema) => {
      const isWritable = typeof value !== "bigint";
      fc.pre(isWritable);
      const sentence = invalidSentence({ path: "/field", value, schema });
      expect(sentence).toStartWith('"field" ');
      expect(sentence.length).toBeLessThan(200);
    }),
  );
});

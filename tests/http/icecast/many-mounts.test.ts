// The cost of a page about all mounts grows with their number, and no faster: counted by the mounts whose facts are gathered.
import { describe, expect, spyOn, test } from "bun:test";
import { App, AS_ADMIN, adminConfig } from "../app.ts";

const [FEW, MANY] = [50, 500];

/** How often one answer gathers the facts of a mount, on average. */
async function looksPerMount(path: string, count: number): Promise<number> {
  const [first, ...others] = Array.from({ length: count }, (_, at) => ({ path: `/m${at}` }));
  await using app = await App.start(adminConfig([first!, ...others]));
  const looks = app.station.all.map(({ audience }) => spyOn(audience, "burstSecondsFor"));
  const { status } = await app.ask(path, { headers: AS_ADMIN });
  expect([path, status < 500 || path === "/health"]).toEqual([path, true]);
  return looks.reduce((sum, look) => sum + look.mock.calls.length, 0) / count;
}

describe("with 500 mounts", () => {
  test.each([
    "/statistics",
    "/statistics?json=1",
    "/status-json.xsl",
    "/status.xsl",
    "/api/status",
    "/api/stats",
    "/admin/stats",
    "/admin/stats.xml",
    "/admin/listmounts",
    "/api/admin/overview",
    "/api/admin/doctor",
  ])("%s gathers facts as often per mount as with 50", async (path) => {
    const many = await looksPerMount(path, MANY);
    expect(many).toBe(await looksPerMount(path, FEW));
    expect(many).toBeLessThanOrEqual(1);
  });

  test.each(["/stats?sid=1", "/7.html", "/admin.cgi?mode=viewxml&sid=1", "/health"])(
    "%s gathers the facts of one mount at most",
    async (path) => {
      expect((await looksPerMount(path, MANY)) * MANY).toBeLessThanOrEqual(1);
    },
  );
});

test("the OpenAPI document is written once, and is the same for all who ask", async () => {
  await using app = await App.start();
  const first = await app.ask("/swagger/json");
  const stringify = spyOn(JSON, "stringify");
  const again = await app.ask("/swagger/json");
  const { calls } = stringify.mock;
  stringify.mockRestore();
  expect(again.text).toBe(first.text);
  expect(
    calls.filter(([value]) => typeof value === "object" && value !== null && "openapi" in value),
  ).toEqual([]);
});

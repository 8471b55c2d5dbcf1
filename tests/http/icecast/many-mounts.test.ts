// The cost of a page about all mounts grows with their number, and no faster: counted by what is read of the mounts.
import { describe, expect, spyOn, test } from "bun:test";
import { App, AS_ADMIN, adminConfig } from "../app.ts";

const [FEW, MANY] = [50, 500];

/** How often one answer reads a part of some mount. */
async function reads(path: string, count: number): Promise<number> {
  const [first, ...others] = Array.from({ length: count }, (_, at) => ({ path: `/m${at}` }));
  await using app = await App.start(adminConfig([first!, ...others]));
  let looks = 0;
  for (const parts of app.station.all) {
    const { mount } = parts;
    Object.defineProperty(parts, "mount", { get: () => (looks++, mount) });
  }
  const { status } = await app.ask(path, { headers: AS_ADMIN });
  expect([path, status < 500 || path.startsWith("/health")]).toEqual([path, true]);
  return looks;
}

/** Facts about a mount, and how often a page may need each. */
const MOST_PER_MOUNT = 120;

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
    "/health/ready",
    "/metrics",
  ])("%s reads as much of each mount as with 50", async (path) => {
    const [few, many] = [await reads(path, FEW), await reads(path, MANY)];
    expect(many / MANY).toBeLessThanOrEqual(few / FEW);
    expect(many / MANY).toBeLessThanOrEqual(MOST_PER_MOUNT);
  });

  test.each([
    "/stats?sid=1",
    "/7.html",
    "/status-json.xsl?mount=/m7",
    "/embed/now?mount=/m7",
    "/admin.cgi?mode=viewxml&sid=1",
    "/api/admin/listeners?mount=/m7",
    "/api/admin/playlist?mount=/m7",
    "/api/admin/history?mount=/m7",
    "/health",
    "/health/live",
  ])("%s reads nothing of the other mounts", async (path) => {
    expect(await reads(path, MANY)).toBe(await reads(path, FEW));
  });
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

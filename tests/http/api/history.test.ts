// /api/history and /api/mounts: what was played, page by page, and one mount alone.
import { expect, test } from "bun:test";
import { App, adminConfig, WALL_MS } from "../app.ts";

interface History {
  readonly plays: readonly { readonly title: string; readonly mount: string }[];
  readonly next_before: string | null;
}

async function history(app: App, query = ""): Promise<History> {
  return JSON.parse((await app.ask(`/api/history?${query}`)).text) as History;
}

/** Two mounts, each with six titles; every second pair begins in the same millisecond. */
async function withTitles(visit: (app: App) => Promise<void>): Promise<void> {
  await using app = await App.start(adminConfig([{}, { path: "/jazz" }]));
  const inputs = ["/stream", "/jazz"].map((path) => [path, app.play(path)] as const);
  for (let i = 1; i <= 6; i++) {
    if (i % 2 === 0) app.wall.ms += 60_000;
    for (const [path, input] of inputs) {
      const title = { artist: "A", title: `${path} ${i}` };
      app.mount(path).retitle(title, app.station.clock.nowMs());
      app.hear(path, input);
    }
  }
  await visit(app);
}

test("the newest titles of all mounts come first, or those of one", async () => {
  await withTitles(async (app) => {
    const { plays } = await history(app, "limit=2");
    expect(plays).toEqual([
      expect.objectContaining({ mount: "/jazz", title: "/jazz 6", ended_at: null }),
      expect.objectContaining({ mount: "/stream", title: "/stream 6", source_status: "live" }),
    ]);
    const { plays: jazz, next_before } = await history(app, "mount=/jazz");
    expect(jazz.map(({ title }) => title)).toEqual([6, 5, 4, 3, 2, 1].map((i) => `/jazz ${i}`));
    expect(next_before).toBeNull();
  });
});

test("pages of any size have each title once, also those that began at the same moment", async () => {
  await withTitles(async (app) => {
    for (const limit of [1, 3, 5, 12]) {
      const seen: string[] = [];
      let page = await history(app, `limit=${limit}`);
      seen.push(...page.plays.map(({ title }) => title));
      while (page.next_before !== null) {
        page = await history(app, `limit=${limit}&before=${page.next_before}`);
        seen.push(...page.plays.map(({ title }) => title));
      }
      expect(seen).toHaveLength(12);
      expect(new Set(seen).size).toBe(12);
    }
  });
});

test("before is a date or Unix seconds, and nothing else", async () => {
  await withTitles(async (app) => {
    const seconds = WALL_MS / 1000 + 30;
    for (const before of [`${seconds}`, new Date(seconds * 1000).toISOString()]) {
      const { plays } = await history(app, `before=${before}&mount=/stream`);
      expect(plays.map(({ title }) => title)).toEqual(["/stream 1"]);
    }
    for (const query of ["before=x", "limit=0", "limit=201", "limit=x"]) {
      const { status, text } = await app.ask(`/api/history?${query}`);
      expect([status, JSON.parse(text).code], query).toEqual([422, "invalid"]);
    }
    const { status, text } = await app.ask("/api/history?mount=/nowhere");
    expect([status, JSON.parse(text).code]).toEqual([404, "no_such_mount"]);
  });
});

test("one mount alone is what it is in the status", async () => {
  await withTitles(async (app) => {
    const { mounts } = JSON.parse((await app.ask("/api/status")).text);
    const { text, headers } = await app.ask("/api/mounts/jazz");
    const growing = { elapsed_seconds: expect.anything(), started_at: expect.anything() };
    expect(JSON.parse(text)).toEqual({ ...mounts[1], ...growing });
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect((await app.ask("/api/mounts/nowhere")).status).toBe(404);
  });
});

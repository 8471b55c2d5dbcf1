// What listeners hear, as the API says it while the burst position stands still, and while a fallback stands in.
import { expect, test } from "bun:test";
import { App, adminConfig } from "../app.ts";

interface Status {
  readonly elapsed_seconds: number | null;
  readonly started_at: string | null;
  readonly substitute: { readonly mount: string; readonly listeners: number } | null;
}

async function statusOf(app: App, mount: string): Promise<Status> {
  return JSON.parse((await app.ask(`/api/mounts${mount}`)).text) as Status;
}

test("a title goes on by the clock while no audio is written, as far as audio was written", async () => {
  await using app = await App.start(adminConfig([{ burstSeconds: 10 }]));
  app.play("/stream", "live", "A Song");
  const beganMs = Date.parse((await (app.wall.ms++, statusOf(app, "/stream"))).started_at ?? "");
  const elapsed = async (seconds: number) => {
    app.wall.ms = beganMs + seconds * 1000;
    return statusOf(app, "/stream");
  };
  const started_at = new Date(beganMs).toISOString();
  for (const seconds of [1, 2.5, 10])
    expect(await elapsed(seconds)).toMatchObject({ started_at, elapsed_seconds: seconds });
  // The source is ten seconds late, or somebody has set the clock.
  expect(await elapsed(20)).toMatchObject({ elapsed_seconds: 10 });
  expect(await elapsed(-60)).toMatchObject({ elapsed_seconds: 0 });
});

test("a mount with nothing to play names the fallback that plays, and nothing else", async () => {
  const mounts = [{ fallback: "/auto" }, { path: "/auto", fallback: "/last" }, { path: "/last" }];
  await using app = await App.start(adminConfig(mounts as never));
  const named = async (path: string) => (await statusOf(app, path)).substitute?.mount ?? null;
  expect(await named("/stream")).toBeNull();
  app.play("/last");
  expect([await named("/stream"), await named("/auto"), await named("/last")]).toEqual([
    "/last",
    "/last",
    null,
  ]);
  app.play("/auto");
  expect([await named("/stream"), await named("/auto")]).toEqual(["/auto", null]);
  app.play("/stream");
  expect(await named("/stream")).toBeNull();
});

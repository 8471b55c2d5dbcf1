// What was played is still known after a restart, beyond what fits into memory, and costs a bounded number of questions.
import { expect, test } from "bun:test";
import { scratch, until } from "../../support/station.ts";
import { App, adminConfig, WALL_MS } from "../app.ts";
import { validated } from "./now-playing-readers.ts";

interface History {
  readonly plays: readonly { readonly title: string; readonly ended_at: string | null }[];
  readonly next_before: string | null;
}

async function history(app: App, query = ""): Promise<History> {
  return JSON.parse((await app.ask(`/api/history?mount=/stream&${query}`)).text) as History;
}

async function titles(app: App, query = ""): Promise<string[]> {
  return (await history(app, query)).plays.map(({ title }) => title);
}

/** A live show of these titles, a minute each. */
function play(app: App, all: readonly string[]): void {
  const input = app.play("/stream", "live", all[0]);
  for (const title of all.slice(1)) {
    app.wall.ms += 60_000;
    app.mount().retitle({ artist: "", title }, app.station.clock.nowMs());
    app.hear("/stream", input);
  }
}

test("titles of an earlier run are in the history and in what widgets show", async () => {
  await using folder = await scratch();
  const config = adminConfig();
  const kept = { ...config, server: { ...config.server, stateDirectory: folder.path } };
  {
    await using app = await App.start(kept);
    play(app, ["One", "Two", "Three"]);
    await app.station.stop();
    await app.station.close();
  }
  await using app = await App.start(kept);
  app.wall.ms = WALL_MS + 3_600_000;
  await app.station.play();
  const { plays } = app.station.first;
  await until("the earlier titles are known", () => plays.recent(9).length === 3);
  expect(await titles(app)).toEqual(["Three", "Two", "One"]);
  const first = await history(app, "limit=1");
  expect(first.plays[0]?.ended_at).not.toBeNull();
  expect(await titles(app, `limit=1&before=${first.next_before}`)).toEqual(["Two"]);
  const now = validated(JSON.parse((await app.ask("/api/nowplaying/stream")).text));
  const past = now.song_history.map(({ song }) => song.title);
  expect(past).toEqual(["Three", "Two", "One"]);
  expect(now.now_playing.sh_id).toBe(0);

  // What memory has no more comes from the database.
  plays.restore([]);
  expect(await titles(app)).toEqual(["Three", "Two", "One"]);
  expect(await titles(app, `limit=1&before=${first.next_before}`)).toEqual(["Two"]);
  await app.station.stop();
  await app.station.close();
});

test("so many ask the database at a time, and the rest is told to come again", async () => {
  await using folder = await scratch();
  const config = adminConfig();
  const kept = { ...config, server: { ...config.server, stateDirectory: folder.path } };
  await using app = await App.start(kept);
  const answered = Promise.withResolvers<null>();
  const store = app.station.records.history;
  if (store === null) throw new Error("nothing is kept");
  store.played = () => answered.promise;
  const asked = Array.from({ length: 12 }, () => app.ask("/api/history?mount=/stream"));
  const refused = await Promise.all(asked.slice(8));
  answered.resolve(null);
  const others = await Promise.all(asked.slice(0, 8));
  expect(refused.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
  expect(JSON.parse(refused[0]?.text ?? "").code).toBe("unavailable");
  expect(others.map(({ status }) => status)).toEqual(Array<number>(8).fill(200));
});

// What the desk's calls say of the audience and the history, and what they export.
import { describe, expect, spyOn, test } from "bun:test";
import { scratch } from "../../support/station.ts";
import { AS_ADMIN, adminConfig, WALL_MS } from "../app.ts";
import { DeskApp } from "./desk-app.ts";

/** A station with a history that heard a song: by one listener for three seconds, by a bot, and by one who stays. */
async function heard(directory: string): Promise<DeskApp> {
  const config = adminConfig();
  const app = await DeskApp.start({ ...config, history: { ...config.history, directory } });
  const input = app.play("/stream", "playlist");
  input.metadata = { artist: "Mira, Lund", title: '=Salt "and" Lanterns', album: "Café" };
  app.parts().mount.announce(input);
  const short = app.listen("/stream", { address: "192.0.2.1", userAgent: "VLC/3.0" });
  app.listen("/stream", { address: "192.0.2.2", userAgent: "mpv 0.40" });
  app.listen("/stream", { address: "192.0.2.3", userAgent: "curl/8.0" });
  app.clock.now += 3000;
  app.parts().audience.leave(short.listener, "test");
  return app;
}

async function text(app: DeskApp, path: string): Promise<string> {
  return (await app.raw(path, { headers: AS_ADMIN })).text();
}

async function settle(app: DeskApp): Promise<void> {
  await app.station.records.close();
}

describe("the desk", () => {
  test("shows hours, totals, bots apart, players and sessions", async () => {
    await using folder = await scratch();
    await using app = await heard(folder.path);
    const { json } = await app.get("audience");
    expect(json.points).toHaveLength(1);
    expect(json.total).toMatchObject({ sessions: 2, peak_listeners: 2, unique_listeners: 2 });
    expect(json.total.listening_seconds).toBe(6);
    expect(json.bots).toMatchObject({ sessions: 1 });
    const players = await app.get("audience/top?by=player");
    expect(players.json.rows.map(({ name }: { name: string }) => name).sort()).toEqual([
      "VLC",
      "mpv",
    ]);
    const found = await app.get("audience/sessions?search=vlc");
    expect(found.json).toMatchObject({ total: 1, pages: 1 });
    expect(found.json.sessions[0]).toMatchObject({ player: "VLC", seconds: 3, kind: "listener" });
    expect(JSON.stringify(found.json)).not.toContain("192.0.2");
    await settle(app);
  });

  test("shows what played with who heard it, by words too, and how listeners stay", async () => {
    await using folder = await scratch();
    await using app = await heard(folder.path);
    const { json } = await app.get("history/plays?search=a song");
    expect(json.plays).toHaveLength(1);
    expect(json.plays[0]).toMatchObject({ title: "A Song", sessions: 2, joined: 2, left: 1 });
    expect(json.plays[0].listening_seconds).toBeCloseTo(6, 5);
    expect((await app.get("history/plays?search=nothing")).json.plays).toEqual([]);
    expect((await app.get("audience/curve")).json.staying[0]).toBe(1);
    expect((await app.get("audience/week")).json.days).toHaveLength(7);
    await settle(app);
  });

  test("exports CSV that no spreadsheet runs, JSON, columns of a template, and SoundExchange's report", async () => {
    await using folder = await scratch();
    await using app = await heard(folder.path);
    app.play("/stream", "playlist", "A Song");
    const from = Math.floor(WALL_MS / 1000) - 60;
    const csv = await text(app, `history/export?from=${from}`);
    expect(csv.split("\r\n")[0]).toStartWith("played_at,date,time,mount,artist,title");
    expect(csv).toContain(",A Song,");
    const json = JSON.parse(await text(app, `history/export?format=json&from=${from}`));
    expect(json[0]).toMatchObject({ mount: "/stream", title: "A Song" });
    const template = await text(
      app,
      `history/export?columns=title:Titel,sessions&separator=;&from=${from}`,
    );
    expect(template).toStartWith("Titel;sessions\r\nA Song;");
    expect((await app.get("history/export?columns=nonsense")).status).toBe(422);
    const report = await text(
      app,
      `history/export?format=soundexchange&service=Radio&from=${from}`,
    );
    expect(report.split("\r\n")[0]).toStartWith("NAME_OF_SERVICE|TRANSMISSION_CATEGORY|");
    expect(report).toContain("^Radio^|^A^|^^|^A Song^|^^|^^|^^|2\r\n");
    const sessions = await text(app, `audience/export?from=${from}`);
    expect(sessions.split("\r\n")).toHaveLength(5);
    await settle(app);
  });

  test("breaks off an export whose disk does not answer: it must not look complete", async () => {
    await using folder = await scratch();
    await using app = await heard(folder.path);
    const { history } = app.station.records;
    if (history === null) throw new Error("there is no history");
    const ask = spyOn(history, "ask").mockResolvedValue(null);
    for (const path of ["history/export", "history/export?format=json", "audience/export"]) {
      const broken = await text(app, path).catch((error: unknown) => error);
      expect(broken).toBeInstanceOf(Error);
    }
    ask.mockRestore();
    await settle(app);
  });

  test("exports up to now: what begins meanwhile shifts no page", async () => {
    await using folder = await scratch();
    await using app = await heard(folder.path);
    const { history } = app.station.records;
    if (history === null) throw new Error("there is no history");
    const ask = spyOn(history, "ask");
    const nowMs = app.station.wall.nowMs();
    const range = `from=0&to=${Math.ceil(nowMs / 1000) + 86_400}`;
    for (const path of ["history/export", "audience/export"]) await text(app, `${path}?${range}`);
    const ends = ask.mock.calls.map(([question]) => "toMs" in question && question.toMs);
    expect(ends).toEqual([nowMs + 1, nowMs + 1]);
    ask.mockRestore();
    await settle(app);
  });

  test("says that there is no history where none is kept", async () => {
    await using app = await DeskApp.start();
    for (const path of ["audience", "audience/top", "history/plays", "history/export"])
      expect((await app.get(path)).status).toBe(409);
  });
});

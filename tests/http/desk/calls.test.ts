// What the desk's calls answer and do, and that none of them looks at a whole counts.
import { describe, expect, spyOn, test } from "bun:test";
import { join } from "node:path";
import type { Config } from "../../../src/config/config.ts";
import { LOOK_AT, SAMPLE_MS } from "../../../src/facts/watch.ts";
import { LiveSource } from "../../../src/input/live/live.ts";
import { adtsFrames } from "../../format/adts-builder.ts";
import { concat, mpegFrame } from "../../format/mpeg-builder.ts";
import { FakeSink } from "../../output/fake-sink.ts";
import { CLIENT } from "../../output/stage.ts";
import { scratch, startStation, until } from "../../support/station.ts";
import { silentShow, trackFrames, writeTrack } from "../../support/tracks.ts";
import { goLive, Wire } from "../../support/wire.ts";
import { AS_ADMIN, adminConfig } from "../app.ts";
import { DeskApp } from "./desk-app.ts";

const TWO = () => adminConfig([{}, { path: "/jazz", maxListeners: 100 }]);

/** Samples, as the desk's timer takes them. */
function pass(app: DeskApp, samples: number): void {
  for (let i = 0; i < samples; i++) {
    app.clock.now += SAMPLE_MS;
    app.station.about.watch.sample();
  }
}

test("the overview has every mount's input on air and number of listeners", async () => {
  await using app = await DeskApp.start(TWO());
  app.play("/stream", "playlist", "A Song");
  app.listen();
  app.listen();
  app.clock.now = 65_000;
  const { json } = await app.get("overview");
  expect([json.listeners, json.uptime_seconds]).toEqual([2, 65]);
  expect(json.mounts.map(({ mount }: { mount: string }) => mount)).toEqual(["/stream", "/jazz"]);
  expect(json.mounts[0]).toMatchObject({
    on_air: "playlist",
    on_air_seconds: 65,
    title: "A Song",
    format: { codec: "mp3", sample_rate: 44_100, channels: 2, bitrate: 128 },
    listeners: 2,
    joined: 2,
    slow_listeners: 0,
    source: null,
    pushes: [],
  });
  expect(json.mounts[1]).toMatchObject({ on_air: "silence", max_listeners: 100, format: null });
});

describe("listeners", () => {
  test("are listed with address, program, time and lag", async () => {
    await using app = await DeskApp.start();
    app.play();
    app.listen("/stream", { address: "192.0.2.9", userAgent: "VLC", isForwarded: true });
    app.clock.now = 5000;
    const { json } = await app.get("listeners");
    expect(json).toMatchObject({ mount: "/stream", page: 1, pages: 1, total: 1, unique: 1 });
    expect(json.listeners).toEqual([
      {
        id: 1,
        mount: "/stream",
        address: "192.0.2.9",
        country: "",
        player: "VLC",
        user_agent: "VLC",
        connected_seconds: 5,
        sent_bytes: 50 * 90,
        lag_seconds: 0,
        active: true,
        forwarded: true,
        door: "source",
      },
    ]);
  });

  test("are inactive from the moment their connection takes no more until it drains", async () => {
    await using app = await DeskApp.start();
    app.play();
    const sink = new FakeSink();
    sink.state = "blocked";
    app.parts().audience.join(CLIENT, sink);
    const isActive = async () => (await app.get("listeners")).json.listeners[0].active;
    expect(await isActive()).toBe(false);
    app.clock.now += 9000;
    expect(await isActive()).toBe(false);
    sink.drain();
    expect(await isActive()).toBe(true);
  });

  test("come in pages, a page beyond the last is the last, and none is too long", async () => {
    await using app = await DeskApp.start();
    for (let i = 0; i < 5; i++) app.listen();
    const page = async (query: string) => {
      const { json } = await app.get(`listeners?${query}`);
      return [json.page, json.pages, json.listeners.map(({ id }: { id: number }) => id)];
    };
    expect(await page("per_page=2")).toEqual([1, 3, [1, 2]]);
    expect(await page("per_page=2&page=3")).toEqual([3, 3, [5]]);
    expect(await page("per_page=2&page=9")).toEqual([3, 3, [5]]);
    expect((await app.get("listeners?per_page=201")).status).toBe(422);
    expect((await app.get("listeners?page=0")).status).toBe(422);
    expect((await app.get("listeners?mount=/nowhere")).status).toBe(404);
    expect((await app.get("listeners?sort=lag")).status).toBe(422);
  });

  test("are found by words and sorted, of one mount or of all", async () => {
    await using app = await DeskApp.start(TWO());
    const crowd = [
      ["/stream", "10.0.0.1", "VLC/3.0.21"],
      ["/stream", "9.0.0.1", "Sonos/83.1"],
      ["/jazz", "10.0.0.1", "mpv 0.40.0"],
      ["/stream", "2001:db8::1", "vlc again"],
    ] as const;
    for (const [mount, address, userAgent] of crowd) {
      app.listen(mount, { address, userAgent });
      app.clock.now += 1000;
    }
    const found = async (query: string) => {
      const { json } = await app.get(`listeners?${query}`);
      const ids = json.listeners.map(({ id }: { id: number }) => id);
      return [ids, json.total, json.unique];
    };
    expect(await found("sort=address")).toEqual([[2, 1, 4], 3, 3]);
    expect(await found("sort=time&order=desc")).toEqual([[1, 2, 4], 3, 3]);
    expect(await found("mount=*&sort=mount")).toEqual([[3, 1, 2, 4], 4, 3]);
    expect(await found("mount=*&sort=player")).toEqual([[3, 2, 1, 4], 4, 3]);
    expect(await found("mount=*&search=10.0.0.1")).toEqual([[1, 3], 2, 1]);
    expect(await found("search=VLC%20again")).toEqual([[4], 1, 1]);
    expect(await found("search=nobody")).toEqual([[], 0, 0]);
    expect(await found("mount=*&sort=time&page=2&per_page=3")).toEqual([[1], 4, 3]);
    expect((await app.get("overview")).json.mounts[0].unique_listeners).toBe(3);
  });

  test("of 10,000 are examined a page at a time, whatever is requested", async () => {
    await using app = await DeskApp.start();
    app.play();
    for (let i = 0; i < 10_000; i++) app.listen();
    const { audience } = app.parts();
    using states = spyOn(audience, "stateOf");
    const looks = async (path: string) => {
      states.mockClear();
      const { json } = await app.get(path);
      expect(JSON.stringify(json).length).toBeLessThan(100_000);
      return states.mock.calls.length;
    };
    expect(await looks("listeners?page=100&per_page=100")).toBe(100);
    expect(
      await looks("listeners?page=2&per_page=100&sort=player&search=test"),
    ).toBeLessThanOrEqual(100);
    expect(await looks("overview")).toBe(0);
    expect(await looks("doctor")).toBe(0);
    expect(await looks("history")).toBe(0);
    states.mockClear();
    pass(app, 1);
    expect(states.mock.calls.length).toBe(LOOK_AT);
    expect((await app.get("listeners?page=100&per_page=100")).json.listeners[0].id).toBe(9901);
  });
});

describe("kick-listener", () => {
  test("ends the listener of that number and nobody else", async () => {
    await using app = await DeskApp.start();
    const [one, two] = [app.listen(), app.listen()];
    const { status, json } = await app.post("kick-listener", { mount: "/stream", id: 2 });
    expect([status, json]).toEqual([200, { message: "Listener 2 was disconnected." }]);
    expect([one.sink.ends, two.sink.ends]).toEqual([0, 1]);
    expect((await app.post("kick-listener", { mount: "/stream", id: 2 })).status).toBe(404);
    expect((await app.post("kick-listener", { mount: "/no", id: 1 })).status).toBe(404);
    expect((await app.post("kick-listener", { mount: "/stream", id: "1; x" })).status).toBe(422);
  });
});

describe("kick-source", () => {
  test("ends the live source, and the playlist has the air", async () => {
    await using app = await DeskApp.start();
    app.play("/stream", "playlist");
    const live = app.play("/stream", "live");
    const ended: string[] = [];
    Object.assign(live, { close: (why: string) => ended.push(why) });
    expect((await app.post("kick-source", { mount: "/stream" })).status).toBe(200);
    expect([ended.length, app.parts().mount.onAir?.kind]).toEqual([1, "playlist"]);
    const again = await app.post("kick-source", { mount: "/stream" });
    expect([again.status, again.json.error]).toEqual([409, "No source is connected."]);
    expect((await app.post("kick-source", { mount: "/no" })).status).toBe(404);
  });

  test("ends the one that waits if that is named, and the live one stays", async () => {
    await using app = await DeskApp.start();
    const ended: string[] = [];
    const live = ["first", "second"].map((name) => {
      const client = { address: "192.0.2.7", userAgent: name };
      const feed = { client, receivedBytes: 1, garbageBytes: 0, sinceMs: 0, lastMs: 0, seconds: 0 };
      return Object.assign(app.play("/stream", "live"), {
        feed,
        close: () => void ended.push(name),
      });
    });
    const mount = async () => (await app.get("overview")).json.mounts[0];
    const { source, waiting } = await mount();
    expect([source.user_agent, waiting[0].user_agent]).toEqual(["first", "second"]);
    expect(source.id).not.toBe(waiting[0].id);
    const kick = () => app.post("kick-source", { mount: "/stream", id: waiting[0].id });
    expect((await kick()).json.message).toBe("A source of /stream was disconnected.");
    expect([ended, app.parts().mount.onAir]).toEqual([["second"], live[0] ?? null]);
    expect([(await kick()).status, (await mount()).waiting]).toEqual([409, []]);
  });
});

describe("the playlist", () => {
  /** Three tracks on the air. */
  async function withTracks(music: string) {
    for (const name of ["a", "b", "c"]) {
      await writeTrack(music, `${name}.mp3`, trackFrames(name.charCodeAt(0), 2000));
    }
    const app = await DeskApp.start(adminConfig([{ playlist: { directory: music } }]));
    const { mount } = app.parts();
    await app.prepare();
    mount.advance(0);
    return app;
  }

  test("has the current file, the next ones, and skipped files with reasons", async () => {
    await using music = await scratch();
    await Bun.write(join(music.path, "0 noise.mp3"), "no audio");
    await using app = await withTracks(music.path);
    const { json } = await app.get("playlist");
    expect(json).toMatchObject({ mount: "/stream", shuffle: false, tracks: 3, unreadable: [] });
    const unknown = { loudness: null, gain: null };
    expect(json.playing).toMatchObject({ file: "a.mp3", title: "a", artist: "", ...unknown });
    expect(json.playing.duration_seconds).toBeCloseTo((2000 * 1152) / 44_100, 1);
    expect(json.upcoming.slice(0, 2)).toEqual(["b.mp3", "c.mp3"]);
    expect(json.skipped).toEqual([{ name: "0 noise.mp3", why: "it has no playable audio" }]);
    expect((await app.get("playlist?mount=/no")).status).toBe(404);
  });

  test("skips what plays, and refuses while something else is on air", async () => {
    await using music = await scratch();
    await using app = await withTracks(music.path);
    const { status, json } = await app.post("skip", { mount: "/stream" });
    expect([status, json]).toEqual([200, { message: "a.mp3 was skipped." }]);
    await app.prepare();
    app.clock.now = 100;
    app.parts().mount.advance(app.clock.now);
    expect((await app.get("playlist")).json.playing.file).toBe("b.mp3");
    app.play("/stream", "live");
    const refused = await app.post("skip", { mount: "/stream" });
    expect([refused.status, refused.json.error]).toEqual([409, "The playlist is not on air."]);
  });

  test("is looked at anew at once", async () => {
    await using music = await scratch();
    await using app = await withTracks(music.path);
    await writeTrack(music.path, "d.mp3", trackFrames(9, 20));
    expect((await app.post("rescan", { mount: "/stream" })).json.message).toBe(
      "The playlist has 4 tracks.",
    );
    expect((await app.get("playlist")).json.upcoming).toContain("d.mp3");
  });

  test("without a directory is a finding of the doctor", async () => {
    await using app = await DeskApp.start();
    await app.post("rescan", { mount: "/stream" });
    expect((await app.get("playlist")).json.unreadable).toEqual([
      { name: "/nowhere", why: "ENOENT" },
    ]);
    app.clock.now = 20_000;
    app.parts().mount.advance(app.clock.now);
    const { json } = await app.get("doctor");
    expect(json.findings.map(({ sentence }: { sentence: string }) => sentence)).toContain(
      "The playlist directory /nowhere of /stream cannot be read (ENOENT).",
    );
  });
});

describe("history", () => {
  test("has a point a sample, with the time people read", async () => {
    await using app = await DeskApp.start(TWO());
    pass(app, 1);
    app.listen("/jazz");
    pass(app, 2);
    const { json } = await app.get("history?mount=/jazz");
    const start = Date.UTC(2026, 7, 1, 10) / 1000;
    expect(json).toEqual({
      mount: "/jazz",
      step_seconds: 10,
      times: [start + 10, start + 20, start + 30],
      listeners: [0, 1, 1],
    });
    expect((await app.get("history?minutes=1441")).status).toBe(422);
    expect((await app.get("history?mount=/no")).status).toBe(404);
  });

  test("of a day and more keeps the day, in steps that show the most of each", async () => {
    await using app = await DeskApp.start();
    const { history } = app.station.about.watch;
    for (let i = 0; i < 9000; i++) history.add(i * 10, [["/stream", i === 5000 ? 77 : 1]]);
    const { json } = await app.get("history?minutes=1440");
    expect([json.step_seconds, json.times.length, json.times.at(-1)]).toEqual([120, 720, 89_990]);
    expect(json.times[0]).toBe(3600 + 110);
    expect(json.listeners.filter((most: number) => most === 77)).toHaveLength(1);
    expect((await app.get("history?minutes=10")).json.times).toHaveLength(60);
  });
});

test("log has the newest lines, as many as asked for", async () => {
  await using app = await DeskApp.start();
  for (let i = 0; i < 600; i++) app.station.log.info(`line ${i}`);
  const lines = async (query: string) => (await app.get(`log${query}`)).json.lines;
  expect(await lines("?lines=500")).toHaveLength(500);
  const [last] = await lines("?lines=1");
  expect(last).toMatchObject({ number: 600, level: "info", text: "line 599" });
  expect((await app.get("log?lines=2001")).status).toBe(422);
});

test("the log is filtered by level and words, and saved as a file of text", async () => {
  await using app = await DeskApp.start();
  app.station.log.warn("a share is slow");
  app.station.log.info("a share is back");
  const texts = async (query: string) =>
    (await app.get(`log?${query}`)).json.lines.map(({ text }: { text: string }) => text);
  expect(await texts("level=warn")).toEqual(["a share is slow"]);
  expect(await texts("search=share%20BACK")).toEqual(["a share is back"]);
  const { headers, json } = await app.get("log/text?level=warn&search=share");
  expect(headers.get("content-disposition")).toBe('attachment; filename="cycast.log"');
  expect(headers.get("cache-control")).toBe("no-store");
  expect(json).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z warn {2}a share is slow\n$/);
});

describe("the doctor", () => {
  const sentences = async (app: DeskApp): Promise<string[]> => {
    const { json } = await app.get("doctor");
    return json.findings.map(({ sentence }: { sentence: string }) => sentence);
  };

  test("sees a proxy that hides everybody", async () => {
    await using app = await DeskApp.start();
    app.listen("/stream", { address: "10.0.0.1", isForwarded: true });
    const sentence = "A proxy hides the listeners' addresses on /stream: all appear as 10.0.0.1.";
    expect(await sentences(app)).toContain(sentence);
    app.listen("/stream", { address: "192.0.2.1" });
    expect(await sentences(app)).not.toContain(sentence);
  });

  test("counts what happened lately, and forgets it after ten minutes", async () => {
    await using app = await DeskApp.start();
    const body = { user: "keeper", password: "no" };
    for (let i = 0; i < 10; i++) {
      await app.ask("session", { method: "POST", body, from: `192.0.2.${i}` });
    }
    const guessing = "10 failed admin sign-ins in the last 10 minutes.";
    pass(app, 58);
    expect(await sentences(app)).toContain(guessing);
    pass(app, 3);
    expect(await sentences(app)).not.toContain(guessing);
  });
});

test("an answer is kept by nobody on its way", async () => {
  await using app = await DeskApp.start();
  for (const path of ["overview", "listeners", "log"]) {
    const { headers } = await app.ask(path, { headers: AS_ADMIN });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  }
});

describe("events", () => {
  class Page {
    readonly events: string[] = [];
    state: "open" | "blocked" = "open";
    ends = 0;
    aborts = 0;
    write(bytes: Uint8Array) {
      this.events.push(new TextDecoder().decode(bytes));
      return this.state;
    }
    end(): void {
      this.ends++;
    }
    abort(): void {
      this.aborts++;
    }
    get names(): string[] {
      return this.events.map((event) => /^event: (\S+)\ndata: \{.*\}\n\n$/.exec(event)?.[1] ?? "?");
    }
  }

  test("send everything at once, then the overview each second and a heartbeat every ten", async () => {
    await using app = await DeskApp.start();
    const { feed } = app.desk;
    const page = new Page();
    feed.join(page, () => true);
    expect(page.names).toEqual(["overview", "doctor"]);
    app.station.log.info("something happened");
    feed.look();
    expect(page.names.slice(2)).toEqual(["overview", "log"]);
    for (let i = 0; i < 9; i++) feed.look();
    expect(page.names.slice(-3)).toEqual(["overview", "doctor", "heartbeat"]);
    for (let i = 0; i < 10; i++) feed.look();
    expect(page.names.slice(-2)).toEqual(["overview", "heartbeat"]);
    expect(page.events.at(-1)).toContain('"mounts":[{"mount":"/stream","listeners":0}]');
  });

  test("have what a reload would change, at the beginning and when that has changed", async () => {
    await using home = await scratch();
    const file = join(home.path, "config.hcl");
    await Bun.write(file, "# as it runs");
    const config = { ...adminConfig(), file };
    let next: Config = config;
    await using app = await DeskApp.start(config, () => Promise.resolve(next));
    const { feed } = app.desk;
    const page = new Page();
    const configurations = () => page.events.filter((event) => event.includes("configuration"));
    const newest = () => JSON.parse(configurations().at(-1)?.split("data: ")[1] ?? "null");
    feed.join(page, () => true);
    await until("it is compared", () => configurations().length === 1);
    const same = { file, applied: [], at_restart: [], error: null, problems: [] };
    expect(newest()).toEqual(same);
    next = { ...config, advanced: { ...config.advanced, debug: true } };
    await Bun.write(file, "# with another setting");
    for (let i = 0; i < 10; i++) feed.look();
    await until("it differs", () => configurations().length === 2);
    expect(newest()).toEqual({ ...same, applied: ["advanced.debug"] });
    await app.post("reload", {});
    feed.look();
    await until("it is what runs", () => configurations().length === 3);
    expect(newest()).toEqual(same);
    const later = new Page();
    feed.join(later, () => true);
    expect(later.names).toEqual(["overview", "configuration", "doctor"]);
    feed.close();
  });

  test("have the findings of a change at the next second, not at the next sample", async () => {
    await using app = await DeskApp.start();
    const { feed } = app.desk;
    const page = new Page();
    app.clock.now = 20_000;
    feed.join(page, () => true);
    feed.look();
    expect(page.events[1]).toContain("/stream has been silent");
    app.play("/stream", "live");
    feed.look();
    const findings = page.events.filter((event) => event.startsWith("event: doctor"));
    expect(findings.at(-1)).not.toContain("silent");
    feed.close();
  });

  test("end with the session, and when a desk does not read", async () => {
    await using app = await DeskApp.start();
    const { feed } = app.desk;
    const [mine, other, deaf] = [new Page(), new Page(), new Page()];
    let isSignedIn = true;
    feed.join(mine, () => isSignedIn);
    feed.join(other, () => true);
    feed.join(deaf, () => true);
    deaf.state = "blocked";
    isSignedIn = false;
    feed.look();
    expect([mine.ends, other.ends, deaf.aborts]).toEqual([1, 0, 1]);
    const told = mine.events.length;
    feed.look();
    expect(mine.events.length).toBe(told);
  });

  test("of a real session stop when it is signed out", async () => {
    await using app = await DeskApp.start();
    const headers = await app.signIn();
    const answer = await app.raw("events", { headers });
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    const reader = answer.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toStartWith("event: overview\ndata: {");
    await app.ask("session", { method: "DELETE", headers });
    app.desk.feed.look();
    let isDone = false;
    void (async () => {
      while (!(await reader?.read())?.done);
      isDone = true;
    })();
    await until("the stream ends", () => isDone);
  });

  test("of credentials go on, whatever cookie is still with them", async () => {
    await using app = await DeskApp.start();
    const headers = { ...AS_ADMIN, cookie: "cycast_desk_0=of-a-session-that-is-over" };
    const reader = (await app.raw("events", { headers })).body?.getReader();
    app.desk.feed.look();
    app.desk.feed.look();
    let told = "";
    const overviews = () => told.split("event: overview").length - 1;
    while (overviews() < 3) {
      const read = await reader?.read();
      if (read?.done !== false) break;
      told += new TextDecoder().decode(read.value);
    }
    expect(overviews()).toBe(3);
    await reader?.cancel();
  });

  test("are sent to a limited number of desks", async () => {
    await using app = await DeskApp.start();
    for (let i = 0; i < 50; i++) app.desk.feed.join(new Page(), () => true, `192.0.2.${i}`);
    const { status, json } = await app.get("events");
    expect([status, json.error]).toEqual([503, "Too many desks are open."]);
  });

  test("end at a client's oldest desk when it opens too many", async () => {
    await using app = await DeskApp.start();
    const desks = Array.from({ length: 21 }, () => new Page());
    for (const desk of desks) app.desk.feed.join(desk, () => true, "192.0.2.1");
    const isOver = desks.map(({ ends, aborts }) => ends + aborts > 0);
    expect(isOver).toEqual(desks.map((_, i) => i === 0));
  });
});

test("a source is shown with its address, program, declared bitrate and measured bitrate", async () => {
  await using radio = await startStation(adminConfig());
  const headers = "user-agent: An Encoder/1.0\r\nice-bitrate: 192\r\n";
  using source = await goLive(radio.sourcePort, { headers });
  source.send(concat(...silentShow(100)));
  const ask = async () => {
    const answer = await fetch(`${radio.url}/api/admin/overview`, { headers: AS_ADMIN });
    const { mounts } = (await answer.json()) as { mounts: [Record<string, unknown>] };
    return mounts[0];
  };
  let told: Record<string, unknown> = {};
  await until("all of it has come", async () => {
    told = ((await ask()).source ?? {}) as Record<string, unknown>;
    return Number(told["received_bytes"]) > 40_000;
  });
  expect(told).toMatchObject({
    address: "127.0.0.1",
    user_agent: "An Encoder/1.0",
    bitrate: 128,
    declared_bitrate: 192,
    drift_percent: null,
  });
});

test("a source whose loudness cannot be measured is shown with the reason", async () => {
  await using radio = await startStation(adminConfig());
  using source = await goLive(radio.sourcePort);
  source.send(concat(...adtsFrames(40)));
  let loudness: unknown = null;
  await until("it is on air", async () => {
    const answer = await fetch(`${radio.url}/api/admin/overview`, { headers: AS_ADMIN });
    const { mounts } = (await answer.json()) as { mounts: [{ source: { loudness: unknown } }] };
    loudness = mounts[0].source?.loudness;
    return JSON.stringify(loudness).includes("decoder");
  });
  const unknown = { short_term: null, integrated: null, true_peak: null };
  expect(loudness).toEqual({ ...unknown, why: "AAC has no decoder here" });
});

test("a listener for whom a proxy asks is marked, on both ports", async () => {
  await using radio = await startStation(adminConfig());
  using _one = await Wire.listen(radio.listenPort, "/stream", "X-Forwarded-For: 192.0.2.1\r\n");
  using _two = await Wire.listen(radio.sourcePort, "/stream", "Forwarded: for=192.0.2.1\r\n");
  using _three = await Wire.listen(radio.sourcePort, "/stream");
  const answer = await fetch(`${radio.url}/api/admin/listeners`, { headers: AS_ADMIN });
  const { listeners } = (await answer.json()) as { listeners: { forwarded: boolean }[] };
  expect(listeners.map(({ forwarded }) => forwarded)).toEqual([true, true, false]);
});

test("a session is signed out of on the source port too", async () => {
  await using radio = await startStation(adminConfig());
  const url = `http://127.0.0.1:${radio.sourcePort}/api/admin/session`;
  const body = JSON.stringify({ user: "keeper", password: "admin-of-the-test" });
  const json = { "content-type": "application/json" };
  const signedIn = await fetch(url, { method: "POST", body, headers: json });
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  const told = async () => (await fetch(url, { headers: { cookie } })).json();
  expect(await told()).toMatchObject({ signed_in: true, user: "keeper", role: "admin" });
  expect((await fetch(url, { method: "DELETE", headers: { cookie } })).status).toBe(200);
  expect(await told()).toMatchObject({ signed_in: false, user: null, role: null });
});

describe("an encoder's clock", () => {
  /** A live source that sends `ratio` too much, so much at a time. */
  async function watch(
    app: DeskApp,
    ratio: number,
    minutes: number,
    packetSeconds = 1,
  ): Promise<number | null> {
    const { mount } = app.parts();
    const client = { address: "192.0.2.1", userAgent: "", showName: "", metaint: null };
    const source = new LiveSource(mount, client);
    mount.attach(source);
    const frame = mpegFrame({});
    let sent = 0;
    for (let second = 0; second < minutes * 60; second++) {
      const due = Math.floor((second * (1 + ratio) * 44_100) / 1152);
      while (sent < due && second % packetSeconds === 0) {
        source.push(frame, app.clock.now);
        sent++;
      }
      app.clock.now += 1000;
      if (second % 10 === 9) app.station.about.watch.sample();
    }
    const { json } = await app.get("overview");
    source.end(app.clock.now);
    return json.mounts[0].source.drift_percent;
  }

  test("is judged by its audio, after some minutes, and each source anew", async () => {
    await using app = await DeskApp.start();
    expect(await watch(app, 0.004, 4)).toBeNull();
    expect(await watch(app, 0.004, 10)).toBeCloseTo(0.4, 1);
    expect(Math.abs((await watch(app, 0, 10)) ?? 9)).toBeLessThan(0.02);
  });

  test("is judged by when its audio came, however large its packets are", async () => {
    await using app = await DeskApp.start();
    expect(await watch(app, -0.002, 10, 7)).toBeCloseTo(-0.2, 1);
    expect(Math.abs((await watch(app, 0, 10, 7)) ?? 9)).toBeLessThan(0.02);
  });
});

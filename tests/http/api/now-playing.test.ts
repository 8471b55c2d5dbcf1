// What plays, in AzuraCast's shape: what programs made for it read, how often it is rendered, and its event stream.
import { expect, spyOn, test } from "bun:test";
import { NowPlayingFeed } from "../../../src/http/api/now-playing-feed.ts";
import { NowPlayingPages } from "../../../src/http/api/now-playing-pages.ts";
import type { SinkState } from "../../../src/mount/roles.ts";
import { FakeSink } from "../../output/fake-sink.ts";
import { CLIENT } from "../../output/stage.ts";
import { App, adminConfig, WALL_MS } from "../app.ts";
import {
  discordBot,
  homeAssistant,
  pythonClient,
  type Validated,
  validated,
  WebPlayer,
  wordPress,
} from "./now-playing-readers.ts";

const BASE = "http://radio.example:8001";

async function nowPlaying(app: App, name = "stream"): Promise<Validated> {
  return validated(JSON.parse((await app.ask(`/api/nowplaying/${name}`)).text));
}

/** A live show with two titles, the second one for ten seconds now. */
async function withShow(visit: (app: App) => Promise<void>): Promise<void> {
  await using app = await App.start(adminConfig([{}, { path: "/night/jazz" }]));
  const input = app.play("/stream", "live", "Artist - First");
  app.wall.ms += 60_000;
  app.mount().retitle({ artist: "Artist", title: "Second" }, app.station.clock.nowMs());
  app.hear("/stream", input);
  app.wall.ms += 10_500;
  await visit(app);
}

test("a live show has its beginning, its title with the seconds heard, and the titles before", async () => {
  await withShow(async (app) => {
    app.audience().join(CLIENT, new FakeSink());
    app.audience().join(CLIENT, new FakeSink());
    const now = await nowPlaying(app);
    expect(now.listeners).toEqual({ total: 2, unique: 1, current: 2 });
    expect(now.live).toEqual({
      is_live: true,
      streamer_name: "Test Radio",
      broadcast_start: WALL_MS / 1000,
      art: null,
    });
    expect(now.now_playing).toMatchObject({
      played_at: WALL_MS / 1000 + 60,
      elapsed: 10,
      remaining: 0,
      duration: 0,
      song: { text: "Artist - Second", artist: "Artist", title: "Second" },
    });
    expect(now.song_history.map(({ played_at, song }) => [played_at, song.text])).toEqual([
      [WALL_MS / 1000, "Artist - First"],
    ]);
    expect([now.is_online, now.playing_next]).toEqual([true, null]);
    expect(now.station).toMatchObject({
      id: 1,
      shortcode: "stream",
      listen_url: `${BASE}/stream`,
      mounts: [{ path: "/stream", is_default: true, format: "mp3" }],
    });
  });
});

test("a mount is found by its path, its shortcode and its place, and any other name is 404 with a code", async () => {
  await withShow(async (app) => {
    for (const name of ["night%2Fjazz", "%2Fnight%2Fjazz", "night_jazz", "2"]) {
      const { station, is_online, now_playing } = await nowPlaying(app, name);
      expect(station.mounts[0]?.path, name).toBe("/night/jazz");
      expect([is_online, now_playing.sh_id, now_playing.song.title]).toEqual([
        false,
        0,
        "Station Offline",
      ]);
    }
    for (const name of ["nowhere", "0", "3", "%2e%2e%2f"]) {
      const { status, text } = await app.ask(`/api/nowplaying/${name}`);
      expect([status, JSON.parse(text).code], name).toEqual([404, "no_such_mount"]);
    }
  });
});

test("programs made for AzuraCast read it", async () => {
  await withShow(async (app) => {
    const all = JSON.parse((await app.ask("/api/nowplaying")).text);
    expect(all).toHaveLength(2);
    expect(wordPress(all)).toEqual(["Test Radio", `${BASE}/stream`, "Artist - Second"]);
    const [one] = all;
    const thumbnail = `${BASE}/artwork/sunrise.svg?artist=Artist&title=Second`;
    expect(discordBot(one)).toEqual({
      title: "Test Radio - Now playing",
      name: "Artist",
      value: "Second",
      thumbnail,
    });
    expect(homeAssistant(one)).toMatchObject({
      ...{ title: "Second", artist: "Artist", picture: thumbnail },
      ...{ listeners: "0", live: "on", online: "on" },
    });
    const art = await app.ask("/api/nowplaying/stream/art");
    expect([art.status, art.headers.get("location")]).toEqual([302, thumbnail]);
  });
});

test("titles of any length and script stay one JSON of that shape", async () => {
  await using app = await App.start();
  const input = app.play();
  for (const title of ['"\\</script>', "é\u2028\ud800", "東京".repeat(500), "\u0007"]) {
    app.mount().retitle({ artist: title, title }, app.station.clock.nowMs());
    app.hear("/stream", input);
    const { now_playing } = await nowPlaying(app);
    expect(URL.canParse(now_playing.song.art)).toBe(true);
    expect(now_playing.song.id).toMatch(/^[0-9a-f]{32}$/);
  }
});

test("an answer is rendered once for each change, however many ask, and need not be sent twice", async () => {
  await withShow(async (app) => {
    const pages = new NowPlayingPages(app.station);
    const mount = () => pages.find("stream")!;
    const first = pages.current(mount(), BASE);
    const plays = spyOn(app.station.first.plays, "recent");
    for (let i = 0; i < 100; i++) expect(pages.current(mount(), BASE)).toBe(first);
    app.wall.ms += 1000;
    expect(pages.current(mount(), BASE).json).toContain('"elapsed":11');
    expect(plays).not.toHaveBeenCalled();
    expect(pages.settled(mount(), BASE)).toBe(pages.settled(mount(), BASE));
    app.audience().join(CLIENT, new FakeSink());
    expect(pages.current(mount(), BASE).json).toContain('"current":1');
    expect(plays).toHaveBeenCalledTimes(1);
    plays.mockRestore();
    const { headers } = await app.ask("/api/nowplaying_static/stream.json");
    const etag = headers.get("etag") ?? "";
    app.wall.ms += 5000;
    const again = await app.ask("/api/nowplaying_static/stream.json", {
      headers: { "if-none-match": etag },
    });
    expect([again.status, again.text]).toEqual([304, ""]);
    expect(again.headers.get("access-control-allow-origin")).toBe("*");
  });
});

test("renderings for the host names that strangers make up are bounded", async () => {
  await withShow(async (app) => {
    const pages = new NowPlayingPages(app.station);
    const mount = pages.find("stream")!;
    const first = pages.settled(mount, BASE);
    for (let i = 0; i < 256; i++) pages.settled(mount, `http://${i}.example`);
    expect(pages.settled(mount, BASE)).not.toBe(first);
  });
});

class FakePage {
  readonly data: string[] = [];

  write(bytes: Uint8Array): SinkState {
    const [, data = ""] = /^data: (.*)\n\n$/.exec(new TextDecoder().decode(bytes)) ?? [];
    this.data.push(data);
    return "open";
  }

  end(): void {}
  abort(): void {}
}

function feedOf({ station }: App) {
  return new NowPlayingFeed(station, new NowPlayingPages(station));
}

test("the event stream gives AzuraCast's player what plays at once and at each change, of the mounts it follows", async () => {
  await withShow(async (app) => {
    const [feed, page, other] = [feedOf(app), new FakePage(), new FakePage()];
    const subscriber = { base: BASE, address: "192.0.2.1" };
    feed.join(page, { ...subscriber, paths: new Set(["/stream"]) });
    feed.join(other, { ...subscriber, paths: new Set(["/night/jazz"]) });
    const player = new WebPlayer();
    for (const data of page.data) player.read(data);
    expect(player.time).toBe(Math.floor(app.wall.ms / 1000));
    expect(pythonClient(page.data[0] ?? "", "stream")).toBe(
      "Test Radio: Second by Artist 00:00:10/00:00:00",
    );
    await feed.sendChanges();
    expect(page.data).toHaveLength(1);
    app.wall.ms += 20_000;
    app.mount().retitle({ artist: "Artist", title: "Third" }, app.station.clock.nowMs());
    app.hear("/stream", app.mount().onAir as never);
    await feed.sendChanges();
    await feed.ping();
    expect(page.data.at(-1)).toBe("{}");
    for (const data of page.data.slice(1)) player.read(data);
    expect(player.shown.map(({ now_playing }) => now_playing.song.title)).toEqual([
      "Second",
      "Third",
    ]);
    expect(pythonClient(page.data[1] ?? "", "stream")).toContain("Third by Artist 00:00:00");
    expect(other.data).toHaveLength(2);
    feed.close();
  });
});

test("the event stream renders no mount that nobody follows", async () => {
  await withShow(async (app) => {
    const [feed, page] = [feedOf(app), new FakePage()];
    const jazz = app.station.all[1]!.plays;
    const rendered = spyOn(jazz, "recent");
    feed.join(page, { base: BASE, address: "192.0.2.1", paths: new Set(["/stream"]) });
    app.audience("/night/jazz").join(CLIENT, new FakeSink());
    await feed.sendChanges(true);
    expect(rendered).not.toHaveBeenCalled();
    rendered.mockRestore();
    feed.close();
  });
});

test("the event stream gives the number of listeners with the counts, and not at each of them", async () => {
  await withShow(async (app) => {
    const [feed, page] = [feedOf(app), new FakePage()];
    feed.join(page, { base: BASE, address: "192.0.2.1", paths: new Set(["/stream"]) });
    app.audience().join(CLIENT, new FakeSink());
    await feed.sendChanges();
    expect(page.data).toHaveLength(1);
    await feed.sendChanges(true);
    expect(page.data[1]).toContain('"current":1');
    await feed.sendChanges(true);
    expect(page.data).toHaveLength(2);
    feed.close();
  });
});

test("a channel whose name is no text is no mount", async () => {
  await using app = await App.start(adminConfig());
  const connect = encodeURIComponent('{"subs":{"station:\\ud800":{}}}');
  const answer = await app.ask(`/api/live/nowplaying/sse?cf_connect=${connect}`);
  expect(answer.status).toBe(404);
});

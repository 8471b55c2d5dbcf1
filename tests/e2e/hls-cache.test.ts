// HLS for very many: nginx with the shipped configuration in front of a station, and a thousand listeners in front of it.
import { afterAll, beforeAll, describe, expect, spyOn, test } from "bun:test";
import { join } from "node:path";
import type { HlsCounts } from "../bench/load/hls-listeners.ts";
import { HLS_CACHE, type RunningProxy, startProxy } from "../dist/proxy-programs.ts";
import { testConfig } from "../support/config.ts";
import { portApart } from "../support/ports.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";

const LISTENERS = 1000;
const SECONDS = 8;

const LOAD = join(import.meta.dir, "..", "bench", "load", "hls-listeners.ts");

interface Told extends HlsCounts {
  readonly event: string;
}

/** Runs the load program; `onWindow` when everybody has come, `onEnd` before they go. */
async function crowd(url: string, on: Record<"window" | "end", () => void>): Promise<Told> {
  const words = ["--url", url, "--listeners", LISTENERS, "--seconds", SECONDS].map(String);
  await using load = Bun.spawn([process.execPath, LOAD, ...words], { stdout: "pipe" });
  let last: Told | undefined;
  let rest = "";
  for await (const bytes of load.stdout) {
    const lines = (rest + new TextDecoder().decode(bytes)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      last = JSON.parse(line) as Told;
      if (last.event === "window" || last.event === "end") on[last.event]();
    }
  }
  if (last === undefined) throw new Error("the load program said nothing");
  return last;
}

/** What a media playlist says. */
function read(text: string) {
  const [, first = ""] = /#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text) ?? [];
  const files = text.split("\n").filter((line) => /^[^#].*\.mp3$/.test(line));
  return { files, last: Number(first) + files.length - 1 };
}

describe.skipIf(HLS_CACHE.program === null)("behind a cache", () => {
  const open = new AsyncDisposableStack();
  const listenPort = portApart();
  let folder = "";
  let radio: TestStation;
  let proxy: RunningProxy;

  const start = () => {
    const hls = { enabled: true, segment: 2, window: 6, sessions: false };
    const accessLog = join(folder, "access.log");
    const mount = { playlist: { directory: folder }, hls };
    const config = testConfig([mount, { ...mount, path: "/second" }], { accessLog });
    return startStation({ ...config, server: { ...config.server, listenPort } });
  };

  beforeAll(async () => {
    folder = open.use(await scratch()).path;
    await writeTrack(folder, "a.mp3", trackFrames(1, 12_000));
    radio = await start();
    open.defer(() => radio[Symbol.asyncDispose]());
    const ports = { listen: String(radio.listenPort), source: String(radio.sourcePort) };
    proxy = open.use(await startProxy(HLS_CACHE, ports, folder));
    await until("a playlist with three segments comes through", async () => {
      const answer = await fetch(`${proxy.url}/stream/hls/index.m3u8`).catch(() => null);
      await answer?.text();
      const listed = radio.station.all.map(({ hls }) => hls.playlist?.listed.length ?? 0);
      return answer?.status === 200 && Math.min(...listed) >= 3;
    });
  }, 120_000);
  afterAll(() => open.disposeAsync());

  test("a thousand listeners cost the station two requests a second at most", async () => {
    const logged = spyOn(radio.station.access, "add");
    const marks: { atMs: number; asked: number }[] = [];
    const mark = () => marks.push({ atMs: performance.now(), asked: logged.mock.calls.length });
    const index = `${proxy.url}/stream/hls/index.m3u8`;
    const told = await crowd(index, { window: mark, end: mark });
    const [from, to] = marks;
    if (from === undefined || to === undefined) throw new Error("the crowd did not say when");
    const requests = to.asked - from.asked;
    const seconds = (to.atMs - from.atMs) / 1000;
    expect([told.heard, told.failed]).toEqual([LISTENERS, 0]);
    expect(told.segments).toBeGreaterThan(LISTENERS * 3);
    expect(requests).toBeGreaterThan(0);
    expect(requests / seconds).toBeLessThanOrEqual(2);
  }, 120_000);

  test("nobody notices a restart of the station: the last playlist stays, then its numbers go on", async () => {
    const ask = async (name: string, mount = "stream", url = proxy.url) => {
      const answer = await fetch(`${url}/${mount}/hls/${name}`);
      return { status: answer.status, text: await answer.text() };
    };
    // A player of the second mount always waits for the next segment.
    const second = read((await ask("mp3.m3u8", "second", radio.url)).text);
    expect((await ask(`mp3.m3u8?_HLS_msn=${second.last}`, "second")).status).toBe(200);
    const before = await ask("mp3.m3u8");
    const { files, last } = read(before.text);
    for (const name of files) expect((await ask(name)).status).toBe(200);
    await radio[Symbol.asyncDispose]();
    expect(await ask("mp3.m3u8")).toEqual(before);
    expect(await ask(`mp3.m3u8?_HLS_msn=${last + 1}`)).toEqual(before);
    const waiting = await ask(`mp3.m3u8?_HLS_msn=${second.last + 2}`, "second");
    expect(waiting.status).toBe(200);
    expect(read(waiting.text).last).toBeGreaterThanOrEqual(second.last);
    for (const name of files) expect((await ask(name)).status).toBe(200);
    radio = await start();
    await until("the new playlist comes through", async () => {
      const { status, text } = await ask("mp3.m3u8");
      expect(status).toBe(200);
      return read(text).last > last && !text.includes(files[0] ?? "");
    });
  }, 120_000);
});

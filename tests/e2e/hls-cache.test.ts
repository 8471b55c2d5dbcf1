// HLS for very many: nginx with the shipped configuration in front of a station, and a thousand listeners in front of it.
import { expect, spyOn, test } from "bun:test";
import { join } from "node:path";
import type { HlsCounts } from "../bench/load/hls-listeners.ts";
import { HLS_CACHE, startProxy } from "../dist/proxy-programs.ts";
import { testConfig } from "../support/config.ts";
import { scratch, startStation, until } from "../support/station.ts";
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

test.skipIf(HLS_CACHE.program === null)(
  "a thousand listeners cost the station two requests a second at most",
  async () => {
    await using folder = await scratch();
    await writeTrack(folder.path, "a.mp3", trackFrames(1, 12_000));
    const hls = { enabled: true, segment: 2, window: 6, sessions: false };
    const accessLog = join(folder.path, "access.log");
    const playlist = { directory: folder.path };
    await using radio = await startStation(testConfig([{ playlist, hls }], { accessLog }));
    const ports = { listen: String(radio.listenPort), source: String(radio.sourcePort) };
    await using proxy = await startProxy(HLS_CACHE, ports, folder.path);
    const index = `${proxy.url}/stream/hls/index.m3u8`;
    await until("a playlist with three segments comes through", async () => {
      const answer = await fetch(index).catch(() => null);
      await answer?.text();
      const listed = radio.station.first.hls.playlist?.listed.length ?? 0;
      return answer?.status === 200 && listed >= 3;
    });
    const logged = spyOn(radio.station.access, "add");
    const marks: { atMs: number; asked: number }[] = [];
    const mark = () => marks.push({ atMs: performance.now(), asked: logged.mock.calls.length });
    const told = await crowd(index, { window: mark, end: mark });
    const [from, to] = marks;
    if (from === undefined || to === undefined) throw new Error("the crowd did not say when");
    const requests = to.asked - from.asked;
    const seconds = (to.atMs - from.atMs) / 1000;
    expect([told.heard, told.failed]).toEqual([LISTENERS, 0]);
    expect(told.segments).toBeGreaterThan(LISTENERS * 3);
    expect(requests).toBeGreaterThan(0);
    expect(requests / seconds).toBeLessThanOrEqual(2);
  },
  120_000,
);

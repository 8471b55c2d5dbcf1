// HLS of a mount whose show ends, on a real station: its playlist goes on with the fallback, and comes back to the show.
import { expect, test } from "bun:test";
import { opened, read } from "../hls/hls-rig.ts";
import { testConfig } from "../support/config.ts";
import { HlsValidator } from "../support/hls/validator.ts";
import { numbersIn } from "../support/numbered.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { FRAME_MS, trackFrames, writeTrack } from "../support/tracks.ts";
import { goLive } from "../support/wire.ts";

const show = trackFrames(21, 2000);
const music = trackFrames(22, 4000);

/** A source that sends the show at its pace. */
async function perform(port: number, from: number): Promise<Disposable> {
  const source = await goLive(port, { path: "/live" });
  let next = from;
  const startedMs = performance.now();
  const timer = setInterval(() => {
    const due = Math.min(show.length, from + 60 + (performance.now() - startedMs) / FRAME_MS);
    while (next < due) source.send(show[next++] ?? "");
  }, 20);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      source.socket.destroy();
    },
  };
}

test("a playlist goes on with the fallback when the show ends, and with the show when that is back", async () => {
  await using folder = await scratch();
  await writeTrack(folder.path, "a.mp3", music);
  const hls = { enabled: true, segment: 2, window: 8 };
  await using radio = await startStation(
    testConfig([
      { path: "/live", fallback: "/auto", hls },
      { path: "/auto", playlist: { directory: folder.path } },
    ]),
  );
  const { station, url } = radio;
  const bandwidth = () => station.parts("/live")?.hls.playlist?.bandwidth ?? 0;
  let first = await perform(radio.sourcePort, 0);
  // Silence, which may be heard before, has fewer bits.
  await until("the bit rate is known", () => bandwidth() > 120_000);
  const validator = new HlsValidator({
    fetch: async (address, headers = {}) => {
      const answer = await fetch(address, { headers });
      return { status: answer.status, headers: answer.headers, body: await answer.bytes() };
    },
    nowMs: () => performance.now(),
    pollMs: 1000,
  });
  await validator.open(`${url}/live/hls/index.m3u8`);
  /** By media sequence number: whether it has frames of the show, and of the fallback. */
  const heard = new Map<number, string>();
  const poll = async () => {
    await validator.poll();
    const list = read(station.parts("/live")?.hls.playlist?.text ?? "");
    for (const { number, name } of list.segments) {
      if (heard.has(number)) continue;
      const { frames } = opened(await (await fetch(`${url}/live/hls/${name}`)).bytes());
      const [own, other] = [show, music].map((all) => numbersIn(frames, all).length > 0);
      heard.set(number, `${own ? "show" : ""}${other ? "music" : ""}`);
    }
    return [...heard.values()].filter((kind) => kind !== "");
  };
  const hears = (kind: string) =>
    until(`${kind} is heard`, async () => (await poll()).at(-1) === kind);
  await hears("show");
  first[Symbol.dispose]();
  await hears("music");
  first = await perform(radio.sourcePort, 1000);
  await hears("show");
  first[Symbol.dispose]();
  // None has frames of both, and they follow each other as they were heard.
  const kinds = await poll();
  const turns = kinds.filter((kind, at) => kind !== kinds[at - 1]);
  expect(turns.slice(-3)).toEqual(["show", "music", "show"]);
  expect(validator.problems).toEqual([]);
});

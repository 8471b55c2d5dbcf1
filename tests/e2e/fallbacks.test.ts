// A live mount with a fallback, on real sockets: plain, ICY and chunked listeners hear whole frames in order, there and
// back, and nobody is disconnected.
import { expect, test } from "bun:test";
import { concat } from "../format/mpeg-builder.ts";
import { testConfig } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { startStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { unchunked } from "../support/unchunked.ts";
import { goLive, Wire } from "../support/wire.ts";

const METAINT = 1000;
const MOUNT = { burstSeconds: 60, metadata: { icyMetaint: METAINT } };

async function chunked(port: number, path: string): Promise<Wire> {
  const wire = await Wire.open(port);
  wire.send(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`);
  await until("it is answered", () => wire.body.length > 0);
  return wire;
}

function withoutTitles(body: Uint8Array): Buffer {
  const reader = new IcyReader(METAINT);
  reader.push(body);
  return reader.audio;
}

test("listeners go to the fallback when the source leaves, and back when it returns: every frame, nobody lost", async () => {
  const mounts = [
    { ...MOUNT, path: "/live", fallback: "/auto" },
    { ...MOUNT, path: "/auto" },
  ] as const;
  await using radio = await startStation(testConfig(mounts));
  const [show, before, during, again] = [1, 2, 3, 4].map((seed) => trackFrames(seed, 60, true));
  if (!show || !before || !during || !again) throw new Error("no frames");
  const last = (frames: readonly Uint8Array[]) => frames.at(-1) ?? new Uint8Array();
  const isOnAir = (at: number, kind: string) => radio.station.facts().mounts[at]?.onAir === kind;

  using auto = await goLive(radio.sourcePort, { path: "/auto" });
  auto.send(concat(...before));
  const dj = await goLive(radio.sourcePort, { path: "/live" });
  dj.send(concat(...show));
  await until("both are live", () => isOnAir(0, "live") && isOnAir(1, "live"));
  using plain = await Wire.listen(radio.sourcePort, "/live");
  using icy = await Wire.listen(radio.sourcePort, "/live", "Icy-MetaData: 1\r\n");
  using web = await chunked(radio.listenPort, "/live");
  const heard = () => [plain.body, withoutTitles(icy.body), unchunked(web.body).bytes];
  const hear = (what: string, frames: readonly Uint8Array[]) =>
    until(what, () => heard().every((body) => body.includes(last(frames))));
  await hear("the show is heard", show);

  dj.socket.destroy();
  await until("they have moved", () => radio.station.parts("/auto")?.audience.count === 3);
  auto.send(concat(...during));
  await hear("the fallback is heard", during);
  using late = await Wire.listen(radio.sourcePort, "/live");
  expect(radio.station.parts("/auto")?.audience.count).toBe(4);
  const substitute = async () => {
    const answer = await fetch(`${radio.url}/api/mounts/live`);
    return ((await answer.json()) as { substitute: unknown }).substitute;
  };
  expect(await substitute()).toEqual({ mount: "/auto", listeners: 4 });

  using back = await goLive(radio.sourcePort, { path: "/live" });
  back.send(concat(...again));
  await hear("the source is heard again", again);
  const wanted = Buffer.concat([...show, ...during, ...again]);
  // Silence came before the show.
  const first = show[0] ?? new Uint8Array();
  for (const body of heard()) expect(body.subarray(body.indexOf(first)).equals(wanted)).toBe(true);
  expect(await substitute()).toBeNull();
  await until("the late one hears it too", () => late.body.includes(concat(...again)));
  expect([plain, icy, web, late].map(({ isClosed }) => isClosed)).toEqual(Array(4).fill(false));
});

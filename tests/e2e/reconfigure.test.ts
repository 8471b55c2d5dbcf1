// A station takes another configuration while it runs: nobody on a mount that stays loses a byte.
import { expect, test } from "bun:test";
import type { Config } from "../../src/config/config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const OPEN = { burstSeconds: 60 };

/** A listener in HTTP/1.0, whose body is the audio without chunks. */
async function bare(port: number, path: string): Promise<Wire> {
  const wire = await Wire.open(port);
  wire.send(`GET ${path} HTTP/1.0\r\n\r\n`);
  await until("it is answered", () => wire.body.length > 0);
  return wire;
}

/** Where `part` begins in `whole`; throws when it is not there. */
function indexIn(whole: Uint8Array, part: Uint8Array): number {
  const at = Buffer.from(whole).indexOf(part);
  if (at < 0) throw new Error("the audio is not there");
  return at;
}

test("mounts are added, changed and removed, and the listeners of the others hear every byte", async () => {
  const config = testConfig([OPEN, { path: "/goes", ...OPEN }]);
  await using radio = await startStation(config);
  const { station } = radio;
  const frames = trackFrames(1, 120, true);
  using dj = await goLive(radio.sourcePort);
  using http = await bare(radio.listenPort, "/stream");
  using raw = await Wire.listen(radio.sourcePort, "/stream");
  using leaver = await Wire.listen(radio.listenPort, "/goes");
  const send = (from: number, to: number) => dj.send(concat(...frames.slice(from, to)));
  send(0, 40);

  const changed = testConfig([
    { ...OPEN, sourcePassword: new Secret("another"), maxListeners: 2 },
    { path: "/comes", ...OPEN },
  ]);
  const diff = station.reconfigure({ ...changed, server: config.server });
  expect(diff.added.map(({ path }) => path)).toEqual(["/comes"]);
  expect(diff.removed.map(({ path }) => path)).toEqual(["/goes"]);
  expect(diff.changed.map(({ after }) => after.path)).toEqual(["/stream"]);
  send(40, 80);
  await until("the listener of the removed mount is ended", () => leaver.isClosed);
  expect((await fetch(`${radio.url}/goes`)).status).toBe(404);
  using joiner = await Wire.listen(radio.listenPort, "/comes");
  await until("the new mount plays", () => joiner.body.length > 200);
  const full = await fetch(`${radio.url}/stream`);
  expect(full.status).toBe(503);

  station.reconfigure(config);
  send(80, 120);
  const audio = concat(...frames);
  for (const listener of [http, raw]) {
    await until("all of the show is there", () =>
      Buffer.from(listener.body).includes(frames[119] ?? audio),
    );
    const heard = Buffer.from(listener.body);
    const at = indexIn(heard, frames[0] ?? audio);
    expect(heard.subarray(at, at + audio.length).equals(audio)).toBe(true);
  }
  expect(station.mounts.all.map(({ mount }) => mount.path)).toEqual(["/stream", "/goes"]);
});

test("listeners of a removed mount move to its fallback, the others are ended cleanly", async () => {
  const config = testConfig([OPEN, { path: "/goes", ...OPEN }, { path: "/ends", ...OPEN }]);
  await using radio = await startStation(config);
  const { station } = radio;
  const audienceOf = (path: string) => station.parts(path)?.audience ?? station.first.audience;
  const [stays, goes, ends] = ["/stream", "/goes", "/ends"].map(audienceOf);
  if (stays === undefined || goes === undefined || ends === undefined) throw new Error("no mounts");
  station.fallbacks.set(goes, stays);
  station.fallbacks.set(stays, ends);
  const [before, after] = [trackFrames(1, 60, true), trackFrames(2, 60, true)];
  using stayingDj = await goLive(radio.sourcePort);
  using leavingDj = await goLive(radio.sourcePort, { path: "/goes" });
  stayingDj.send(concat(...trackFrames(3, 20, true)));
  leavingDj.send(concat(...before));
  using http = await bare(radio.listenPort, "/goes");
  using raw = await Wire.listen(radio.sourcePort, "/goes");
  const ended = await fetch(`${radio.url}/ends`);
  const last = before[59] ?? new Uint8Array();
  for (const listener of [http, raw])
    await until("the mount is heard", () => listener.body.includes(last));

  await until("the fallback plays", () => stays.mount.onAir?.kind === "live");

  station.reconfigure({ ...testConfig([OPEN]), server: config.server });
  stayingDj.send(concat(...after));
  for (const listener of [http, raw]) {
    await until("the fallback is heard", () => listener.body.includes(after[59] ?? last));
    expect(indexIn(listener.body, concat(...after))).toBeGreaterThan(indexIn(listener.body, last));
  }
  expect((await ended.arrayBuffer()).byteLength).toBeGreaterThan(0);
  await leavingDj.closed();
  expect(stays.count).toBe(2);
  expect(radio.logged.join("\n")).toContain("2 listeners moved to /stream, its fallback");
  expect(station.facts().mounts[0].fallback).toBe("");
});

test("a new password holds for the next login, and the source that is live stays", async () => {
  const config = testConfig();
  await using radio = await startStation(config);
  using dj = await goLive(radio.sourcePort);
  dj.send(concat(...trackFrames(1, 20, true)));
  const next: Config = testConfig([{ sourcePassword: new Secret("another") }]);
  radio.station.reconfigure({ ...next, server: config.server });
  await until("the source is on air", () => radio.station.first.mount.onAir?.kind === "live");
  const asked = await fetch(
    `${radio.url}/admin/metadata?mode=updinfo&mount=/stream&song=x&pass=${PASSWORD}`,
  );
  expect(asked.status).not.toBe(200);
});

test("a playlist of other settings plays from its new folder", async () => {
  await using folder = await scratch();
  await writeTrack(folder.path, "a.mp3", trackFrames(3, 200, true));
  const config = testConfig();
  await using radio = await startStation(config);
  const next = testConfig([{ playlist: { directory: folder.path } }]);
  radio.station.reconfigure({ ...next, server: config.server });
  const { mount } = radio.station.first;
  await until("the playlist plays", () => mount.onAir?.kind === "playlist");
  expect(mount.inputs.map(({ kind }) => kind)).toEqual(["playlist", "silence"]);
});

test("a playlist's track is heard to its end when its settings change, and the new folder behind it", async () => {
  await using before = await scratch();
  await using after = await scratch();
  const tracks = new Map([
    ["a.mp3", await writeTrack(before.path, "a.mp3", trackFrames(3, 100))],
    ["b.mp3", await writeTrack(before.path, "b.mp3", trackFrames(4, 100))],
  ]);
  const next = await writeTrack(after.path, "x.mp3", trackFrames(5, 100));
  const config = testConfig([{ ...OPEN, playlist: { directory: before.path } }]);
  await using radio = await startStation(config);
  using listener = await Wire.listen(radio.listenPort, "/stream");
  const { mount } = radio.station.first;
  await until("a track is heard", () => listener.body.length > 0);
  const changed = testConfig([{ ...OPEN, playlist: { directory: after.path } }]);
  const onAir = tracks.get(mount.player?.heardFile ?? "") ?? [];
  radio.station.reconfigure({ ...changed, server: config.server });
  await until("the new folder is heard", () => listener.body.includes(next[10] ?? ""));
  expect(onAir).toHaveLength(100);
  const heard = concat(...onAir, ...next.slice(0, 10));
  expect(indexIn(listener.body, heard)).toBeGreaterThanOrEqual(0);
});

test("what cannot change while it runs is named, without secrets", async () => {
  const config = testConfig();
  await using radio = await startStation(config);
  const next = testConfig([{ bufferBytes: 2 << 20 }], { secretKey: new Secret("other") });
  const diff = radio.station.reconfigure({
    ...next,
    server: { ...config.server, sourcePort: 1234 },
  });
  expect(diff.atRestart).toEqual([
    "server.source_port",
    "advanced.secret_key",
    "mount /stream: buffer.size_mb",
  ]);
});

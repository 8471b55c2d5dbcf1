// Live over playlist and back: frames whole and in order, nobody disconnected, metadata at its distance.
import { expect, test } from "bun:test";
import { concat } from "../format/mpeg-builder.ts";
import { testConfig } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { FRAME_MS, trackFrames, writeTrack } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const METAINT = 4096;

/** Sends frames as an encoder does: in small pieces that respect no frame, at the pace of the audio. */
async function broadcast(source: Wire, frames: readonly Uint8Array[]): Promise<void> {
  const bytes = concat(...frames);
  const piece = 700;
  const pauseMs = (FRAME_MS * frames.length * piece) / bytes.length / 4;
  for (let at = 0; at < bytes.length; at += piece) {
    source.send(bytes.subarray(at, at + piece));
    await Bun.sleep(pauseMs);
  }
}

function onAir(radio: TestStation): string {
  return radio.station.facts().mounts[0].onAir;
}

test("a live source is heard whole between two frames of a track, which then goes on, and the listener stays", async () => {
  await using music = await scratch();
  const track = await writeTrack(music.path, "1.mp3", trackFrames(1, 400));
  await using radio = await startStation(testConfig([{ playlist: { directory: music.path } }]));
  using listener = await Wire.listen(radio.listenPort, "/stream");
  await until("the playlist is heard", () => listener.body.length > 4000);

  const show = trackFrames(7, 60);
  using source = await goLive(radio.sourcePort);
  expect(source.text).toBe("HTTP/1.0 200 OK\r\n\r\n");
  await broadcast(source, show);
  source.socket.end();
  const live = concat(...show);
  await until("the show was heard", () => listener.body.includes(live));
  await until(
    "the playlist is back",
    () => listener.body.indexOf(live) + live.length + 4000 < listener.body.length,
  );

  // On a busy machine there is silence before the playlist.
  const body = listener.body.subarray(listener.body.indexOf(track[0] ?? ""));
  const [from, to] = [body.indexOf(live), body.indexOf(live) + live.length];
  const playlist = Buffer.from(concat(...track));
  expect(frameEnds(track)).toContain(from);
  expect(body.subarray(0, from).equals(playlist.subarray(0, from))).toBe(true);
  const after = body.subarray(to);
  expect(after.equals(playlist.subarray(from, from + after.length))).toBe(true);
  expect(listener.isClosed).toBe(false);
});

function frameEnds(frames: readonly Uint8Array[]): number[] {
  let sum = 0;
  return frames.map((frame) => (sum += frame.length));
}

test("an ICY listener's blocks stay at exact distance through live and back, with the right titles", async () => {
  await using music = await scratch();
  await writeTrack(music.path, "Some Band - First Song.mp3", trackFrames(1, 400));
  const mount = { playlist: { directory: music.path }, metadata: { icyMetaint: METAINT } };
  await using radio = await startStation(testConfig([mount]));
  using listener = await Wire.listen(radio.listenPort, "/stream", "Icy-MetaData: 1\r\n");
  expect(listener.head.toLowerCase()).toContain(`icy-metaint: ${METAINT}`);

  await until("the first title was told", () => listener.body.length > 2 * METAINT);
  const show = trackFrames(7, 80);
  using source = await goLive(radio.sourcePort, { headers: "ice-name: Late Show\r\n" });
  await broadcast(source, show);
  source.socket.destroy();
  await until("the playlist is back", () => onAir(radio) === "playlist");
  const heard = (): IcyReader => {
    const reader = new IcyReader(METAINT);
    reader.push(listener.body);
    return reader;
  };
  await until("three titles were told", () => heard().titles.length >= 3);
  expect(heard().titles).toEqual(["Some Band - First Song", "Late Show", "Some Band - First Song"]);
  expect(Buffer.from(heard().audio).includes(concat(...show))).toBe(true);
});

test("the playlist is back when the encoder is killed", async () => {
  await using music = await scratch();
  await writeTrack(music.path, "1.mp3", trackFrames(1, 400));
  await using radio = await startStation(testConfig([{ playlist: { directory: music.path } }]));
  using source = await goLive(radio.sourcePort);
  await broadcast(source, trackFrames(7, 10));
  await until("the source is on air", () => onAir(radio) === "live");
  source.socket.resetAndDestroy();
  await until("the playlist is back", () => onAir(radio) === "playlist");
});

test("a source that goes silent keeps the air for source_timeout, then the playlist is back", async () => {
  await using music = await scratch();
  await writeTrack(music.path, "1.mp3", trackFrames(1, 400));
  const mount = { sourceTimeout: 1, playlist: { directory: music.path } };
  await using radio = await startStation(testConfig([mount]));
  using source = await goLive(radio.sourcePort);
  await broadcast(source, trackFrames(7, 10));
  await until("the source is on air", () => onAir(radio) === "live");
  const silentMs = performance.now();
  await until("the playlist is back", () => onAir(radio) === "playlist");
  expect(performance.now() - silentMs).toBeGreaterThan(800);
  await source.closed();
});

test("a second source is refused because the mount is in use, and the first goes on", async () => {
  await using radio = await startStation(testConfig());
  using first = await goLive(radio.sourcePort);
  using second = await goLive(radio.sourcePort);
  await second.closed();
  expect(second.text).toStartWith("HTTP/1.0 403 Forbidden\r\n");
  expect(second.text).toEndWith("\r\n\r\nMountpoint in use by 127.0.0.1\r\n");
  using stranger = await goLive(radio.sourcePort, { password: "guess" });
  await stranger.closed();
  expect(stranger.text).toStartWith("HTTP/1.0 401 Authentication Required\r\n");
  expect(first.isClosed).toBe(false);
  expect(radio.logged.join("\n")).not.toContain("guess");
});

// An edge with two origins: what it shows of them, which of them it plays, and what a listener hears when a station becomes an
// edge and is none any more.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { Secret } from "../../src/lib/secret.ts";
import { concat } from "../format/mpeg-builder.ts";
import { edgeConfig, originConfig } from "../support/cluster.ts";
import { Follower } from "../support/follower.ts";
import { numbersIn } from "../support/numbered.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3, 4]);

/** ID3v2.3 with a title and a picture. */
function tagged(title: string, picture: Uint8Array): Uint8Array {
  const frame = (id: string, body: Uint8Array) =>
    concat(new TextEncoder().encode(id), Uint8Array.of(0, 0, 0, body.length, 0, 0), body);
  const text = (value: string) => new TextEncoder().encode(value);
  const frames = concat(
    frame("TIT2", text(`\0${title}`)),
    frame("APIC", concat(text("\0image/png\0\x03\0"), picture)),
  );
  return concat(text("ID3\x03\0\0"), Uint8Array.of(0, 0, 0, frames.length), frames);
}

const [first, second, own] = [31, 32, 33].map((seed) => trackFrames(seed, 4000));
const all = [...(first ?? []), ...(second ?? []), ...(own ?? [])];

let music: Awaited<ReturnType<typeof scratch>>;
let better: TestStation;
let worse: TestStation;

const playing = (folder: string) => ({
  burstSeconds: 1,
  playlist: { directory: join(music.path, folder) },
});

beforeAll(async () => {
  music = await scratch();
  const path = join(music.path, "first", "a.mp3");
  await Bun.write(path, concat(tagged("With a Cover", PNG), ...(first ?? [])));
  await writeTrack(join(music.path, "second"), "b.mp3", second ?? []);
  await writeTrack(join(music.path, "own"), "c.mp3", own ?? []);
  better = await startStation(originConfig([playing("first")]));
  worse = await startStation(originConfig([playing("second")]));
});

afterAll(async () => {
  await Promise.all([better, worse].map((origin) => origin[Symbol.asyncDispose]()));
  await music[Symbol.asyncDispose]();
});

/** Which station each frame is of, one letter for each stretch. */
function heardBy({ audio }: Follower): string {
  const numbers = numbersIn(audio, all);
  const letters = numbers.map((number) => "abc"[Math.floor(number / 4000)] ?? "");
  return letters.filter((letter, at) => letter !== letters[at - 1]).join("");
}

test("an edge shows the cover of what it plays", async () => {
  await using edge = await startStation(edgeConfig([better.url]));
  using listener = new Follower(edge.listenPort);
  await listener.connect();
  const status = async () => (await fetch(`${edge.url}/api/mounts/stream`)).json();
  const cover = async () => ((await status()) as { artwork_url: string | null }).artwork_url;
  await until("it has a cover", async () => (await cover()) !== null);
  const answer = await fetch(`${edge.url}${await cover()}`);
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(await answer.bytes()).toEqual(PNG);
  const unknown = await fetch(`${edge.url}/artwork/${"0".repeat(24)}`);
  expect(unknown.status).toBe(404);
});

test("an edge goes to its other origin at a frame, and returns to the better one at a frame", async () => {
  await using edge = await startStation(edgeConfig([better.url, worse.url]));
  using listener = new Follower(edge.listenPort);
  await listener.connect();
  await until("the better origin is heard", () => heardBy(listener) === "a");
  const { listenPort, sourcePort } = better;
  await better[Symbol.asyncDispose]();
  await until("the other one is heard", () => heardBy(listener) === "ab");
  const config = originConfig([playing("first")]);
  const server = { ...config.server, listenPort, sourcePort };
  better = await startStation({ ...config, server });
  await until("the better one is heard again", () => heardBy(listener) === "aba");
  expect(listener.isClosed).toBe(false);
});

test("a station becomes an edge in a reload, and is none after the next, and nobody is disconnected", async () => {
  const alone = originConfig([playing("own")]);
  const asEdge = { ...alone, edge: { ...alone.edge, origin: [new Secret(worse.url)], timeout: 2 } };
  await using radio = await startStation(alone);
  using listener = new Follower(radio.listenPort);
  await listener.connect();
  await until("its own programme is heard", () => heardBy(listener) === "c");
  radio.station.reconfigure(asEdge);
  await until("the origin's is heard", () => heardBy(listener) === "cb");
  radio.station.reconfigure(alone);
  await until("its own is heard again", () => heardBy(listener) === "cbc");
  expect([listener.isClosed, radio.station.first.audience.counts.joined]).toEqual([false, 1]);
  expect(worse.station.first.audience.count).toBe(0);
});

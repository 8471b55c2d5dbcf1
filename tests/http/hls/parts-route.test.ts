// Parts over HTTP: reloads that wait for one, and hinted parts that are asked for before they are there.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { AAC, framesAt, read, VORBIS } from "../../hls/hls-rig.ts";
import { FakeInput } from "../../mount/fake-input.ts";
import { type Answer, App, adminConfig, type Ask } from "../app.ts";

const FRAMES = 50;
const FRAME_SECONDS = 1024 / 48_000;
const LIST = "/stream/hls/aac.m3u8";

let app: App;
const song = new FakeInput("live", "A Song");

const ask = (path: string, init: Ask = {}): Promise<Answer> => app.ask(path, init);
const current = async () => (await ask(LIST)).text;

/** Writes a bit more than a second at a time, which is a part. */
function play(steps: number): void {
  for (let i = 0; i < steps; i++) write(FRAMES);
}

function write(frames: number): void {
  const mount = app.mount("/stream");
  mount.write(song, framesAt(mount.ring.head, frames, 1024, song.format ?? AAC), app.wall.ms);
  app.wall.ms += frames * FRAME_SECONDS * 1000;
}

const hintIn = (text: string) => /PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec(text)?.[1] ?? "";
const lastPart = (text: string) => text.match(/(?<=EXT-X-PART:.*URI=")[^"]+/g)?.at(-1) ?? "";

/** Up to the first part of a segment, of which more will come. */
async function growing(): Promise<{ number: number; parts: number }> {
  for (;;) {
    play(1);
    const [, number, index] = /-(\d+)-(\d+)\.aac$/.exec(lastPart(await current())) ?? [];
    if (index === "0") return { number: Number(number), parts: 1 };
  }
}

beforeAll(async () => {
  const hls = { enabled: true, sessions: false, segment: 6, part: 1 };
  app = await App.start(adminConfig([{ hls }]));
  song.ready = true;
  song.format = AAC;
  app.mount("/stream").attach(song);
  play(20);
});
afterAll(() => app[Symbol.asyncDispose]());

test("a reload that asks for a part is answered with it, not with the whole segment", async () => {
  const { number, parts } = await growing();
  const waiting = ask(`${LIST}?_HLS_msn=${number}&_HLS_part=${parts}`);
  play(1);
  const { status, text } = await waiting;
  expect(status).toBe(200);
  expect(lastPart(text)).toEndWith(`-${number}-${parts}.aac`);
  expect(read(text).segments.at(-1)?.number).toBe(number - 1);
});

test("a part behind the last one of its segment is the first one of the next segment", async () => {
  const { number } = await growing();
  const there = await ask(`${LIST}?_HLS_msn=${number - 1}&_HLS_part=9`);
  expect(there.text).toContain(`-${number}-0.aac`);
  while (!hintIn(await current()).endsWith(`-${number + 1}-0.aac`)) write(1);
  const first = ask(`${LIST}?_HLS_msn=${number}&_HLS_part=6`);
  play(1);
  expect((await first).text).toContain(
    `EXT-X-PART:DURATION=1.00267,URI="${hintIn(there.text).split("-")[0]}-${number + 1}-0.aac"`,
  );
  const next = ask(`${LIST}?_HLS_msn=${number + 1}&_HLS_part=3`);
  play(3);
  expect((await next).text).toContain(`-${number + 1}-3.aac`);
});

test("a reload for a whole segment waits through its parts", async () => {
  const { number } = await growing();
  const waiting = ask(`${LIST}?_HLS_msn=${number}`);
  play(7);
  expect(read((await waiting).text).segments.at(-1)?.number).toBeGreaterThanOrEqual(number);
});

test("a part that is too far ahead, or no index, is 400", async () => {
  const { number, parts } = await growing();
  for (const part of [String(parts + 3), "next", "-1"])
    expect((await ask(`${LIST}?_HLS_msn=${number}&_HLS_part=${part}`)).status, part).toBe(400);
  for (const part of ["3", "999999999999999"])
    expect((await ask(`${LIST}?_HLS_msn=${number + 1}&_HLS_part=${part}`)).status, part).toBe(400);
});

test("a hinted part is sent once it is there, as a file that never changes; others are 404 at once", async () => {
  await growing();
  const hint = hintIn(await current());
  const waiting = ask(`/stream/hls/${hint}`);
  play(1);
  const { status, headers } = await waiting;
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("public, max-age=86400, immutable");
  expect(headers.get("content-type")).toBe("audio/aac");
  expect(lastPart(await current())).toBe(hint);
  const further = hint.replace(/-(\d+)\.aac$/, "-9.aac");
  expect((await ask(`/stream/hls/${further}`)).status).toBe(404);
  expect((await ask(`/stream/hls/${hint.replace(".aac", ".mp3")}`)).status).toBe(404);
});

test("a hinted part of which there is no audio, since another codec comes, is 404", async () => {
  await growing();
  const before = lastPart(await current());
  while (lastPart(await current()) === before) write(1);
  const hint = hintIn(await current());
  const [part, list] = [`/stream/hls/${hint}`, `${LIST}?_HLS_msn=0`].map((path) => ask(path));
  song.format = VORBIS;
  play(1);
  expect((await part)?.status).toBe(404);
  expect((await list)?.status).toBe(200);
  expect(read(await current()).isEnded).toBe(true);
});

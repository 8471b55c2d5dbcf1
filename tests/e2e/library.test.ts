// What a station says about its music, and what the desk does with it.
import { describe, expect, test } from "bun:test";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { concat } from "../format/mpeg-builder.ts";
import { id3Frame, id3Tag, textFrame } from "../input/playlist/tag-builder.ts";
import { AS_ADMIN, adminConfig } from "../http/app.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive } from "../support/wire.ts";

const FRAME_SECONDS = 1152 / 44_100;

/** A track with tags, of so many frames. */
async function write(folder: string, name: string, frames: number): Promise<Uint8Array> {
  const texts = { TIT2: `Title ${name}`, TPE1: `Artist ${name}`, TALB: "Album" };
  const cover = Buffer.from(`\0image/png\0\x03\0\x89PNG\r\n\x1a\n${name}`, "latin1");
  const tag = id3Tag(3, [
    ...Object.entries(texts).map(([id, text]) => textFrame(3, id, text)),
    id3Frame(3, "APIC", cover),
  ]);
  const bytes = concat(tag, ...trackFrames(name.length, frames));
  const path = join(folder, `${name}.mp3`);
  await Bun.write(path, bytes);
  const lately = Date.now() / 1000 - 60;
  await utimes(path, lately, lately);
  return bytes;
}

interface Opened extends AsyncDisposable {
  readonly radio: TestStation;
  readonly folder: string;
  readonly first: Uint8Array;
}

async function open(): Promise<Opened> {
  const music = await scratch();
  const first = await write(music.path, "a", 400);
  await write(music.path, "bb", 400);
  await write(music.path, "ccc", 400);
  await Bun.write(join(music.path, "note.mp3"), "no music, only words\n".repeat(50));
  const config = adminConfig([{ burstSeconds: 0, playlist: { directory: music.path } }]);
  const radio = await startStation(config);
  return {
    radio,
    folder: music.path,
    first,
    async [Symbol.asyncDispose]() {
      await radio[Symbol.asyncDispose]();
      await music[Symbol.asyncDispose]();
    },
  };
}

/** Whatever a test looks for in an answer. */
async function ask(
  radio: TestStation,
  path: string,
  body?: object,
): Promise<{ status: number; json: any }> {
  const headers = { ...AS_ADMIN, "content-type": "application/json" };
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(radio.url + path, { headers, ...init });
  return { status: answer.status, json: await answer.json() };
}

async function onAir(radio: TestStation, title: string): Promise<void> {
  await until(`${title} is on air`, async () => {
    return (await ask(radio, "/api/status")).json.metadata.title === title;
  });
}

describe("the status", () => {
  test("says album, duration and progress of what is heard, and what comes next", async () => {
    await using opened = await open();
    const { radio } = opened;
    await onAir(radio, "Title a");
    const { json } = await ask(radio, "/api/status");
    const seconds = 400 * FRAME_SECONDS;
    expect(json.metadata).toEqual({ title: "Title a", artist: "Artist a" });
    expect(json.album).toBe("Album");
    expect(json.duration_seconds).toBeCloseTo(seconds, 1);
    expect(json.elapsed_seconds).toBeGreaterThanOrEqual(0);
    expect(json.elapsed_seconds).toBeLessThan(seconds);
    const sinceMs = Date.now() - Date.parse(json.started_at);
    expect(Math.abs(sinceMs / 1000 - json.elapsed_seconds)).toBeLessThan(2);
    expect(json.next).toMatchObject({ title: "Title bb", artist: "Artist bb", album: "Album" });
    expect(json.next.duration_seconds).toBeCloseTo(seconds, 1);
    expect(json.mounts[0].timeline.titles.at(-1)).toMatchObject({ album: "Album" });
  });

  test("has the cover of what comes next", async () => {
    await using opened = await open();
    const { radio } = opened;
    let next: { readonly title: string; readonly artwork_url: string | null } | null = null;
    await until("the cover of the next is known", async () => {
      next = (await ask(radio, "/api/status")).json.next;
      return next !== null && next.artwork_url !== null;
    });
    const { title, artwork_url: url } = next ?? { title: "", artwork_url: "" };
    const cover = await (await fetch(radio.url + url)).text();
    expect(cover).toEndWith(title.replace("Title ", ""));
  });

  test("gives no duration for a live source", async () => {
    await using radio = await startStation(adminConfig([{ burstSeconds: 0 }]));
    using source = await goLive(radio.sourcePort);
    source.send(concat(...trackFrames(7, 60)));
    await onAir(radio, "Live");
    const { json } = await ask(radio, "/api/status");
    expect(json).toMatchObject({ source_status: "live", duration_seconds: null });
  });

  test("says nothing of it during silence", async () => {
    await using radio = await startStation(adminConfig([{ burstSeconds: 0 }]));
    const { json } = await ask(radio, "/api/status");
    const nothing = { duration_seconds: null, elapsed_seconds: null, started_at: null, next: null };
    expect(json).toMatchObject({ ...nothing, metadata: { title: "", artist: "" }, album: "" });
  });
});

describe("the desk", () => {
  test("sees how far the music is known, and what is left out by reason", async () => {
    await using opened = await open();
    const { radio, folder } = opened;
    await until("all is known", async () => {
      const { mounts } = (await ask(radio, "/api/admin/library")).json;
      return mounts[0].measured === 4;
    });
    const { json } = await ask(radio, "/api/admin/library");
    // Nothing is kept, so nothing is converted.
    expect(json.converter).toBeNull();
    expect(json.mounts).toEqual([
      {
        mount: "/stream",
        directory: folder,
        files: 4,
        measured: 4,
        seconds_left: 0,
        duration_seconds: Math.round(3 * 400 * FRAME_SECONDS),
        loudness_unknown: 0,
        loudness_seconds_left: 0,
        unconverted: 0,
        left_out: [{ why: "it is text, which is not supported", count: 1, files: ["note.mp3"] }],
      },
    ]);
  });

  test("finds a file by words of its tags, and plays it next", async () => {
    await using opened = await open();
    const { radio } = opened;
    await onAir(radio, "Title a");
    await until("all is known", async () => {
      return (await ask(radio, "/api/admin/files?search=title")).json.files.length === 3;
    });
    const { json } = await ask(radio, "/api/admin/files?search=artist%20CCC");
    expect(json.files).toMatchObject([
      { file: "ccc.mp3", title: "Title ccc", artist: "Artist ccc" },
    ]);
    const body = { mount: "/stream", file: "ccc.mp3" };
    expect(await ask(radio, "/api/admin/play-next", body)).toEqual({
      status: 200,
      json: { message: "ccc.mp3 plays next." },
    });
    expect((await ask(radio, "/api/status")).json.next.title).toBe("Title ccc");
    await ask(radio, "/api/admin/skip", { mount: "/stream" });
    await onAir(radio, "Title ccc");
    await ask(radio, "/api/admin/skip", { mount: "/stream" });
    await onAir(radio, "Title bb");
  });

  test("is told of a file that cannot play, and of one that is not there", async () => {
    await using opened = await open();
    const { radio } = opened;
    for (const file of ["note.mp3", "../a.mp3", "/etc/passwd", "nowhere.mp3"]) {
      const { status } = await ask(radio, "/api/admin/play-next", { mount: "/stream", file });
      expect({ file, status }).toEqual({ file, status: 409 });
    }
  });

  test("hears a file of the library, and no other", async () => {
    await using opened = await open();
    const { radio, first } = opened;
    await onAir(radio, "Title a");
    const preview = (file: string, headers: Record<string, string> = AS_ADMIN) =>
      fetch(`${radio.url}/api/admin/preview?${new URLSearchParams({ file })}`, { headers });
    const answer = await preview("a.mp3");
    expect(answer.headers.get("content-type")).toBe("audio/mpeg");
    expect(Buffer.from(await answer.arrayBuffer()).equals(first)).toBe(true);
    expect((await preview("../a.mp3")).status).toBe(404);
    expect((await preview("/etc/passwd")).status).toBe(404);
    expect((await preview("a.mp3", {})).status).toBe(401);
  });
});

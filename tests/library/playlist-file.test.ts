// Playlist files: what they list is found, in whatever spelling, and plays in their order.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { Playlist } from "../../src/input/playlist/playlist.ts";
import { createLog } from "../../src/lib/log.ts";
import { systemPath } from "../../src/lib/path-text.ts";
import { listedLocations, pathsOf } from "../../src/library/playlist-file.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { testMount } from "../support/config.ts";
import { testDisk } from "../support/disk.ts";
import { scratch } from "../support/station.ts";

const AUDIO = concat(...mpegFrames(3));

let home: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  home = await scratch();
});
afterEach(() => home[Symbol.asyncDispose]());

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(home.path, name, ".."), { recursive: true });
    await writeFile(systemPath(`${home.path}/${name}`), AUDIO);
  }
}

function open(settings: object) {
  const lines: string[] = [];
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const directory = join(home.path, "music");
  const { playlist: config } = testMount({ playlist: { directory, ...settings } });
  return { playlist: new Playlist(config, log, testDisk()), lines };
}

async function take(playlist: Playlist, count: number): Promise<string[]> {
  await playlist.look();
  const taken: string[] = [];
  for (let i = 0; i < count; i++) taken.push((await playlist.next())?.path.split("/").at(-1) ?? "");
  return taken;
}

const listed = (name: string, text: string) => listedLocations(name, Buffer.from(text));

describe("a playlist file", () => {
  test("of each kind lists its locations in its order", () => {
    expect(listed("a.m3u", "#EXTM3U\r\n#EXTINF:12,A - B\r\nb.mp3\r\n\r\n  c d.mp3 \n")).toEqual([
      "b.mp3",
      "c d.mp3",
    ]);
    expect(listed("a.M3U8", "\ufeffä.mp3\n")).toEqual(["ä.mp3"]);
    expect(listed("a.pls", "[playlist]\nFile2=b.mp3\nTitle1=x\nfile1 = a.mp3\n")).toEqual([
      "a.mp3",
      "b.mp3",
    ]);
    const track = (location: string) => `<track><location>${location}</location></track>`;
    const xml = `<?xml version="1.0"?><playlist>${track("file:///m/a%20b.mp3")}${track("c&amp;d.mp3")}</playlist>`;
    expect(listed("a.xspf", xml)).toEqual(["file:///m/a%20b.mp3", "c&d.mp3"]);
  });

  test("names files from its own folder, by addresses, and with the separators of Windows", () => {
    expect(pathsOf("../b/c.mp3", "/m/l/a.m3u")).toContain("/m/b/c.mp3");
    expect(pathsOf("file:///m/a%20b.mp3", "/m/l.m3u")[0]).toBe("/m/a b.mp3");
    expect(pathsOf("100%25 sure.mp3", "/m/l.m3u")[0]).toBe("/m/100%25 sure.mp3");
    expect(pathsOf("100%25 sure.mp3", "/m/l.xspf")[0]).toBe("/m/100% sure.mp3");
    expect(pathsOf("b\\c.mp3", "/m/l.m3u")).toContain("/m/b/c.mp3");
    expect(pathsOf("e\u0301.mp3", "/m/l.m3u")).toContain("/m/é.mp3");
  });

  test("of any bytes is read without an error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const name of ["a.m3u", "a.pls", "a.xspf"]) {
          for (const location of listedLocations(name, bytes)) pathsOf(location, `/m/${name}`);
        }
      }),
    );
  });

  test("plays in its order, in place of a folder", async () => {
    await put("music/1.mp3", "music/2.mp3", "other/3.mp3");
    const file = join(home.path, "list.m3u");
    await Bun.write(file, "music/2.mp3\nother/3.mp3\nmusic/1.mp3\nmusic/2.mp3\n");
    const { playlist, lines } = open({ file });
    expect(await take(playlist, 4)).toEqual(["2.mp3", "3.mp3", "1.mp3", "2.mp3"]);
    expect(lines).toEqual([]);
    await Bun.write(file, "music/1.mp3\nmusic/2.mp3\n");
    expect(await take(playlist, 3)).toEqual(["1.mp3", "2.mp3", "1.mp3"]);
  });

  test("in a folder adds what it lists, each file once, and is no file of another kind", async () => {
    await put("music/1.mp3", "other/2.mp3");
    await Bun.write(join(home.path, "music", "all.m3u8"), "1.mp3\n../other/2.mp3\n");
    const { playlist, lines } = open({});
    expect((await take(playlist, 2)).toSorted()).toEqual(["1.mp3", "2.mp3"]);
    expect(playlist.count).toBe(2);
    expect(lines).toEqual([]);
  });

  test("finds names in other encodings and normal forms than its own", async () => {
    await put("music/\udce9t\udce9.mp3", "music/cafe\u0301.mp3");
    const file = join(home.path, "music", "list.m3u");
    await Bun.write(file, Buffer.from("\xe9t\xe9.mp3\n", "latin1"));
    expect(await take(open({ file }).playlist, 1)).toEqual(["\udce9t\udce9.mp3"]);
    await Bun.write(file, "caf\u00e9.mp3\n");
    expect(await take(open({ file }).playlist, 1)).toEqual(["cafe\u0301.mp3"]);
  });

  test("that lists what is not there is named once, and the others play", async () => {
    await put("music/1.mp3");
    const file = join(home.path, "list.m3u");
    await Bun.write(file, "gone.mp3\nmusic/1.mp3\nhttp://radio.example/stream\n");
    const { playlist, lines } = open({ file });
    expect(await take(playlist, 2)).toEqual(["1.mp3", "1.mp3"]);
    await take(playlist, 1);
    expect(lines).toEqual([
      "warn ../list.m3u lists 2 files that are not there: the first is gone.mp3",
    ]);
  });

  test("that is not there is named, and plays once it is", async () => {
    await put("music/1.mp3");
    const file = join(home.path, "list.m3u");
    const { playlist, lines } = open({ file });
    expect(await take(playlist, 1)).toEqual([""]);
    expect(lines).toEqual([
      `warn the playlist file ${file} cannot be read (ENOENT): no playlist plays`,
    ]);
    await Bun.write(file, "music/1.mp3\n");
    expect(await take(playlist, 1)).toEqual(["1.mp3"]);
    expect(lines.at(-1)).toBe(`info the playlist file ${file} is there again`);
  });
});

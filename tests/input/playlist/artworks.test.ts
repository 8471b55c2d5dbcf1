// The pictures in tracks: read once per content of a file, found again when they are no longer in memory.
import { expect, jest, test } from "bun:test";
import { utimes } from "node:fs/promises";
import type { Opener } from "../../../src/lib/open-file.ts";
import type { Airing } from "../../../src/mount/timeline.ts";
import { Artworks } from "../../../src/input/playlist/artworks.ts";
import { MAX_PICTURE_BYTES } from "../../../src/input/playlist/picture.ts";
import { concat, mpegFrames } from "../../format/mpeg-builder.ts";
import { keptLog } from "../../mount/fake-input.ts";
import { testDisk } from "../../support/disk.ts";
import { Shelf } from "./shelf.ts";
import { id3Frame, id3Tag } from "./tag-builder.ts";

const DISK = testDisk();

/** A track with a picture of such bytes; the first are a PNG's. */
function track(fill: number, size = 100): Uint8Array {
  const image = new Uint8Array(size).fill(fill);
  image.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  const body = concat(Buffer.from("\0image/png\0\x03\0", "latin1"), image);
  return concat(id3Tag(3, [id3Frame(3, "APIC", body)]), ...mpegFrames(3));
}

const airing = (file: string): Airing => {
  return {
    fromSeconds: 0,
    kind: "playlist",
    showName: "",
    seconds: null,
    metadata: { artist: "", title: "" },
    file,
  };
};

async function idOf(artworks: Artworks, file: string): Promise<string | null> {
  const aired = airing(file);
  await artworks.look(aired, DISK);
  return artworks.idOf(aired);
}

test("a file is read once: again only when its size or its time is another", async () => {
  await using shelf = await Shelf.open();
  const artworks = new Artworks(keptLog().log);
  const file = await shelf.file(track(1));
  const write = async (fill: number, seconds: number) => {
    await Bun.write(file, track(fill));
    await utimes(file, seconds, seconds);
  };
  await write(1, 1000);
  const first = await idOf(artworks, file);
  expect(first).not.toBeNull();
  // A file that were read would show that it is another.
  await write(2, 1000);
  expect(await idOf(artworks, file)).toBe(first);
  await write(2, 1001);
  expect(await idOf(artworks, file)).not.toBe(first);
});

test("a picture that is asked for when others have taken its place is read again", async () => {
  await using shelf = await Shelf.open();
  const artworks = new Artworks(keptLog().log);
  const files = [];
  for (const fill of [1, 2, 3]) files.push(await shelf.file(track(fill, MAX_PICTURE_BYTES)));
  const ids: (string | null)[] = [];
  for (const file of files) ids.push(await idOf(artworks, file));
  expect(new Set(ids).size).toBe(3);
  // Known by now, and not in memory.
  expect(await idOf(artworks, files[0] ?? "")).toBe(ids[0] ?? "");
  const picture = await artworks.get(ids[0] ?? "");
  expect(picture?.bytes.length).toBe(MAX_PICTURE_BYTES);
  expect(picture?.bytes.at(-1)).toBe(1);
});

test("a picture on a disk that hangs is waited for by few, for seconds, and never by those of another disk", async () => {
  await using shelf = await Shelf.open();
  const artworks = new Artworks(keptLog().log);
  let isHung = false;
  let asked = 0;
  const share: Opener = {
    open: (path) => {
      asked++;
      return isHung ? new Promise<never>(() => undefined) : DISK.open(path);
    },
  };
  // More than stays in memory: the first has to be read again.
  const files = [];
  for (const fill of [1, 2, 3]) files.push(await shelf.file(track(fill, MAX_PICTURE_BYTES)));
  const aired = files.map(airing);
  for (const each of aired) await artworks.look(each, share);
  const [first] = aired;
  const id = first === undefined ? null : artworks.idOf(first);
  isHung = true;
  asked = 0;
  jest.useFakeTimers();
  const waiting = Array.from({ length: 100 }, () => artworks.get(id ?? ""));
  const refused = await Promise.race([waiting.at(-1), Promise.resolve("waits")]);
  jest.advanceTimersByTime(5000);
  jest.useRealTimers();
  expect(await Promise.all(waiting)).toEqual(Array(100).fill(null));
  expect(refused).not.toBe("waits");
  expect(asked).toBe(1);
  expect(await idOf(artworks, await shelf.file(track(9)))).not.toBeNull();
});

test("a picture that is too large is not shown, and the log says so once", async () => {
  await using shelf = await Shelf.open();
  const { log, lines } = keptLog();
  const artworks = new Artworks(log);
  const file = await shelf.file(track(1, 50 << 20));
  for (let i = 0; i < 2; i++) expect(await idOf(artworks, file)).toBeNull();
  expect(lines).toEqual([`warn the picture of ${file} is not shown: it is larger than 3 MB`]);
});

test("a file that cannot be read has no picture, and the log says so", async () => {
  await using shelf = await Shelf.open();
  const { log, lines } = keptLog();
  expect(await idOf(new Artworks(log), `${shelf.folder}/gone.mp3`)).toBeNull();
  expect(lines.join("\n")).toContain("a picture cannot be read: ");
});

// Which file of which mount an address names.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { askedFile, AskedFiles } from "../../../src/http/hls/asked-file.ts";

const HOST = "http://radio.example:8001";

describe("an address of HLS", () => {
  test.each([
    ["/stream/hls/mp3.m3u8", "/stream", "mp3.m3u8"],
    ["//stream//hls/index.m3u8", "/stream", "index.m3u8"],
    ["/%73tream/hls/2a2c4b59-6.mp3", "/stream", "2a2c4b59-6.mp3"],
    ["/hls/radio/hls/", "/hls/radio", ""],
    ["/stream/hls/a/b", "/stream", "a/b"],
  ])("%s names a mount and a file", (path, mount, name) => {
    expect(askedFile(`${HOST}${path}`)).toMatchObject({ mount, name });
    expect(askedFile(path)).toMatchObject({ mount, name });
  });

  test("may be that of a mount, which goes first", () => {
    expect(askedFile(`${HOST}/radio/hls/live`)?.whole).toBe("/radio/hls/live");
    expect(askedFile(`${HOST}/radio/hls/%00`)?.whole).toBeNull();
  });

  test.each(["/stream", "/hls/mp3.m3u8", "/a%zz/hls/mp3.m3u8", "/../hls/mp3.m3u8", "", "/hls"])(
    "%p is none",
    (path) => expect(askedFile(`${HOST}${path}`)).toBeNull(),
  );
});

test("its name is read with it: a media playlist, a segment, a part, or an initialization segment", () => {
  const read = (name: string) => {
    const file = askedFile(`${HOST}/stream/hls/${name}`);
    return { list: file?.list, media: file?.media };
  };
  const none = { list: null, media: null };
  const media = { run: "2a2c", init: null, number: 6, part: null, ending: "mp3" };
  expect(read("mp3.m3u8")).toEqual({ list: "mp3", media: null });
  expect(read("2a2c-6.mp3")).toEqual({ list: null, media });
  expect(read("2a2c-6-0.mp3").media).toEqual({ ...media, part: 0 });
  expect(read("2a2c-6-12.mp3").media).toEqual({ ...media, part: 12 });
  expect(read("2a2c-init1.mp4").media).toMatchObject({ run: "2a2c", init: 1 });
  for (const name of ["", "MP3.m3u8", "2a2c-6-12345.mp3", "2a2c-6"])
    expect(read(name)).toEqual(none);
});

test("what is remembered is what the address says, however many there are, and without its query", () => {
  const files = new AskedFiles();
  const word = fc.stringMatching(/^[\w.%\/-]{0,12}$/);
  const urls = fc
    .tuple(word, word, fc.constantFrom("", "?", "?s=/hls/x"))
    .map(([mount, name, query]) => ({ address: `${HOST}/${mount}/hls/${name}`, query }));
  fc.assert(
    fc.property(fc.array(urls, { maxLength: 60 }), (all) => {
      for (const { address, query } of [...all, ...all])
        expect(files.of(address + query)).toEqual(askedFile(address));
    }),
  );
  expect(files.count).toBeLessThanOrEqual(512);
  for (let i = 0; i < 2000; i++) files.of(`${HOST}/stream/hls/${i}.mp3`);
  expect(files.count).toBe(512);
});

test("an address in the query alone is none of HLS", () => {
  expect(new AskedFiles().of(`${HOST}/stream1?from=/hls/mp3.m3u8`)).toBeNull();
});

import { expect, test } from "bun:test";
import { contentTypeOf, hasInlineTitles } from "../../src/format/content-type.ts";
import { createParser } from "../../src/format/create-parser.ts";
import { codecOfContentType } from "../../src/format/detect.ts";
import { type Codec, describeFormat } from "../../src/format/frame.ts";
import { adtsFrames } from "./adts-builder.ts";
import { feed } from "./feed.ts";
import { concat, mpegFrames } from "./mpeg-builder.ts";
import { oggChain } from "./ogg-builder.ts";
import { block, clusterHead, webmHeader } from "./webm-builder.ts";

const webmCluster = concat(clusterHead(), block(0));

const rows: [Codec, string, boolean, string][] = [
  ["mp3", "audio/mpeg", true, "MP3"],
  ["mp2", "audio/mpeg", true, "MP2"],
  ["mp1", "audio/mpeg", true, "MP1"],
  ["aac", "audio/aac", true, "AAC"],
  ["vorbis", "audio/ogg", false, "Ogg Vorbis"],
  ["opus", "audio/ogg", false, "Ogg Opus"],
  ["flac", "audio/ogg", false, "Ogg FLAC"],
  ["speex", "audio/ogg", false, "Ogg Speex"],
  ["webm-opus", "audio/webm", false, "WebM Opus"],
  ["webm-vorbis", "audio/webm", false, "WebM Vorbis"],
  ["matroska-flac", "audio/x-matroska", false, "Matroska FLAC"],
  ["matroska-aac", "audio/x-matroska", false, "Matroska AAC"],
  ["matroska-mp3", "audio/x-matroska", false, "Matroska MP3"],
];

test.each(rows)("%s is announced as %s, and has inline titles: %p", (codec, type, titles, name) => {
  const format = { codec, sampleRate: 48000, channels: 2 };
  expect(contentTypeOf(format)).toBe(type);
  expect(hasInlineTitles(format)).toBe(titles);
  expect(describeFormat(format)).toBe(`${name} 48 kHz stereo`);
});

test("the parser for a codec is made where one exists, and for the content type that announces it", () => {
  const inputs = {
    mp3: mpegFrames(4),
    aac: adtsFrames(4),
    ogg: oggChain(),
    webm: [webmHeader(), webmCluster],
  };
  for (const [codec, input] of Object.entries(inputs)) {
    const parser = createParser(codec as keyof typeof inputs)!;
    const { format, frames } = feed(parser, input);
    expect(frames).toHaveLength(input.length);
    expect(codecOfContentType(contentTypeOf(format!))).toBe(codec as keyof typeof inputs);
  }
  for (const codec of ["flac", "unknown"] as const) expect(createParser(codec)).toBeNull();
});

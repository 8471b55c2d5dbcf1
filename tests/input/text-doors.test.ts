// The same artist and title, by whatever way they come in, are the same on air.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { OggComments } from "../../src/format/ogg/ogg-comments.ts";
import { createWebmParser } from "../../src/format/webm/webm.ts";
import { parseForm } from "../../src/http/form.ts";
import { metadataOf } from "../../src/http/icecast/metadata-routes.ts";
import { titledOf } from "../../src/lib/titled.ts";
import type { Metadata } from "../../src/mount/metadata.ts";
import { readTags } from "../../src/library/tags.ts";
import { concat } from "../format/mpeg-builder.ts";
import { comments } from "../format/ogg-builder.ts";
import { block, clusterHead, timestamp, webmHeader } from "../format/webm-builder.ts";
import { id3Tag, textFrame } from "./playlist/tag-builder.ts";

const UNWANTED = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\ufeff]/u;

type Door = (artist: string, title: string) => Promise<Metadata | null>;

const DOORS: Record<string, Door> = {
  "/admin/metadata": async (artist, title) => {
    const query = Object.entries({ artist, title }).map(
      ([name, text]) => `${name}=${encodeURIComponent(text)}`,
    );
    return metadataOf(parseForm(Buffer.from(query.join("&"))));
  },
  "Ogg comments": async (artist, title) => {
    const reader = new OggComments();
    reader.push(comments([`ARTIST=${artist}`, `TITLE=${title}`]));
    return reader.metadata;
  },
  "WebM tags": async (artist, title) => {
    const audio = concat(clusterHead(), timestamp(0), block(0), block(20));
    return createWebmParser().push(concat(webmHeader({ artist, title }), audio)).metadata ?? null;
  },
  "ID3 in UTF-8": (artist, title) => id3(artist, title, "utf8"),
  "ID3 in UTF-16": (artist, title) => id3(artist, title, "utf16"),
};

function id3(artist: string, title: string, encoding: "utf8" | "utf16") {
  const frames = [textFrame(4, "TPE1", artist, encoding), textFrame(4, "TIT2", title, encoding)];
  const tag = id3Tag(4, frames);
  const reader = async (at: number, length: number) => tag.subarray(at, at + length);
  return readTags(reader, { start: tag.length, end: tag.length }, tag.length);
}

/** Without NUL, which ends a text or begins the next in some of them. */
const text = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom("\u202e", "\u2066", "\ufeff", "\n", "\x1b", " ", "-", "ä") }),
  )
  .map((any) => any.toWellFormed().replaceAll("\0", ""));

test.each(Object.entries(DOORS))("%s takes text by the one rule", async (_, door) => {
  await fc.assert(
    fc.asyncProperty(text, text, async (artist, title) => {
      const wanted = titledOf([artist], title);
      fc.pre(wanted !== null && titledOf([], title) !== null);
      const seen = await door(artist, title);
      expect(seen).toEqual(wanted);
      expect(`${seen?.artist}${seen?.title}`).not.toMatch(UNWANTED);
    }),
  );
});

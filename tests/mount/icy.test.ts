// Titles and headers as players read them, whatever a stranger has put into them.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { headerValue, inlineTitle, streamHeaders } from "../../src/mount/icy.ts";
import { NO_METADATA, sameMetadata, titleLine } from "../../src/mount/metadata.ts";
import { MAX_TITLE_BYTES } from "../../src/native/ring.ts";
import { testMount } from "../support/config.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function text(artist: string, title: string): string {
  return utf8.decode(inlineTitle({ artist, title }));
}

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("'", ";", "\0", "\n", "é", "😀", " ") }),
);

describe("the inline title", () => {
  test.each([
    ["Some Band", "First Song", "StreamTitle='Some Band - First Song';"],
    ["", "Late Show", "StreamTitle='Late Show';"],
    ["Some Band", "", "StreamTitle='Some Band';"],
    ["", "", "StreamTitle='';"],
    ["Guns N' Roses", "Sweet Child O' Mine", "StreamTitle='Guns N' Roses - Sweet Child O' Mine';"],
    ["Ü", "☃ 😀", "StreamTitle='Ü - ☃ 😀';"],
  ])("of %p and %p is %p", (artist, title, wanted) => {
    expect(text(artist, title)).toBe(wanted);
  });

  test("has no end but its own: a `';` within loses its quote", () => {
    expect(text("", "a';StreamUrl='b';")).toBe("StreamTitle='a’;StreamUrl='b’;';");
    expect(text("';", "';")).toBe("StreamTitle='’; - ’;';");
  });

  test("has no controls: a run of them is a blank", () => {
    expect(text("", "a\r\n\0b\tc\x7fd")).toBe("StreamTitle='a b c d';");
  });

  test("that is too long is cut behind a whole character", () => {
    const room = MAX_TITLE_BYTES - "StreamTitle='';".length;
    for (const character of ["a", "é", "☃", "😀"]) {
      const size = Buffer.byteLength(character);
      const fits = Math.floor(room / size);
      for (const count of [fits - 1, fits, fits + 1, 5000]) {
        const wanted = character.repeat(Math.min(count, fits));
        expect(text("", character.repeat(count)) === `StreamTitle='${wanted}';`).toBe(true);
      }
    }
  });

  test("is for any words UTF-8, short enough, and one title", () => {
    fc.assert(
      fc.property(anyText, anyText, fc.nat(3000), (artist, title, repeats) => {
        const bytes = inlineTitle({ artist, title: title.repeat(repeats) });
        expect(bytes.length).toBeLessThanOrEqual(MAX_TITLE_BYTES);
        const told = utf8.decode(bytes);
        expect(told).toStartWith("StreamTitle='");
        expect(told.indexOf("';", "StreamTitle='".length)).toBe(told.length - 2);
        expect(told).not.toMatch(/[\x00-\x1f\x7f]/);
      }),
    );
  });
});

describe("a header value", () => {
  test("is UTF-8 carried as Latin-1", () => {
    expect(Buffer.from(headerValue("Радио ☃"), "latin1").toString("utf8")).toBe("Радио ☃");
    expect(headerValue("plain")).toBe("plain");
  });

  test("has no line break that would begin another header", () => {
    expect(headerValue(" Jazz\r\nInjected: yes\n ")).toBe("Jazz Injected: yes");
  });

  test("is for any words one that a Response takes", () => {
    fc.assert(
      fc.property(anyText, (words) => {
        const value = headerValue(words);
        expect(value).not.toMatch(/[\x00-\x1f\x7f]/);
        const headers = new Response(null, { headers: { "icy-name": value } }).headers;
        expect(headers.get("icy-name")).toBe(value);
      }),
    );
  });
});

describe("the stream's headers", () => {
  const { metadata } = testMount({
    metadata: {
      stationName: "Nachtfunk Köln",
      stationGenre: "Jazz",
      stationUrl: "http://a.example",
    },
  });

  test("name the station, the bitrate and the distance of titles", () => {
    const headers = streamHeaders(metadata, {
      contentType: "audio/mpeg",
      bitrate: 128,
      metaint: 16_000,
    });
    expect(headers).toMatchObject({
      "content-type": "audio/mpeg",
      "icy-name": headerValue("Nachtfunk Köln"),
      "icy-description": "A station under test",
      "icy-genre": "Jazz",
      "icy-url": "http://a.example",
      "icy-pub": "0",
      "icy-br": "128",
      "icy-metaint": "16000",
      "access-control-allow-origin": "*",
    });
    const exposed = (headers["access-control-expose-headers"] ?? "").split(", ");
    const names = Object.keys(headers).filter((name) => name.startsWith("icy-"));
    const ofTickets = ["cycast-position", "cycast-resume", "cycast-resumed"];
    expect(exposed.toSorted()).toEqual([...names, ...ofTickets].toSorted());
  });

  test("give radio-browser.info what is configured of it, and nothing else", () => {
    const plain = streamHeaders(metadata, { contentType: "audio/mpeg", bitrate: 0, metaint: 0 });
    const { directory } = testMount();
    const facts = { contentType: "audio/mpeg", bitrate: 0, metaint: 0 };
    expect(streamHeaders(metadata, facts, directory)).toEqual(plain);
    const filled = {
      ...{ ...directory, public: true, logo: "https://radio.example/köln.png", country: "DE" },
      ...{ subdivision: "DE-NW", languages: "de,en", position: "50.94,6.96" },
      ...{ mainStreamUrl: "https://radio.example/high", indexMetadata: true, doNotIndex: true },
    };
    const headers = streamHeaders(metadata, facts, filled);
    expect(headers).toMatchObject({
      "icy-version": "2",
      "icy-pub": "1",
      "icy-logo": headerValue("https://radio.example/köln.png"),
      "icy-main-stream-url": "https://radio.example/high",
      "icy-country-code": "DE",
      "icy-country-subdivision-code": "DE-NW",
      "icy-language-codes": "de,en",
      "icy-geo-lat-long": "50.94,6.96",
      "icy-index-metadata": "1",
      "icy-do-not-index": "1",
    });
  });

  test("promise neither a bitrate that is unknown nor titles that do not come", () => {
    const headers = streamHeaders(metadata, { contentType: "audio/mpeg", bitrate: 0, metaint: 0 });
    expect(Object.keys(headers)).not.toContain("icy-br");
    expect(Object.keys(headers)).not.toContain("icy-metaint");
  });

  test("let no cache keep a stream", () => {
    const headers = streamHeaders(metadata, { contentType: "audio/mpeg", bitrate: 0, metaint: 0 });
    expect(headers["cache-control"]).toContain("no-store");
    expect(Date.parse(headers["expires"] ?? "")).toBeLessThan(Date.parse("2000-01-01"));
  });
});

describe("metadata", () => {
  test("is one line of artist and title, or whichever of the two is known", () => {
    expect(titleLine({ artist: "A", title: "B" })).toBe("A - B");
    expect(titleLine({ artist: "", title: "B" })).toBe("B");
    expect(titleLine({ artist: "A", title: "" })).toBe("A");
    expect(titleLine(NO_METADATA)).toBe("");
  });

  test("is the same when both words are", () => {
    const metadata = { artist: "A", title: "B" };
    expect(sameMetadata(metadata, { ...metadata })).toBe(true);
    expect(sameMetadata(metadata, { ...metadata, artist: "C" })).toBe(false);
    expect(sameMetadata(metadata, { ...metadata, title: "C" })).toBe(false);
  });
});

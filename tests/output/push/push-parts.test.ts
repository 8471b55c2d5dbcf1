// The pure parts of a push: addresses, requests, answers, what waits, where it begins, when it is tried again.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import fc from "fast-check";
import { readPushUrl } from "../../../src/config/push-url.ts";
import { copyFrames, splitFrames } from "../../../src/format/frame-slice.ts";
import { createMpegParser, parseMpegHeader } from "../../../src/format/sync/mpeg.ts";
import { AnswerReader } from "../../../src/output/push/answer-reader.ts";
import { FirstFrames } from "../../../src/output/push/first-frames.ts";
import { FrameBacklog } from "../../../src/output/push/frame-backlog.ts";
import {
  authorization,
  pushHead,
  secretsOf,
  titleUrl,
} from "../../../src/output/push/push-request.ts";
import { SERVER } from "../../../src/lib/version.ts";
import { readLayer3 } from "../../../src/format/mpeg/layer3.ts";
import { CD_QUALITY } from "../../mount/fake-input.ts";
import { audio, frames } from "../../native/known-audio.ts";
import { concat } from "../../format/mpeg-builder.ts";

const SHAPE = { length: 100, ms: 100 };

function target(url: string) {
  const read = readPushUrl(url);
  if (read === null) throw new Error(`${url} is refused`);
  return read;
}

describe("an address", () => {
  test.each([
    ["icecast://source:pw@radio.example:8010/live", "radio.example", 8010, false, "/live"],
    ["icecast://:pw@radio.example/live", "radio.example", 8000, false, "/live"],
    ["icecast+tls://dj:pw@radio.example/a/b.ogg", "radio.example", 8000, true, "/a/b.ogg"],
    ["http://source:pw@192.0.2.1/live", "192.0.2.1", 80, false, "/live"],
    ["https://source:pw@[2001:db8::1]/live", "2001:db8::1", 443, true, "/live"],
  ])("%s", (url, host, port, isSecure, path) => {
    expect(target(url)).toMatchObject({ host, port, isSecure, path, password: "pw" });
  });

  test("has its account decoded, and never shows it", () => {
    const { user, password, shown } = target(
      "icecast://d%40j:p%3Ass%2Fw%C3%B6rd@radio.example/live",
    );
    expect([user, password]).toEqual(["d@j", "p:ss/wörd"]);
    expect(shown).toBe("icecast://radio.example:8000/live");
    expect(target("icecast://:pw@radio.example/live").user).toBe("source");
  });

  test.each([
    "",
    "radio.example/live",
    "ftp://source:pw@radio.example/live",
    "icecast://radio.example/live",
    "icecast://source@radio.example/live",
    "icecast://source:pw@radio.example/",
    "icecast://source:pw@radio.example",
    "icecast://source:a%0D%0Ab@radio.example/live",
    "icecast://source:%ff@radio.example/live",
  ])("%j is refused", (url) => expect(readPushUrl(url)).toBeNull());
});

const STREAM = {
  contentType: "audio/mpeg",
  format: CD_QUALITY,
  bitrate: 128,
  name: "Rädio",
  description: "",
  genre: "Jazz\r\nX-Evil: 1",
  url: "https://radio.example",
  isPublic: false,
};

test("a login has what encoders send, and nothing that ends a line", () => {
  const to = target("icecast://source:pw@radio.example/live");
  const lines = Buffer.from(pushHead("PUT", to, STREAM))
    .toString("utf8")
    .split("\r\n");
  expect(lines).toEqual([
    "PUT /live HTTP/1.1",
    `Authorization: Basic ${btoa("source:pw")}`,
    "Host: radio.example:8000",
    `User-Agent: ${SERVER}`,
    "Content-Type: audio/mpeg",
    "Ice-Public: 0",
    "Ice-Name: Rädio",
    "Ice-Genre: Jazz X-Evil: 1",
    "Ice-URL: https://radio.example",
    "Ice-Bitrate: 128",
    "Ice-Audio-Info: ice-samplerate=44100;ice-channels=2;ice-bitrate=128",
    "Expect: 100-continue",
    "",
    "",
  ]);
  const old = Buffer.from(pushHead("SOURCE", to, STREAM)).toString("latin1");
  expect(old).toStartWith("SOURCE /live HTTP/1.0\r\n");
  expect(old).not.toContain("Expect");
});

test("a title is sent in UTF-8 to the server's own port", () => {
  expect(titleUrl(target("https://s:pw@[2001:db8::1]:8443/live"), "Ä & B - C")).toBe(
    "https://[2001:db8::1]:8443/admin/metadata?mode=updinfo&mount=%2Flive&charset=UTF-8&song=%C3%84+%26+B+-+C",
  );
});

describe("answers", () => {
  const TWO = "HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\nHTTP/1.0 200 OK\r\n\r\n";

  test("are the same however they are cut", () => {
    for (let cut = 0; cut <= TWO.length; cut++) {
      const reader = new AnswerReader();
      const parts = [TWO.slice(0, cut), TWO.slice(cut)];
      const found = parts.flatMap((part) => reader.push(Buffer.from(part)));
      expect(found.map(({ status }) => status)).toEqual([100, 200]);
    }
  });

  test("that refuse have what the server says, in one line and without markup", () => {
    const said = (text: string) => new AnswerReader().push(Buffer.from(text));
    expect(
      said("HTTP/1.0 403 Forbidden\r\nContent-Type: text/plain\r\n\r\nMountpoint\r\nin use"),
    ).toEqual([{ status: 403, sentence: "403 Forbidden: Mountpoint in use" }]);
    expect(said("HTTP/1.1 404 Not Found\n\n<html>no</html>")).toEqual([
      { status: 404, sentence: "404 Not Found" },
    ]);
    expect(said("SSH-2.0-OpenSSH\r\n")).toEqual([
      { status: 0, sentence: "its answer is not HTTP" },
    ]);
    expect(said(`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(5000)}`)).toMatchObject([{ status: 0 }]);
  });

  test("that repeat the request show none of its secrets, also where they are cut", () => {
    const to = target("icecast://dj:s%20cret@radio.example/live");
    const basic = authorization(to).slice("Basic ".length);
    for (let length = 0; length < 100; length++) {
      const reader = new AnswerReader(secretsOf(to));
      const echo = `${"x".repeat(length)} Basic ${basic} s cret s%20cret`;
      const [answer] = reader.push(Buffer.from(`HTTP/1.0 403 ${echo}\r\n\r\n${echo}`));
      expect(answer?.sentence).toStartWith("403 ");
      expect(answer?.sentence).not.toMatch(/s(?: |%20)cre/);
      expect(answer?.sentence).not.toContain(basic.slice(0, 4));
    }
  });

  test("are read from any bytes without an error, in bounded memory", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 32 }), (chunks) => {
        const reader = new AnswerReader();
        for (const chunk of chunks) reader.push(chunk);
      }),
    );
  });
});

describe("what waits", () => {
  test("goes out in order whatever the socket takes, with each title before its frames", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 250 }), { minLength: 1, maxLength: 60 }), (takes) => {
        const backlog = new FrameBacklog(1000);
        const got: Uint8Array[] = [];
        const titles: number[] = [];
        const length = () => got.reduce((sum, part) => sum + part.length, 0);
        const write = (most: number) => (bytes: Uint8Array) => {
          const taken = bytes.slice(0, most);
          got.push(taken);
          return taken.length;
        };
        takes.forEach((most, i) => {
          if (i % 7 === 3) backlog.pushTitle({ artist: "", title: `${i}` });
          backlog.push(frames(i * 100, 1, SHAPE));
          backlog.flush(write(most), () => titles.push(length()));
        });
        backlog.flush(write(Number.POSITIVE_INFINITY), () => titles.push(length()));
        expect(Buffer.concat(got).equals(audio(0, takes.length * 100))).toBe(true);
        const wanted = takes.flatMap((_, i) => (i % 7 === 3 ? [i * 100] : []));
        expect(titles).toEqual(wanted);
        expect([backlog.seconds, backlog.isEmpty]).toEqual([0, true]);
      }),
    );
  });

  test("is bounded: whole frames go, the oldest first, but not one that is half sent, nor headers", () => {
    const backlog = new FrameBacklog(1);
    backlog.pushHeader(audio(9000, 50));
    expect(backlog.push(frames(0, 10, SHAPE))).toBe(0);
    const got: Uint8Array[] = [];
    const take = (most: number) => (bytes: Uint8Array) => {
      got.push(bytes.slice(0, most));
      return Math.min(most, bytes.length);
    };
    backlog.flush(take(90), () => undefined);
    expect(backlog.push(frames(1000, 5, SHAPE))).toBeCloseTo(0.5);
    backlog.flush(take(Number.POSITIVE_INFINITY), () => undefined);
    const wanted = Buffer.concat([audio(9000, 50), audio(0, 100), audio(600, 900)]);
    expect(Buffer.concat(got).equals(wanted)).toBe(true);
  });
});

describe("what waits for a server that takes a byte now and then", () => {
  test("has one title for each frame at most, the last", () => {
    const backlog = new FrameBacklog(1);
    for (let i = 0; i < 1000; i++) {
      backlog.pushTitle({ artist: "", title: `${i}, corrected` });
      backlog.pushTitle({ artist: "", title: `${i}` });
      backlog.push(frames(i * 100, 1, SHAPE));
    }
    const titles: string[] = [];
    backlog.flush(
      (bytes) => bytes.length,
      ({ title }) => void titles.push(title),
    );
    expect(titles).toEqual(Array.from({ length: 10 }, (_, i) => `${990 + i}`));
  });

  test("is more than the connection is worth when headers alone are 32 MiB", () => {
    const backlog = new FrameBacklog(1);
    const header = new Uint8Array(1 << 20);
    for (let i = 0; i < 32; i++) backlog.pushHeader(header);
    backlog.push(frames(0, 10, SHAPE));
    expect(backlog.isOverfull).toBe(true);
    backlog.flush(
      (bytes) => bytes.length,
      () => undefined,
    );
    expect(backlog.isOverfull).toBe(false);
    for (let i = 0; i < 33; i++) backlog.pushHeader(header);
    backlog.clear();
    expect(backlog.isOverfull).toBe(false);
  });
});

describe("the beginning", () => {
  test("of MP3 is a frame that refers to nothing before it, and all later frames are as they were", async () => {
    const [name = ""] = [...new Bun.Glob("*.mp3").scanSync("music")].toSorted();
    const parser = createMpegParser();
    const all = splitFrames(copyFrames(parser.push(await Bun.file(join("music", name)).bytes())));
    const wholes = all.map(({ bytes }) => bytes);
    const begins = wholes.map((bytes) => readLayer3(bytes)?.mainDataBegin ?? 0);
    const at = begins.findIndex((begin, i) => i > 60 && begin > 0);
    const first = new FirstFrames(true);
    const again = createMpegParser();
    const sent = wholes.slice(at - 2, at + 60).flatMap((bytes) => {
      const begun = first.take(again.push(bytes));
      return begun === null ? [] : [begun.frames.bytes.slice()];
    });
    const body = Buffer.from(concat(...sent));
    const { length = 0 } = parseMpegHeader(body) ?? {};
    expect(readLayer3(body.subarray(0, length))?.mainDataBegin).toBe(0);
    const [last = body] = wholes.slice(at + 50);
    const tail = body.subarray(
      body.indexOf(wholes[at + 20] ?? body),
      body.indexOf(last) + last.length,
    );
    expect(tail.equals(concat(...wholes.slice(at + 20, at + 51)))).toBe(true);
  });

  test("of Ogg is its header and a page where decoders start", () => {
    const preamble = audio(5000, 30);
    const first = new FirstFrames(false);
    const inside = { ...frames(0, 2, { length: 10, isSync: false }), preamble };
    expect(first.take(inside)).toBeNull();
    const begun = first.take({ ...frames(20, 3, { length: 10 }), preamble });
    expect(begun?.header).toBe(preamble);
    expect(begun?.frames.count).toBe(3);
    expect(
      first.take({ ...frames(50, 1, { length: 10, isSync: false }), preamble })?.header,
    ).toBeNull();
  });
});

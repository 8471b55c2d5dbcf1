// Logging in, the socket played by the test: what each client is answered, in one write, and what is heard of it.
import { describe, expect, test } from "bun:test";
import { concat } from "../format/mpeg-builder.ts";
import { trackFrames } from "../support/tracks.ts";
import { AUTHORIZED, Door, inChunks } from "./door.ts";
import { HEADS, inUse, LIBSHOUT_LOGIN, UNAUTHORIZED } from "./encoders.ts";

const AUDIO = concat(...trackFrames(1, 3, true));

const DARKICE = "DarkIce/1.4 (http://code.google.com/p/darkice/)";

describe("the login of a real encoder", () => {
  test.each(Object.entries(HEADS))(
    "%s is answered once its head is whole, and heard from its first byte on",
    (_, vector) => {
      const head = Buffer.from(vector.head);
      const body = vector.body === "chunked" ? inChunks(AUDIO) : AUDIO;
      const input = concat(head, body);
      const ways = [[input], Array.from(input, (_, i) => input.subarray(i, i + 1))];
      for (let cut = 1; cut < input.length; cut += cut < head.length + 20 ? 1 : 37) {
        ways.push([input.subarray(0, cut), input.subarray(cut)]);
      }
      for (const chunks of ways) {
        using door = new Door();
        const { connection, calls } = door.connect();
        let sent = 0;
        for (const chunk of chunks) {
          connection.onData(chunk);
          sent += chunk.length;
          expect(calls).toEqual(sent < head.length ? [] : [vector.answer]);
        }
        expect(door.stage.audio.equals(AUDIO)).toBe(true);
        expect(door.stage.mount.live?.name).toStartWith("the live source 127.0.0.1 (");
        expect(door.counts).toEqual({ accepted: 1 });
      }
    },
  );

  test("libshout's three steps are OPTIONS, challenge and login; only the last is logged and counted", () => {
    for (const isBytewise of [false, true]) {
      using door = new Door();
      for (const { send, answer } of LIBSHOUT_LOGIN) {
        const { connection, calls } = door.connect();
        const bytes = Buffer.from(send);
        if (!isBytewise) connection.onData(bytes);
        else for (let i = 0; i < bytes.length; i++) connection.onData(bytes.subarray(i, i + 1));
        expect(calls[0]).toBe(answer);
        expect(calls.slice(1)).toEqual(answer.startsWith("HTTP/1.0 200") ? [] : ["half-close"]);
      }
      expect(door.counts).toEqual({ accepted: 1 });
      expect(door.stage.lines).toEqual([
        "info /live: the live source 127.0.0.1 (libshout/2.4.6) has logged in",
      ]);
    }
  });

  test("libshout is challenged before it learns that the mount is in use", () => {
    using door = new Door();
    door.ask(HEADS.DarkIce!.head);
    const answers = LIBSHOUT_LOGIN.map(({ send }) => door.ask(send)[0]);
    expect(answers).toEqual([LIBSHOUT_LOGIN[0]!.answer, UNAUTHORIZED, inUse(DARKICE)]);
  });

  test.each(["/live", "//live", "live", "/live/", "/%6Cive", "%2Flive", "/live?x=1"])(
    "to %s is to the same mount",
    (target) => {
      using door = new Door();
      const head = HEADS["libshout by SOURCE"]!.head.replace("/live", target);
      expect(door.ask(head)).toEqual(["HTTP/1.0 200 OK\r\n\r\n"]);
    },
  );

  test("by SOURCE without a content type is MP3", () => {
    using door = new Door();
    expect(door.ask(`SOURCE /live HTTP/1.0\n${AUTHORIZED}\n\n`)).toEqual([
      "HTTP/1.0 200 OK\r\n\r\n",
    ]);
  });

  test("by SOURCE is never answered in HTTP/1.1", () => {
    using door = new Door();
    const head = `SOURCE /live HTTP/1.0\r\n${AUTHORIZED}\r\nExpect: 100-continue\r\n\r\n`;
    expect(door.ask(head)).toEqual(["HTTP/1.0 200 OK\r\n\r\n"]);
  });

  test("names the show in UTF-8 or the code page of Windows", () => {
    using door = new Door();
    const head = `SOURCE /live HTTP/1.0\r\n${AUTHORIZED}\r\nice-name: Spätschau\r\n\r\n`;
    for (const encoding of ["utf8", "latin1"] as const) {
      const { connection } = door.connect();
      connection.onData(Buffer.from(head, encoding));
      expect(door.stage.mount.live?.metadata.title).toBe("Spätschau");
      connection.close("of the test");
    }
  });
});

// SHOUTcast v1's login: password line, OK2, headers before or after it, audio; and who is not let in.
import { describe, expect, test } from "bun:test";
import { Secret } from "../../src/lib/secret.ts";
import type { Mount } from "../../src/mount/mount.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD } from "../support/config.ts";
import { trackFrames } from "../support/tracks.ts";
import { Stage } from "../input/stage.ts";
import { Door } from "./door.ts";
import { HEADS } from "./encoders.ts";

const AUDIO = concat(...trackFrames(1, 3, true));
const OK = "OK2\r\nicy-caps:11\r\n\r\n";
const WRONG = ["invalid password\r\n", "half-close"];

/** What encoders send after their password line. */
const HEADERS: Readonly<Record<string, [line: string, headers: string]>> = {
  DarkIce: [
    `${PASSWORD}\n`,
    "icy-name:Show\nicy-url:http://a.b\nicy-genre:g\nicy-pub:0\nicy-br:128\n\n",
  ],
  libshout: [
    `${PASSWORD}\n`,
    "icy-name:Show\nicy-url:u\nicy-irc:\nicy-aim:\nicy-icq:\nicy-pub:0\nicy-genre:g\nicy-br:128\n\n",
  ],
  BUTT: [
    `${PASSWORD}\r\n`,
    "Host: localhost:8001\r\nicy-name:Show\r\nicy-genre:g\r\nicy-br:128\r\ncontent-type:audio/mpeg\r\n\r\n",
  ],
  Liquidsoap: [
    `source:${PASSWORD}\r\n`,
    "icy-name: Show\r\nicy-pub: 0\r\ncontent-type: audio/mpeg\r\nUser-Agent: Liquidsoap/2.2\r\n\r\n",
  ],
  "the Winamp DSP": [
    `${PASSWORD}\r\n`,
    "icy-name:Show\r\nicy-genre:Mixed\r\nicy-url:http://a.b\r\nicy-irc:N/A\r\nicy-icq:0\r\nicy-aim:N/A\r\nicy-pub:1\r\nicy-br:128\r\ncontent-type:audio/mpeg\r\n\r\n",
  ],
  "an old Winamp plug-in": [`${PASSWORD}\r\r\n`, "icy-name:Show\r\r\nicy-br:96\r\r\n\r\r\n"],
  "a client without any headers": [`${PASSWORD}\r\n`, "\r\n"],
};

describe("the SHOUTcast login of", () => {
  test.each(Object.entries(HEADERS))(
    "%s is answered once its password is there, and heard from its first byte on",
    (_, [line, headers]) => {
      const input = concat(Buffer.from(line + headers), AUDIO);
      const ways = [[input], Array.from(input, (_, i) => input.subarray(i, i + 1))];
      for (let cut = 1; cut < line.length + headers.length + 20; cut++) {
        ways.push([input.subarray(0, cut), input.subarray(cut)]);
      }
      for (const chunks of ways) {
        using door = new Door();
        const { connection, calls } = door.connect();
        let sent = 0;
        for (const chunk of chunks) {
          connection.onData(chunk);
          sent += chunk.length;
          expect(calls).toEqual(sent < line.length ? [] : [OK]);
        }
        expect(door.stage.audio.equals(AUDIO)).toBe(true);
        expect(door.counts).toEqual({ accepted: 1 });
      }
    },
  );

  test("DarkIce names its show, and its program is SHOUTcast when it does not say", () => {
    using door = new Door();
    door.ask(HEADERS.DarkIce!.join(""));
    expect(door.stage.mount.live?.metadata.title).toBe("Show");
    expect(door.stage.mount.live?.name).toBe("the live source 127.0.0.1 (SHOUTcast v1)");
  });

  test("one who waits for OK2 before it sends anything else", () => {
    using door = new Door();
    const { connection, calls } = door.connect();
    connection.onData(Buffer.from(`${PASSWORD}\r\n`));
    expect(calls).toEqual([OK]);
    expect(door.stage.mount.live).toBeNull();
    connection.onData(Buffer.from("icy-name:x\r\n"));
    connection.onData(concat(Buffer.from("\r\n"), AUDIO));
    expect(door.stage.audio.equals(AUDIO)).toBe(true);
    expect(calls).toEqual([OK]);
  });
});

describe("a SHOUTcast password", () => {
  function twoMounts() {
    const door = new Door();
    const other = new Stage({ path: "/other", sourcePassword: new Secret("a:b:#7") });
    (door.port.mounts as Map<string, Mount>).set("/other", other.mount);
    const heard = (line: string) => {
      const [answer] = door.ask(`${line}\r\n\r\n`);
      if (answer !== OK) return answer;
      const live = [door.stage.mount, other.mount].filter((mount) => mount.live !== null);
      return live.map((mount) => mount.path).join();
    };
    return {
      heard,
      [Symbol.dispose]() {
        door[Symbol.dispose]();
        other[Symbol.dispose]();
      },
    };
  }

  const NO_MOUNT = "No such mount on this station\r\n";

  test.each([
    [PASSWORD, "/live"],
    [`source:${PASSWORD}`, "/live"],
    [`dj:${PASSWORD}`, "/live"],
    [`${PASSWORD}:#1`, "/live"],
    [`source:${PASSWORD}:#1`, "/live"],
    [`/live:${PASSWORD}`, "/live"],
    ["a:b:#7:#2", "/other"],
    ["source:a:b:#7:#2", "/other"],
    ["/other:a:b:#7", "/other"],
    ["/no:a:b:#7", WRONG[0]],
    ["a:b:#7", WRONG[0]],
    ["a:b:#7:#1", WRONG[0]],
    [`${PASSWORD}:#2`, WRONG[0]],
    [`/other:${PASSWORD}`, WRONG[0]],
    [`${PASSWORD} `, WRONG[0]],
    [`${PASSWORD}:#3`, NO_MOUNT],
    [`${PASSWORD}:#0`, NO_MOUNT],
    [`/no:${PASSWORD}`, NO_MOUNT],
  ])("%p leads to %p", (line, result) => {
    using mounts = twoMounts();
    expect(mounts.heard(line)).toBe(result);
  });

  test("of the first mount may have a sid's form in it, and colons", () => {
    using door = new Door(new Secret("a:#2:b:#1"));
    expect(door.ask("a:#2:b:#1\n")).toEqual([OK]);
    expect(door.ask("source:a:#2:b:#1\n")).toEqual(WRONG);
    expect(door.ask("source:a:#2:b:#1:#1\n")).toEqual([OK]);
  });

  test("that is wrong is refused, counted, and logged without the password", () => {
    using door = new Door();
    expect(door.ask("guess-work\r\nicy-name:x\r\n\r\n", "192.0.2.1")).toEqual(WRONG);
    expect(door.counts).toEqual({ unauthorized: 1 });
    expect(door.stage.lines).toEqual([
      "warn a source client at 192.0.2.1 was refused: its SHOUTcast password is wrong",
    ]);
  });

  test("is what libshout's poke is not, and a poke is no failed login", () => {
    using door = new Door();
    expect(door.ask("!POKE\nicy-name:libshout server poke request\n\n")).toEqual(WRONG);
    expect([door.counts, door.stage.lines]).toEqual([{}, []]);
  });

  test("as shipped is taken from this machine only", () => {
    using door = new Door(new Secret("hackme"));
    const answer =
      "The default password is accepted from this machine only: set server.source_password";
    expect(door.ask("hackme\r\n", "192.0.2.1")).toEqual([`${answer}\r\n`, "half-close"]);
    expect(door.ask("hackme\r\n")).toEqual([OK]);
  });
});

describe("a SHOUTcast client", () => {
  test("gets a plain line if the mount is in use, after its password or after its headers", () => {
    const IN_USE = "Mountpoint in use by 127.0.0.1 (butt 1.40.0)\r\n";
    using door = new Door();
    const waiting = door.connect();
    waiting.connection.onData(Buffer.from(`${PASSWORD}\r\n`));
    door.ask(HEADS.BUTT!.head);
    expect(door.ask(`${PASSWORD}\r\n`)).toEqual([IN_USE, "half-close"]);
    waiting.connection.onData(Buffer.from("icy-name:x\r\n\r\n"));
    expect(waiting.calls).toEqual([OK, IN_USE, "half-close"]);
    expect(door.counts).toEqual({ accepted: 1, in_use: 2 });
  });

  test("is not let in with a type that cannot be played", () => {
    using door = new Door();
    const calls = door.ask(`${PASSWORD}\r\ncontent-type:video/mp4\r\n\r\n`);
    const answer = "Content-type not supported: video/mp4; send MP3, AAC, Ogg or WebM\r\n";
    expect(calls).toEqual([OK, answer, "half-close"]);
    expect(door.counts).toEqual({ content_type: 1 });
  });

  test("that sends too many headers, or too long ones, is refused", () => {
    for (const headers of ["a:b\n".repeat(65), `a:${"b".repeat(8192)}`]) {
      using door = new Door();
      const calls = door.ask(`${PASSWORD}\n${headers}\n`);
      expect(calls[1]).toMatch(
        /^Bad request: the request (?:head is too long|has too many headers)\r\n$/,
      );
      expect(door.counts).toEqual({ bad_request: 1 });
    }
  });

  test("that never ends its headers is closed after fifteen seconds", () => {
    using door = new Door();
    const { connection, calls } = door.connect();
    connection.onData(Buffer.from(`${PASSWORD}\r\nicy-name:x`));
    connection.checkTimeout((door.stage.clock.ms += 14_999));
    expect(calls).toEqual([OK]);
    connection.checkTimeout((door.stage.clock.ms += 1));
    expect(calls).toEqual([OK, "close"]);
    expect(door.stage.mount.live).toBeNull();
  });
});

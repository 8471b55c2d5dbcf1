// One connection, its socket played by the test: what it is answered, in one write, and what becomes of each byte it sends.
import { describe, expect, test } from "bun:test";
import type { Socket } from "bun";
import { Secret } from "../../src/lib/secret.ts";
import { Connection, type Port } from "../../src/source/connection.ts";
import type { Counts } from "../../src/source/ingest.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD } from "../support/config.ts";
import { trackFrames } from "../support/tracks.ts";
import { HEADS, IN_USE, LIBSHOUT_LOGIN, LOGIN, refusal, UNAUTHORIZED } from "./encoders.ts";
import { Stage } from "./stage.ts";

const SHOW = trackFrames(1, 3, true);
const AUDIO = concat(...SHOW);

/** What a connection did to its socket, in order. */
class FakeSocket {
  readonly calls: string[] = [];
  constructor(readonly remoteAddress: string) {}

  write(text: string): number {
    this.calls.push(text);
    return text.length;
  }

  shutdown(): void {
    this.calls.push("half-close");
  }

  end(): void {
    this.calls.push("close");
  }
}

/** A source port with one mount, /live. */
class Door implements Disposable {
  readonly stage: Stage;
  readonly counts: Counts = {};
  readonly port: Port;

  constructor(password: Secret = new Secret(PASSWORD)) {
    this.stage = new Stage({ path: "/live", sourcePassword: password, sourceTimeout: 10 });
    const { mount, clock, log } = this.stage;
    this.port = {
      mounts: new Map([["/live", mount]]),
      firstMount: mount,
      clock,
      log,
      count: (what) => (this.counts[what] = (this.counts[what] ?? 0) + 1),
    };
  }

  connect(address = "127.0.0.1"): { connection: Connection; calls: string[] } {
    const socket = new FakeSocket(address);
    const connection = new Connection(socket as unknown as Socket<Connection>, this.port);
    return { connection, calls: socket.calls };
  }

  /** What a new client is answered to this. */
  ask(text: string | Uint8Array, address?: string): string[] {
    const { connection, calls } = this.connect(address);
    connection.onData(Buffer.from(text));
    return calls;
  }

  [Symbol.dispose](): void {
    this.stage[Symbol.dispose]();
  }
}

function put(...headers: string[]): string {
  return ["PUT /live HTTP/1.1", ...headers, "", ""].join("\r\n");
}

const AUTHORIZED = `Authorization: Basic ${LOGIN}`;
const MPEG = "Content-Type: audio/mpeg";

function inChunks(audio: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < audio.length; at += 100) {
    const part = audio.subarray(at, at + 100);
    parts.push(
      Buffer.from(`${part.length.toString(16).toUpperCase()}\r\n`),
      part,
      Buffer.from("\r\n"),
    );
  }
  return concat(...parts);
}

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

  test("libshout's three steps: asked what it can, challenged, let in; only the last is told and counted", () => {
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

  test("libshout is challenged before it is told that the mount is in use", () => {
    using door = new Door();
    door.ask(HEADS.DarkIce!.head);
    const answers = LIBSHOUT_LOGIN.map(({ send }) => door.ask(send)[0]);
    expect(answers).toEqual([LIBSHOUT_LOGIN[0]!.answer, UNAUTHORIZED, IN_USE]);
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

  test("by SOURCE is never told to go on in HTTP/1.1", () => {
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

describe("who is turned away", () => {
  const wrong = `Authorization: Basic ${Buffer.from("source:guess").toString("base64")}`;

  test.each<[string, string, string]>([
    ["no credentials", put(MPEG), UNAUTHORIZED],
    ["a wrong password", put(wrong, MPEG), UNAUTHORIZED],
    [
      "another user with the right password",
      put(`Authorization: Basic ${Buffer.from(`admin:${PASSWORD}`).toString("base64")}`, MPEG),
      UNAUTHORIZED,
    ],
    ["a wrong password for no mount", put(wrong, MPEG).replace("/live", "/no"), UNAUTHORIZED],
    ["a wrong password for what is no mount", put(wrong).replace("/live", "/../x"), UNAUTHORIZED],
    [
      "the right password for no mount",
      put(AUTHORIZED, MPEG).replace("/live", "/no"),
      refusal("403 Forbidden", "No such mount on this station"),
    ],
    [
      "a PUT without content type",
      put(AUTHORIZED),
      refusal("403 Forbidden", "No Content-type given"),
    ],
    [
      "Ogg",
      put(AUTHORIZED, "Content-Type: application/ogg"),
      refusal("403 Forbidden", "Content-type not supported: application/ogg; send audio/mpeg"),
    ],
    [
      "an unknown coding",
      put(AUTHORIZED, MPEG, "Transfer-Encoding: gzip"),
      refusal("501 Not Implemented", "Unknown transfer coding"),
    ],
    [
      "a browser",
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      refusal("400 Bad Request", "unknown request: this port is for sources, see the listen port"),
    ],
    [
      "a SHOUTcast password",
      `${PASSWORD}\r\nicy-name: x\r\n\r\n`,
      refusal("400 Bad Request", "Bad request: the first line is no request"),
    ],
  ])("with %s gets its answer in one write, and time to read it", (_, head, answer) => {
    using door = new Door();
    expect(door.ask(head)).toEqual([answer, "half-close"]);
    expect(door.stage.mount.live).toBeNull();
  });

  test("for a mount in use, and the one who has it goes on", () => {
    using door = new Door();
    const { connection, calls } = door.connect();
    connection.onData(Buffer.from(HEADS.BUTT!.head));
    expect(door.ask(HEADS["ffmpeg by PUT"]!.head)).toEqual([IN_USE, "half-close"]);
    expect(door.ask(put(wrong, MPEG))).toEqual([UNAUTHORIZED, "half-close"]);
    connection.onData(AUDIO);
    expect(door.stage.audio.equals(AUDIO)).toBe(true);
    expect(calls).toEqual([HEADS.BUTT!.answer]);
    expect(door.counts).toEqual({ accepted: 1, in_use: 1, unauthorized: 1 });
  });

  test("with the default password, unless from this machine", () => {
    using door = new Door(new Secret("hackme"));
    const login = Buffer.from("source:hackme").toString("base64");
    const head = put(`Authorization: Basic ${login}`, MPEG);
    const answer = refusal(
      "403 Forbidden",
      "The default password is accepted from this machine only: set server.source_password",
    );
    for (const address of ["192.0.2.1", "::ffff:192.0.2.1", "fe80::1"]) {
      expect(door.ask(head, address)).toEqual([answer, "half-close"]);
    }
    expect(door.ask(head, "::ffff:127.0.0.1")).toEqual(["HTTP/1.0 200 OK\r\n\r\n"]);
  });

  test("is counted and told once a period, the passwords never", () => {
    using door = new Door();
    for (let i = 0; i < 5; i++) door.ask(put(wrong, MPEG), "192.0.2.1");
    door.ask(put(AUTHORIZED, MPEG).replace("/live", "/no"), "192.0.2.1");
    expect(door.counts).toEqual({ unauthorized: 5, no_such_mount: 1 });
    expect(door.stage.lines).toEqual([
      "warn a source client at 192.0.2.1 was refused: its user name or password is wrong",
      "warn a source client at 192.0.2.1 was refused: No such mount on this station",
    ]);
  });

  test("may go on sending for a while, which is not heard, and is closed then", () => {
    using door = new Door();
    const { connection, calls } = door.connect();
    connection.onData(Buffer.from(put(wrong, MPEG)));
    connection.onData(AUDIO);
    connection.onData(Buffer.from(HEADS.BUTT!.head));
    connection.checkTimeout((door.stage.clock.ms += 1999));
    expect(calls.length).toBe(2);
    connection.checkTimeout((door.stage.clock.ms += 1));
    expect(calls.slice(2)).toEqual(["close"]);
    expect(door.stage.heard).toEqual([]);
  });
});

describe("the end of a source", () => {
  function live(...headers: string[]) {
    const door = new Door();
    const { connection, calls } = door.connect();
    connection.onData(Buffer.from(put(AUTHORIZED, MPEG, "User-Agent: E", ...headers)));
    connection.onData(AUDIO.subarray(0, headers.length === 0 ? undefined : 0));
    return { door, connection, calls, [Symbol.dispose]: () => door[Symbol.dispose]() };
  }

  const left = (why: string, bytes: number) =>
    `info /live: the live source 127.0.0.1 (E) has left: ${why} (${bytes} bytes, 0 of them garbage)`;

  test("is when it was silent for source_timeout, counted from its last byte", () => {
    using show = live();
    const { door, connection, calls } = show;
    connection.checkTimeout((door.stage.clock.ms += 9000));
    connection.onData(AUDIO.subarray(0, 0));
    connection.checkTimeout((door.stage.clock.ms += 9999));
    expect(door.stage.mount.live).not.toBeNull();
    connection.checkTimeout((door.stage.clock.ms += 1));
    expect(door.stage.mount.live).toBeNull();
    expect(door.stage.lines.at(-1)).toBe(left("it sent nothing for 10 s", AUDIO.length));
    expect(calls.at(-1)).toBe("close");
  });

  test("is when its connection is lost, told once whatever follows", () => {
    using show = live();
    const { door, connection } = show;
    connection.onClose(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
    connection.onClose(undefined);
    connection.close("of the test");
    connection.onData(AUDIO);
    expect(door.stage.mount.live).toBeNull();
    expect(door.stage.told("has left")).toEqual([
      left("its connection was lost (ECONNRESET)", AUDIO.length),
    ]);
  });

  test("is when its chunked body ends, and one who waited to be told is told", () => {
    using show = live("Transfer-Encoding: chunked", "Expect: 100-continue");
    const { door, connection, calls } = show;
    connection.onData(inChunks(AUDIO));
    expect(door.stage.mount.live).not.toBeNull();
    connection.onData(Buffer.from("0\r\n\r\n"));
    expect(door.stage.mount.live).toBeNull();
    expect(calls).toEqual([
      "HTTP/1.1 100 Continue\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\n",
      "half-close",
    ]);
    expect(door.stage.audio.equals(AUDIO)).toBe(true);
    expect(door.stage.lines.at(-1)).toBe(left("it has sent everything", AUDIO.length));
  });

  test("is when its body has the length it said; what comes behind is not heard", () => {
    using show = live(`Content-Length: ${AUDIO.length}`);
    const { door, connection, calls } = show;
    connection.onData(concat(AUDIO, AUDIO));
    connection.onData(AUDIO);
    expect(door.stage.audio.equals(AUDIO)).toBe(true);
    expect(calls).toEqual(["HTTP/1.0 200 OK\r\n\r\n", "close"]);
  });

  test("is when its chunks are broken; what was whole is heard", () => {
    using show = live("Transfer-Encoding: chunked");
    const { door, connection, calls } = show;
    connection.onData(concat(inChunks(AUDIO), Buffer.from("not hex\r\n")));
    expect(door.stage.audio.equals(AUDIO)).toBe(true);
    expect(door.stage.lines.at(-1)).toBe(left("its chunks are broken", AUDIO.length));
    expect(calls.at(-1)).toBe("close");
  });

  test("is when it sends what cannot be played", () => {
    using door = new Door();
    const { connection, calls } = door.connect();
    connection.onData(concat(Buffer.from(HEADS.BUTT!.head), Buffer.from(`OggS${"x".repeat(99)}`)));
    expect(calls).toEqual([HEADS.BUTT!.answer, "close"]);
    expect(door.stage.mount.live).toBeNull();
    expect(door.stage.told("it sends Ogg; only MP3 can be played for now").length).toBe(1);
  });

  test("leaves the mount to the next one at once", () => {
    using show = live();
    const { door, connection } = show;
    connection.onClose(undefined);
    expect(door.ask(HEADS.DarkIce!.head)).toEqual([HEADS.DarkIce!.answer]);
  });
});

describe("a connection without a head", () => {
  test("is closed after fifteen seconds, however it dribbles, and without an answer", () => {
    using door = new Door();
    const { connection, calls } = door.connect();
    for (let i = 0; i < 15; i++) {
      connection.onData(Buffer.from("S"));
      connection.checkTimeout((door.stage.clock.ms += 999));
    }
    expect(calls).toEqual([]);
    connection.checkTimeout((door.stage.clock.ms += 15));
    expect(calls).toEqual(["close"]);
    expect(door.stage.lines).toEqual([]);
  });
});

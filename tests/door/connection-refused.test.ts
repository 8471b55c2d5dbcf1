// Who is turned away at the source port: the answer byte for byte, in Icecast's order, and what is told and counted.
import { describe, expect, test } from "bun:test";
import { KNOWN_MS, SLIPS } from "../../src/access/attempts.ts";
import { Secret } from "../../src/lib/secret.ts";
import type { Mount } from "../../src/mount/mount.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD } from "../support/config.ts";
import { trackFrames } from "../support/tracks.ts";
import { Stage } from "../input/stage.ts";
import { AUTHORIZED, Door, MPEG, put } from "./door.ts";
import { HEADS, inUse, refusal, UNAUTHORIZED } from "./encoders.ts";

const AUDIO = concat(...trackFrames(1, 3, true));

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
      "a length that is none",
      put(AUTHORIZED, MPEG, "Content-Length: -5"),
      refusal("400 Bad Request", "Bad request: its length is no number"),
    ],
    [
      "Ogg",
      put(AUTHORIZED, "Content-Type: video/mp4"),
      refusal("403 Forbidden", "Content-type not supported: video/mp4; send MP3, AAC, Ogg or WebM"),
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
      "another protocol",
      "SOURCE /live RTSP/1.0\r\n\r\n",
      refusal("400 Bad Request", "Bad request: the first line is no request"),
    ],
  ])("with %s gets its answer in one write, and time to read it", (_, head, answer) => {
    using door = new Door();
    expect(door.ask(head)).toEqual([answer, "half-close"]);
    expect(door.stage.mount.live).toBeNull();
  });

  test("with the password of another mount", () => {
    using door = new Door();
    using other = new Stage({ path: "/other", sourcePassword: new Secret("other-spell") });
    (door.port.mounts as Map<string, Mount>).set("/other", other.mount);
    const theirs = `Authorization: Basic ${Buffer.from("source:other-spell").toString("base64")}`;
    const toOther = (login: string) => put(login, MPEG).replace("/live", "/other");
    expect(door.ask(put(theirs, MPEG))[0]).toBe(UNAUTHORIZED);
    expect(door.ask(toOther(AUTHORIZED))[0]).toBe(UNAUTHORIZED);
    expect(door.ask(toOther(theirs))).toEqual(["HTTP/1.0 200 OK\r\n\r\n"]);
    expect([door.stage.mount.live, other.mount.live?.kind]).toEqual([null, "live"]);
  });

  test("for a mount in use, and the one who has it goes on", () => {
    using door = new Door();
    const { connection, calls } = door.connect();
    connection.onData(Buffer.from(HEADS.BUTT!.head));
    expect(door.ask(HEADS["ffmpeg by PUT"]!.head)).toEqual([inUse("butt 1.40.0"), "half-close"]);
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
    for (const name of ["X-Forwarded-For", "Forwarded", "X-Real-IP"]) {
      const proxied = head.replace(MPEG, `${MPEG}\r\n${name}: 127.0.0.1`);
      expect(door.ask(proxied)).toEqual([answer, "half-close"]);
      expect(door.ask(proxied.replace("PUT", "SOURCE"))).toEqual([answer, "half-close"]);
    }
    expect(door.ask(head, "::1")).toEqual(["HTTP/1.0 200 OK\r\n\r\n"]);
  });

  test("with unreadable credentials is counted and answered like one with wrong ones", () => {
    using door = new Door();
    for (const login of ["Basic %%%", "Basic c291cmNl", "Digest x"]) {
      expect(door.ask(put(`Authorization: ${login}`, MPEG))).toEqual([UNAUTHORIZED, "half-close"]);
    }
    expect(door.counts).toEqual({ unauthorized: 3 });
    expect(door.stage.told("was refused: its credentials are broken").length).toBe(1);
  });

  test("with guesses has to wait, in the end with the correct password too; others do not", () => {
    using door = new Door();
    const guess = (i: number) => put(wrong.replace(/ \S+$/, ` ${btoa(`source:guess-${i}`)}`), MPEG);
    const wait = (answer: string) => answer.replace(/\d+(?= s\.|\r\n)/g, "N");
    for (let i = 0; i < SLIPS; i++) expect(door.ask(guess(i), "192.0.2.1")[0]).toBe(UNAUTHORIZED);
    const [late = ""] = door.ask(guess(SLIPS), "192.0.2.1");
    expect(late).toStartWith("HTTP/1.0 429 Too Many Requests\r\n");
    expect(late).toContain("\r\nRetry-After: 30\r\n");
    expect(late).toEndWith("Too many wrong passwords from this address: try again in 30 s.\r\n");
    for (let i = SLIPS; i < 2000; i++) door.ask(guess(i), "192.0.2.1");
    expect(wait(door.ask(put(AUTHORIZED, MPEG), "192.0.2.1")[0] ?? "")).toBe(wait(late));
    expect(door.ask(`${PASSWORD}\r\n`, "192.0.2.1")[0]).toBe(
      "Too many invalid passwords from this address: try again in 30 s\r\n",
    );
    expect(door.counts.too_many_logins).toBeGreaterThan(1900);
    expect(door.stage.told("too many wrong source passwords from 192.0.2.1")).toHaveLength(1);
    expect(door.ask(put(AUTHORIZED, MPEG), "192.0.2.2")).toEqual(["HTTP/1.0 200 OK\r\n\r\n"]);
  });

  test("is not who was live from an address at which strangers guess", () => {
    using door = new Door();
    const own = put(AUTHORIZED, MPEG, "User-Agent: BUTT");
    const { connection } = door.connect("192.0.2.1");
    connection.onData(Buffer.from(own));
    door.stage.clock.ms += 2 * KNOWN_MS;
    connection.onEnd();
    for (let i = 0; i < 100; i++) {
      door.ask(put(`Authorization: Basic ${btoa(`source:guess-${i}`)}`, MPEG), "192.0.2.1");
    }
    expect(door.ask(put(AUTHORIZED, MPEG), "192.0.2.1")[0]).toContain(" 429 ");
    expect(door.ask(own, "192.0.2.1")).toEqual(["HTTP/1.0 200 OK\r\n\r\n"]);
  });

  test.each<[string, string[], boolean]>([
    ["an encoder", ["Host: localhost:8000"], true],
    ["an old encoder without Host", [], true],
    ["a page that rebinds its name", ["Host: evil.example:8000"], false],
    ["a proxy by Via", ["Host: localhost", "Via: 1.1 proxy"], false],
    ["a content network", ["Host: localhost", "CF-Connecting-IP: 192.0.2.1"], false],
    ["curl, which closes its connection", ["Host: localhost", "Connection: close"], true],
  ])("with the default password, from this machine by %s: let in is %p", (_, headers, isLetIn) => {
    using door = new Door(new Secret("hackme"));
    const login = `Authorization: Basic ${btoa("source:hackme")}`;
    const [answer] = door.ask(put(login, MPEG, ...headers));
    expect(answer).toStartWith(isLetIn ? "HTTP/1.0 200 OK" : "HTTP/1.0 403 Forbidden");
  });

  test("with the default password, by nginx as it comes: HTTP/1.0 that closes", () => {
    using door = new Door(new Secret("hackme"));
    const head = put(`Authorization: Basic ${btoa("source:hackme")}`, MPEG, "Connection: close");
    const [answer] = door.ask(head.replace("HTTP/1.1", "HTTP/1.0"));
    expect(answer).toStartWith("HTTP/1.0 403 Forbidden");
  });

  test("is counted and logged once a period, without passwords", () => {
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

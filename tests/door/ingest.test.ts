// The source port over real sockets: dialogues, half-closed and lost connections, floods of logins.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Admission } from "../../src/access/admission.ts";
import { Ingest } from "../../src/door/ingest.ts";
import type { ClientConnection } from "../../src/door/handler.ts";
import { AccessLog } from "../../src/journal/access-log.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD } from "../support/config.ts";
import { until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";
import { Stage } from "../input/stage.ts";
import { HEADS, inUse, LIBSHOUT_LOGIN, UNAUTHORIZED } from "./encoders.ts";

const quiet = () => new AccessLog(null, stage.log, stage.clock, stage.clock);

const SHOW = trackFrames(1, 20, true);
const AUDIO = concat(...SHOW);
const SOURCE = HEADS["libshout by SOURCE"]!;

let stage: Stage;
let ingest: Ingest;
beforeEach(() => {
  stage = new Stage({ path: "/live", sourceTimeout: 10 });
  ingest = new Ingest(
    new Map([["/live", stage.mount]]),
    stage.mount,
    stage.clock,
    stage.log,
    quiet(),
    new Admission(stage.clock, stage.log),
  );
  ingest.listen("127.0.0.1", 0);
});
afterEach(() => {
  ingest.close();
  stage[Symbol.dispose]();
});

const isLive = () => stage.mount.live !== null;

/** Sends byte by byte, each in a write of its own. */
async function dribble(wire: Wire, bytes: Uint8Array): Promise<void> {
  for (let i = 0; i < bytes.length; i++) {
    await new Promise((done) => wire.socket.write(bytes.subarray(i, i + 1), done));
  }
}

async function login(head = SOURCE.head): Promise<Wire> {
  const wire = await Wire.open(ingest.port);
  wire.send(head);
  await until("the login is answered", () => wire.length > 0);
  return wire;
}

describe("a dialogue", () => {
  const frame = (audio: Uint8Array) =>
    concat(Buffer.from(`${audio.length.toString(16)}\r\n`), audio, Buffer.from("\r\n"));

  test.each(Object.entries(HEADS))(
    "with %s goes byte for byte, sent whole and byte by byte",
    async (_, vector) => {
      const audio = vector.body === "chunked" ? frame(AUDIO) : AUDIO;
      for (const isBytewise of [false, true]) {
        const before = stage.heard.length;
        using wire = await Wire.open(ingest.port);
        const head = Buffer.from(vector.head);
        if (isBytewise) await dribble(wire, head);
        else wire.send(concat(head, audio.subarray(0, 1000)));
        await until("it is answered", () => wire.length >= vector.answer.length);
        wire.send(audio.subarray(isBytewise ? 0 : 1000));
        await until("all of it is heard", () => stage.heard.length === before + SHOW.length);
        expect(wire.text).toBe(vector.answer);
        wire.socket.end();
        await wire.closed();
        await until("the mount is free", () => !isLive());
      }
      expect(stage.audio.equals(concat(AUDIO, AUDIO))).toBe(true);
    },
  );

  test("with libshout takes three connections, and the answers can be read to their end", async () => {
    for (const { send, answer } of LIBSHOUT_LOGIN) {
      using wire = await Wire.open(ingest.port);
      wire.send(send);
      await until("it is answered", () => wire.length >= answer.length);
      expect(wire.text).toBe(answer);
    }
    expect(ingest.counts).toEqual({ accepted: 1 });
  });

  test("with curl and a file ends with the answer to its end", async () => {
    using wire = await login(HEADS["curl from a pipe"]!.head);
    wire.send(concat(frame(AUDIO), Buffer.from("0\r\n\r\n")));
    await wire.closed();
    expect(wire.text).toBe("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\n");
    expect(stage.audio.equals(AUDIO)).toBe(true);
  });
});

describe("a client that is refused", () => {
  test("reads its answer although it is still sending", async () => {
    using holder = await login();
    using wire = await Wire.open(ingest.port);
    wire.send(concat(Buffer.from(SOURCE.head), Buffer.alloc(1 << 20)));
    await until("it is answered", () => wire.length >= inUse("libshout/2.4.6").length);
    wire.send(Buffer.alloc(1 << 20));
    wire.socket.end();
    await wire.closed();
    expect(wire.text).toBe(inUse("libshout/2.4.6"));
    expect(holder.isClosed).toBe(false);
  });

  test("is closed after two seconds when it does not leave by itself", async () => {
    using wire = await login(SOURCE.head.replace("Basic ", "Basic AAAA"));
    expect(wire.text).toBe(UNAUTHORIZED);
    // Node's socket would answer the half-close with its own.
    let isReset = false;
    using stubborn = await Wire.open(ingest.port);
    stubborn.socket.allowHalfOpen = true;
    stubborn.socket.on("error", () => (isReset = true));
    stubborn.send("GET / HTTP/1.0\r\n\r\n");
    await until("it is answered", () => stubborn.text.includes("unknown request"));
    ingest.sweep((stage.clock.ms += 1999));
    stubborn.send("x");
    ingest.sweep((stage.clock.ms += 1));
    await until("it cannot send any more", () => {
      stubborn.send("x");
      return isReset || stubborn.isClosed;
    });
  });
});

test("connections are swept once a second, and four times while one has not logged in or they are running out", async () => {
  using source = await login();
  expect(source.text).toStartWith("HTTP/1.0 200");
  expect(ingest.sweep(stage.clock.ms)).toBe(1000);
  using holder = await Wire.open(ingest.port);
  await until("it is there", () => ingest.sweep(stage.clock.ms) === 250);
  holder.socket.end();
  await holder.closed();
  await until("it is gone", () => ingest.sweep(stage.clock.ms) === 1000);
  ingest.isCramped = () => true;
  expect(ingest.sweep(stage.clock.ms)).toBe(250);
});

test("who only holds a connection gives it up after a second when no more are to be had", async () => {
  using holder = await Wire.open(ingest.port);
  using source = await login();
  const turnedAway = () => ingest.counts.too_many_connections ?? 0;
  ingest.sweep((stage.clock.ms += 1000));
  expect(turnedAway()).toBe(0);
  ingest.isCramped = () => true;
  ingest.sweep(stage.clock.ms - 1);
  expect(turnedAway()).toBe(0);
  ingest.sweep(stage.clock.ms);
  expect(turnedAway()).toBe(1);
  await holder.closed();
  expect(holder.text).toStartWith("HTTP/1.0 503 ");
  expect([isLive(), source.isClosed]).toEqual([true, false]);
});

describe("a handler", () => {
  /** What the port asked a handler that does so with its connection, and the connection. */
  async function welcome(settle: (connection: ClientConnection) => void) {
    const asked = { connection: null as ClientConnection | null, checks: 0 };
    const none = () => undefined;
    ingest.router = {
      route: (_, connection) => {
        settle((asked.connection = connection));
        const checkTimeout = () => void asked.checks++;
        return { onData: none, onDrain: none, onEnd: none, onClose: none, checkTimeout };
      },
    };
    const wire = await Wire.open(ingest.port);
    wire.send("GET /live HTTP/1.0\r\n\r\n");
    await until("it is received", () => asked.connection !== null);
    return { asked, wire };
  }

  test("that is a stream of its own timing is looked at in every sweep", async () => {
    const { asked, wire } = await welcome((connection) => connection.settle());
    using _ = wire;
    for (let i = 0; i < 3; i++) ingest.sweep(stage.clock.ms);
    expect(asked.checks).toBe(3);
  });

  test("that is a listener costs no sweep anything, until it is over and lingers", async () => {
    const { asked, wire } = await welcome((connection) => {
      connection.settle();
      connection.release();
    });
    using _ = wire;
    wire.socket.allowHalfOpen = true;
    for (let i = 0; i < 3; i++) ingest.sweep(stage.clock.ms);
    expect(asked.checks).toBe(0);
    asked.connection?.finish();
    ingest.sweep((stage.clock.ms += 2000));
    await until("it cannot send any more", () => {
      wire.send("x");
      return wire.isClosed;
    });
  });
});

describe("a source", () => {
  test("that closes is gone, that is killed is gone, and the mount is free at once", async () => {
    using closing = await login();
    closing.send(AUDIO);
    await until("it is heard", () => stage.heard.length === SHOW.length);
    closing.socket.end();
    await until("it is gone", () => !isLive());
    using killed = await login();
    killed.socket.resetAndDestroy();
    await until("it is gone", () => !isLive());
    const reasons = stage
      .told("has left")
      .map((entry) => /left: (.*) \(\d+ bytes/.exec(entry)?.[1]);
    expect(reasons).toEqual(["it closed the connection", "its connection was lost (ECONNRESET)"]);
  });

  test("that goes silent is closed after source_timeout", async () => {
    using wire = await login();
    wire.send(AUDIO);
    await until("it is heard", () => stage.heard.length === SHOW.length);
    ingest.sweep((stage.clock.ms += 9999));
    expect(isLive()).toBe(true);
    ingest.sweep((stage.clock.ms += 1));
    expect(isLive()).toBe(false);
    await wire.closed();
  });

  test("is ended when the station stops, and the port is free", async () => {
    using wire = await login();
    using waiting = await Wire.open(ingest.port);
    const { port } = ingest;
    ingest.close();
    await Promise.all([wire.closed(), waiting.closed()]);
    expect(stage.lines.at(-1)).toContain("has left: the station stops");
    await Wire.open(port).then(
      () => expect.unreachable("the port still answers"),
      (error: Error) => expect(error.message).toContain("ECONNREFUSED"),
    );
    ingest.listen("127.0.0.1", port);
    expect(ingest.port).toBe(port);
  });

  test("that causes an error of ours is closed and logged, and the port goes on", async () => {
    using wire = await login();
    const { ring } = stage.mount;
    const { write } = ring;
    ring.write = () => {
      throw new Error("the ring broke");
    };
    wire.send(AUDIO);
    await wire.closed();
    expect(stage.told("error a source connection failed: Error: the ring broke").length).toBe(1);
    expect(isLive()).toBe(false);
    ring.write = write;
    using next = await login();
    next.send(AUDIO);
    await until("it is heard", () => stage.heard.length === SHOW.length);
  });

  test("cannot write lines of its own into the log", async () => {
    const agent = "User-Agent: x\rinfo /live: all is well\x1b[2J";
    using wire = await login(SOURCE.head.replace(/User-Agent: .*/, agent));
    expect(wire.text).toBe(SOURCE.answer);
    expect(stage.lines.join("")).not.toMatch(/\p{Cc}/u);
    expect(stage.lines.join("")).not.toContain(PASSWORD);
  });
});

describe("connections that do not log in", () => {
  test("are closed after fifteen seconds without an answer", async () => {
    using silent = await Wire.open(ingest.port);
    using slow = await Wire.open(ingest.port);
    slow.send("SOURCE /live HTTP/1.0\r\n");
    // A login that is answered proves that those before it were accepted.
    using proof = await login();
    ingest.sweep((stage.clock.ms += 9000));
    proof.send(AUDIO);
    await until("it is heard", () => stage.heard.length === SHOW.length);
    ingest.sweep((stage.clock.ms += 6000));
    await Promise.all([silent.closed(), slow.closed()]);
    expect([silent.text, slow.text, proof.isClosed]).toEqual(["", "", false]);
  });

  async function openMany(count: number): Promise<Wire[]> {
    return Promise.all(Array.from({ length: count }, () => Wire.open(ingest.port)));
  }

  test("make room from 256 on, the oldest first, so that an encoder gets in and a source stays", async () => {
    using source = await login();
    const idle = [await Wire.open(ingest.port), ...(await openMany(255))];
    // A login that is answered proves that those before it were accepted.
    using proof = await login();
    expect(proof.text).toBe(inUse("libshout/2.4.6"));
    stage.clock.ms += 1000;
    using other = await login();
    expect(other.text).toBe(inUse("libshout/2.4.6"));
    await idle[0]!.closed();
    expect(idle[0]!.text).toStartWith("HTTP/1.0 503 Service Unavailable\r\n");
    expect(idle.filter((wire) => wire.isClosed).length).toBe(1);
    expect(source.isClosed).toBe(false);
    expect(ingest.counts.too_many_connections).toBe(1);
    expect(stage.told("too many connections").length).toBe(1);
    for (const wire of idle) wire[Symbol.dispose]();
  });

  test("may be many, as long as it has only just come", async () => {
    const idle = await openMany(600);
    using proof = await login();
    expect(proof.text).toBe(SOURCE.answer);
    expect(idle.filter((wire) => wire.isClosed)).toEqual([]);
    expect(ingest.counts).toEqual({ accepted: 1 });
    for (const wire of idle) wire[Symbol.dispose]();
  });
});

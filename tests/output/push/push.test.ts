// A push from login to loss and back, against a server that a test plays by hand.
import { describe, expect, test } from "bun:test";
import { Mount } from "../../../src/mount/mount.ts";
import type { Link, LinkEvents } from "../../../src/output/push/push-link.ts";
import { Pushes } from "../../../src/output/push/pushes.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { FakeInput, keptLog } from "../../mount/fake-input.ts";
import { audio, frames } from "../../native/known-audio.ts";
import { testMount } from "../../support/config.ts";
import { ManualClock } from "../fake-sink.ts";

const SHAPE = { length: 100, ms: 100 };
const PUT_OK = "HTTP/1.1 100 Continue\r\n\r\n";

function pushTo(host: string, bufferSeconds = 10) {
  const url = new Secret(`icecast://source:hidden@${host}/live`);
  return { label: "backup", url, public: false, bufferSeconds, tlsVerify: true };
}

/** A connection whose other end the test is. */
class Peer implements Link {
  readonly got: Uint8Array[] = [];
  /** Bytes it takes of the next writes. */
  most = Number.POSITIVE_INFINITY;
  isClosed = false;

  constructor(
    readonly host: string,
    readonly events: LinkEvents,
  ) {}

  write(bytes: Uint8Array): number {
    const taken = bytes.slice(0, this.most);
    this.most -= taken.length;
    this.got.push(taken);
    return taken.length;
  }

  close(): void {
    this.isClosed = true;
  }

  /** Takes the request, and answers. */
  answer(text: string): void {
    this.events.onOpen();
    this.events.onData(Buffer.from(text));
  }

  get head(): string {
    return Buffer.from(this.got[0] ?? []).toString("latin1");
  }

  /** What came after the request. */
  get body(): Buffer {
    return Buffer.concat(this.got.slice(1));
  }
}

class Scene implements Disposable {
  readonly peers: Peer[] = [];
  readonly waits: { readonly seconds: number; readonly run: () => void }[] = [];
  readonly clock = new ManualClock();
  readonly mount: Mount;
  readonly pushes: Pushes;
  readonly lines: readonly string[];
  readonly #input = new FakeInput("playlist", "Some Song");

  constructor(push = [pushTo("radio.example")]) {
    const { log, lines } = keptLog();
    this.lines = lines;
    this.mount = new Mount(testMount({ push }), log);
    // AAC begins at any frame.
    this.#input.format = { codec: "aac", sampleRate: 44_100, channels: 2 };
    this.#input.ready = true;
    this.mount.attach(this.#input);
    this.mount.advance(0);
    this.pushes = new Pushes(this.mount, {
      clock: this.clock,
      open: ({ host }, _, events) => {
        const peer = new Peer(host, events);
        this.peers.push(peer);
        return peer;
      },
      later: (seconds, run) => {
        const wait = { seconds, run };
        this.waits.push(wait);
        return () => void this.waits.splice(this.waits.indexOf(wait), 1);
      },
    });
  }

  play(count: number): void {
    for (let i = 0; i < count; i++) {
      this.clock.now += SHAPE.ms;
      this.mount.write(this.#input, frames(this.mount.ring.head, 1, SHAPE), this.clock.now);
    }
  }

  change(sampleRate: number): void {
    this.#input.format = { codec: "aac", sampleRate, channels: 2 };
  }

  get peer(): Peer {
    const peer = this.peers.at(-1);
    if (peer === undefined) throw new Error("nobody has connected");
    return peer;
  }

  /** The time of the next attempt has come. Returns the seconds that it was away. */
  wait(): number {
    const { seconds, run } = this.waits.shift() ?? { seconds: Number.NaN, run: () => undefined };
    run();
    return seconds;
  }

  get state() {
    const [state] = this.pushes.states;
    if (state === undefined) throw new Error("there is no push");
    return state;
  }

  [Symbol.dispose](): void {
    this.pushes.close();
    this.mount.close();
  }
}

test("what the mount writes once the server has accepted is sent, every byte", () => {
  using scene = new Scene();
  expect(scene.peers).toEqual([]);
  scene.play(3);
  expect(scene.peer.head).toBe("");
  scene.peer.answer(PUT_OK);
  scene.play(20);
  expect(scene.peer.head).toStartWith("PUT /live HTTP/1.1\r\n");
  expect(scene.peer.head).toContain("Content-Type: audio/aac\r\n");
  expect(scene.peer.body.equals(audio(300, 2000))).toBe(true);
  expect(scene.state).toMatchObject({ isUp: true, sentBytes: 2000, connections: 1, lastError: "" });
  expect(scene.lines.join("\n") + JSON.stringify(scene.state)).not.toContain("hidden");
});

test("a server that does not know PUT is asked with SOURCE at once, and the next time with PUT again", () => {
  using scene = new Scene();
  scene.play(1);
  scene.peer.answer("HTTP/1.0 404 Not Found\r\n\r\n");
  expect(scene.waits).toEqual([]);
  scene.peer.answer("HTTP/1.0 200 OK\r\n\r\n");
  expect(scene.peer.head).toStartWith("SOURCE /live HTTP/1.0\r\n");
  scene.play(2);
  expect(scene.peer.body.length).toBe(200);
  scene.peer.events.onEnd("the connection was lost");
  scene.wait();
  scene.peer.answer("HTTP/1.0 404 Not Found\r\n\r\n");
  expect([scene.peers.length, scene.state.lastError]).toEqual([4, "the connection was lost"]);
});

describe("a server that refuses or is lost", () => {
  test("is tried again after 1, 2, 4 .. 30 s, told once, and from 1 s on after a connection that lasted", () => {
    using scene = new Scene();
    scene.play(1);
    const seconds = Array.from({ length: 7 }, () => {
      scene.peer.answer("HTTP/1.0 403 Forbidden\r\n\r\nMountpoint in use");
      return scene.wait();
    });
    for (const [i, wanted] of [1, 2, 4, 8, 16, 30, 30].entries())
      expect(Math.abs((seconds[i] ?? 0) / wanted - 1)).toBeLessThanOrEqual(0.2501);
    expect(scene.lines.filter((line) => line.startsWith("warn"))).toEqual([
      'warn /stream: push "backup": no connection to icecast://radio.example:8000/live: 403 Forbidden: Mountpoint in use; trying again',
    ]);
    expect(scene.state).toMatchObject({
      isUp: false,
      lastError: "403 Forbidden: Mountpoint in use",
    });
    scene.peer.answer(PUT_OK);
    scene.play(150);
    scene.peer.events.onEnd("the connection was lost");
    expect(scene.wait()).toBeLessThanOrEqual(1.25);
    expect(scene.state).toMatchObject({ isUp: false, lastError: "the connection was lost" });
  });

  test("that says no after 100 is not sent audio any more", () => {
    using scene = new Scene();
    scene.play(1);
    scene.peer.answer(`${PUT_OK}HTTP/1.0 401 Authentication Required\r\n\r\n`);
    scene.play(3);
    expect(scene.peer.body.length).toBe(0);
    expect([scene.peer.isClosed, scene.waits.length]).toEqual([true, 1]);
  });
});

test("what a slow server does not take waits, whole frames beyond the limit are dropped, counted and told once", () => {
  using scene = new Scene([pushTo("radio.example", 1)]);
  scene.play(1);
  scene.peer.answer(PUT_OK);
  scene.peer.most = 150;
  scene.play(40);
  expect(scene.state.droppedSeconds).toBeCloseTo(2.9);
  scene.peer.most = Number.POSITIVE_INFINITY;
  scene.peer.events.onDrain();
  scene.play(2);
  const wanted = Buffer.concat([audio(100, 200), audio(3200, 1100)]);
  expect(scene.peer.body.equals(wanted)).toBe(true);
  const told = scene.lines.filter((line) => line.includes("slow") || line.includes("keeps up"));
  expect(told.map((line) => line.replace(/^.*": /, ""))).toEqual([
    "the server is too slow: audio is dropped",
    "the server keeps up again; 3 s were dropped",
  ]);
});

test("a server that takes nothing for half a minute is left", () => {
  using scene = new Scene();
  scene.play(1);
  scene.peer.answer(PUT_OK);
  scene.peer.most = 0;
  scene.play(302);
  expect(scene.peer.isClosed).toBe(true);
  expect(scene.state.lastError).toBe("it took nothing for 30 s");
});

test("another format is a new login with its frames only", () => {
  using scene = new Scene();
  scene.play(1);
  scene.peer.answer(PUT_OK);
  scene.play(2);
  const before = scene.peer;
  scene.change(48_000);
  scene.play(1);
  expect([before.isClosed, before.body.length, scene.peers.length]).toEqual([true, 200, 2]);
  scene.peer.answer(PUT_OK);
  scene.play(2);
  expect(scene.peer.head).toContain("ice-samplerate=48000");
  expect(scene.peer.body.equals(audio(400, 200))).toBe(true);
});

test("a changed configuration adds, changes and removes pushes, and the others are not touched", () => {
  const other = { ...pushTo("other.example"), label: "other" };
  using scene = new Scene([pushTo("radio.example"), other]);
  scene.play(1);
  for (const peer of scene.peers) peer.answer(PUT_OK);
  const [stays, changes] = scene.peers;
  const third = { ...pushTo("third.example"), label: "third" };
  scene.mount.reconfigure(
    testMount({
      push: [third, pushTo("radio.example"), { ...pushTo("new.example"), label: "other" }],
    }),
  );
  scene.pushes.follow();
  scene.play(1);
  expect([stays?.isClosed, changes?.isClosed]).toEqual([false, true]);
  expect(scene.peers.slice(2).map(({ host }) => host)).toEqual(["third.example", "new.example"]);
  expect(scene.pushes.states.map(({ name }) => name)).toEqual(["third", "backup", "other"]);
  expect(stays?.body.length).toBe(100);
  scene.mount.reconfigure(testMount({ push: [] }));
  scene.pushes.follow();
  scene.play(3);
  expect([stays?.isClosed, stays?.body.length, scene.pushes.states]).toEqual([true, 100, []]);
});

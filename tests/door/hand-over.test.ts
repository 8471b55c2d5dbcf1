// One mount and several sources: who is heard, who waits, who is refused, and that no frame is lost where one follows
// another.
import { endLive } from "../../src/mount/end-live.ts";
import { describe, expect, test } from "bun:test";
import { Accounts } from "../../src/access/accounts.ts";
import { Secret } from "../../src/lib/secret.ts";
import { concat } from "../format/mpeg-builder.ts";
import { oggChain, opusHead, opusPacket, opusTags } from "../format/ogg-builder.ts";
import { PASSWORD, type TestMount } from "../support/config.ts";
import { FakeInput } from "../mount/fake-input.ts";
import { trackFrames } from "../support/tracks.ts";
import { Door, MPEG, put } from "./door.ts";

const OK = "HTTP/1.0 200 OK\r\n\r\n";
const [A, B] = [trackFrames(1, 400), trackFrames(2, 400)];

/** DJs, by their priority. */
const ACCOUNTS = { anna: 0, bert: 0, chef: 10 };

function doorWith(given: TestMount = {}): Door {
  const account = Object.entries(ACCOUNTS).map(([label, priority]) => {
    const role = "dj" as const;
    return { label, password: new Secret(PASSWORD), role, mounts: [], priority };
  });
  const config = { account, token: [], server: { admin: null } };
  const door = new Door(undefined, { sourceGrace: 5, ...given }, new Accounts(() => config));
  const playlist = Object.assign(new FakeInput("playlist"), { ready: true });
  door.stage.mount.attach(playlist);
  return door;
}

/** A source client with the mount's password, or with an account. */
function connect(door: Door, user = "source", address = "127.0.0.1") {
  const client = door.connect(address);
  const login = Buffer.from(`${user}:${PASSWORD}`).toString("base64");
  client.connection.onData(
    Buffer.from(put(`Authorization: Basic ${login}`, MPEG, `User-Agent: ${user}-program`)),
  );
  return {
    ...client,
    send: (...frames: readonly Uint8Array[]) =>
      client.connection.onData(Buffer.from(concat(...frames))),
    drop: () => client.connection.onClose(undefined),
    /** Its socket has an answer, and is open. */
    get isIn(): boolean {
      return client.calls.length === 1 && client.calls[0] === OK;
    },
  };
}

function pass(door: Door, seconds: number): void {
  door.stage.clock.ms += seconds * 1000;
  door.stage.mount.advance(door.stage.clock.ms);
}

const heard = (door: Door) => door.stage.audio;

function expectHeard(door: Door, ...frames: readonly Uint8Array[]): void {
  expect(Buffer.compare(heard(door), concat(...frames))).toBe(0);
}

describe("a source that connects again while its old connection hangs", () => {
  test.each([
    ["by the mount's password from the same address", "source", "source", "127.0.0.1", true],
    ["by its account from another address", "anna", "anna", "198.51.100.7", true],
    ["by the mount's password from another address", "source", "source", "198.51.100.7", false],
    ["by another account", "anna", "bert", "127.0.0.1", false],
    ["by the mount's password after an account", "anna", "source", "127.0.0.1", false],
  ])("%s", (_, first, second, address, isTaken) => {
    using door = doorWith();
    const old = connect(door, first);
    old.send(...A.slice(0, 40));
    pass(door, 2);
    const again = connect(door, second, address);
    expect(again.isIn).toBe(isTaken);
    if (!isTaken) {
      const by = first === "source" ? "127.0.0.1" : first;
      expect(again.calls[0]).toStartWith("HTTP/1.0 403 Forbidden\r\n");
      expect(again.calls[0]).toEndWith(`Mountpoint in use by ${by} (${first}-program)\r\n`);
      expect(old.calls).toEqual([OK]);
      return;
    }
    // The old one stays until there is something to hear.
    expect(old.calls).toEqual([OK]);
    again.send(...A.slice(40, 80));
    expect(old.calls).toEqual([OK, "close"]);
    expectHeard(door, ...A.slice(0, 80));
    expect(door.stage.told("has replaced it")).toHaveLength(1);
    expect(door.stage.told("playlist is on air")).toEqual([]);
  });

  test("is refused while the old one still sends", () => {
    using door = doorWith();
    const old = connect(door, "anna");
    for (let i = 0; i < 4; i++) {
      old.send(...A.slice(i * 40, i * 40 + 40));
      pass(door, 1);
      expect(connect(door, "anna").isIn).toBe(false);
    }
    expect(door.counts).toEqual({ accepted: 1, in_use: 4 });
  });

  test("is not taken for one that hangs while it is held up for being ahead", () => {
    using door = doorWith();
    const old = connect(door, "anna");
    old.send(...trackFrames(3, 1200));
    door.stage.clock.ms += 3000;
    expect(connect(door, "anna").isIn).toBe(false);
  });
});

test("connecting again and again while an old connection hangs takes a bounded number of places", () => {
  using door = doorWith();
  connect(door, "anna").send(...A.slice(0, 40));
  pass(door, 2);
  const again = Array.from({ length: 40 }, () => connect(door, "anna"));
  expect(again.filter(({ isIn }) => isIn)).toHaveLength(19);
  expect(again.at(-1)?.calls[0]).toContain("19 sources wait already\r\n");
  again[0]?.send(...A.slice(40, 80));
  expectHeard(door, ...A.slice(0, 80));
});

describe("the waiting room", () => {
  test("holds a source until the one before it ends, and then it is heard from its next frame", () => {
    using door = doorWith({ onBusy: "wait" });
    const first = connect(door, "anna");
    first.send(...A.slice(0, 40));
    const second = connect(door, "bert");
    expect(second.isIn).toBe(true);
    expect(
      door.stage.told(
        "the live source bert at 127.0.0.1 (bert-program) waits for the live source anna at 127.0.0.1 (anna-program)",
      ),
    ).toHaveLength(1);
    second.send(...B.slice(0, 40));
    first.send(...A.slice(40, 60));
    first.drop();
    second.send(...B.slice(40, 80));
    expectHeard(door, ...A.slice(0, 60), ...B.slice(40, 80));
    expect(door.stage.told("playlist is on air")).toEqual([]);
  });

  test("lets in as many as may wait, in their order", () => {
    using door = doorWith({ onBusy: "wait" });
    const sources = Array.from({ length: 17 }, () => connect(door, "source"));
    expect(sources.map(({ isIn }) => isIn)).toEqual([...Array(16).fill(true), false]);
    expect(sources[16]?.calls[0]).toContain("15 sources wait already\r\n");
    for (const source of sources) if (source.isIn) source.send(...A.slice(0, 10));
    const names = () => door.stage.mount.lives.length;
    expect(names()).toBe(16);
    sources[1]?.drop();
    expect(names()).toBe(15);
    expect(door.stage.heard).toHaveLength(10);
  });

  test("does not slow down the source on air by what those who wait send", () => {
    using door = doorWith({ onBusy: "wait" });
    const first = connect(door, "anna");
    const second = connect(door, "bert");
    first.send(...A.slice(0, 20));
    second.send(...trackFrames(3, 1200));
    expect(second.socket.isPaused).toBe(true);
    expect(door.stage.mount.lead.ms(door.stage.clock.ms)).toBeLessThan(1000);
    first.send(...A.slice(20, 40));
    expect(first.socket.isPaused).toBe(false);
    expectHeard(door, ...A.slice(0, 40));
  });
});

test("with replace, a newcomer takes the mount with its first frame, from one that is not above it", () => {
  using door = doorWith({ onBusy: "replace" });
  const first = connect(door, "anna");
  first.send(...A.slice(0, 40));
  const second = connect(door, "bert");
  first.send(...A.slice(40, 60));
  expect([first.calls, second.calls]).toEqual([[OK], [OK]]);
  second.send(...B.slice(0, 20));
  expect(first.calls).toEqual([OK, "close"]);
  expect(door.stage.told("playlist is on air")).toEqual([]);
  expectHeard(door, ...A.slice(0, 60), ...B.slice(0, 20));
  const chef = connect(door, "chef");
  chef.send(...A.slice(60, 80));
  expect(connect(door, "anna").isIn).toBe(false);
});

test("two encoders that keep replacing each other are told apart: one stays, and the other has to wait", () => {
  using door = doorWith({ onBusy: "replace" });
  connect(door, "anna").send(...A.slice(0, 20));
  for (let turn = 0; turn < 3; turn++) {
    connect(door, "bert").send(...B.slice(0, 20));
    const anna = connect(door, "anna");
    expect([turn, anna.isIn]).toEqual([turn, true]);
    anna.send(...A.slice(0, 20));
    door.stage.clock.ms += 5000;
  }
  const held = connect(door, "bert");
  expect(held.isIn).toBe(false);
  expect(held.calls.join()).toMatch(/Retry-After: 1\d\d/);
  expect(held.calls.join()).toContain("you have replaced it several times");
  door.stage.clock.ms += 120_000;
  expect(connect(door, "bert").isIn).toBe(true);
});

test("an account of a higher priority takes over, and the lower one gets the mount back", () => {
  using door = doorWith();
  const anna = connect(door, "anna");
  anna.send(...A.slice(0, 40));
  const chef = connect(door, "chef");
  chef.send(...B.slice(0, 20));
  anna.send(...A.slice(40, 60));
  chef.send(...B.slice(20, 40));
  expect(anna.calls).toEqual([OK]);
  chef.drop();
  anna.send(...A.slice(60, 80));
  expectHeard(door, ...A.slice(0, 40), ...B.slice(0, 40), ...A.slice(60, 80));
  expect(door.stage.told("playlist is on air")).toEqual([]);
});

test("a source that drops and is back while its listeners live on their burst leaves no gap", () => {
  using door = doorWith();
  const { mount } = door.stage;
  const first = connect(door, "anna");
  first.send(...A.slice(0, 40));
  first.drop();
  expect(door.stage.told("is expected back for 5 s")).toHaveLength(1);
  pass(door, 2.4);
  expect(mount.live).toBeNull();
  const again = connect(door, "anna", "198.51.100.7");
  again.send(...A.slice(40, 80));
  expectHeard(door, ...A.slice(0, 80));
  expect(door.stage.told("playlist is on air")).toEqual([]);
  expect(mount.live?.isReturning).toBe(true);
});

test("a stalled source makes way for the playlist and comes back with its next frame", () => {
  using door = doorWith();
  const { mount } = door.stage;
  const source = connect(door, "anna");
  source.send(...A.slice(0, 40));
  // A second of audio, and half of the burst.
  for (let i = 0; i < 4; i++) pass(door, 1);
  expect(mount.onAir?.kind).toBe("playlist");
  expect(mount.live?.held).toBe("no audio");
  source.send(...A.slice(40, 80));
  expect(mount.onAir?.kind).toBe("live");
  expectHeard(door, ...A.slice(0, 80));
  expect(source.calls).toEqual([OK]);
});

test("one that keeps dropping is held below the playlist until it is steady", () => {
  using door = doorWith({ sourceSteady: 4 });
  const { mount } = door.stage;
  for (let i = 0; i < 3; i++) {
    const source = connect(door, "anna");
    source.send(...A.slice(i * 40, i * 40 + 40));
    expect(mount.onAir?.kind).toBe("live");
    pass(door, 1);
    source.drop();
  }
  const source = connect(door, "anna");
  source.send(...A.slice(120, 160));
  for (let i = 4; i < 8; i++) {
    pass(door, 1);
    expect(mount.live?.held).toBe(i < 7 ? "flapping" : null);
    source.send(...A.slice(i * 40, i * 40 + 40));
  }
  expect(mount.onAir?.kind).toBe("live");
  expectHeard(door, ...A.slice(0, 120), ...A.slice(280, 320));
});

test("one that ended as it should is not waited for", () => {
  using door = doorWith();
  const { mount } = door.stage;
  const source = connect(door, "anna");
  source.send(...A.slice(0, 40));
  endLive(mount, "kicked", door.stage.clock.ms);
  expect(mount.onAir?.kind).toBe("playlist");
  expect(door.stage.told("expected back")).toEqual([]);
});

test("a source of Ogg that has waited is heard behind its headers, from the page at which it goes on air", () => {
  using door = doorWith({ onBusy: "wait" });
  const pages = Array.from({ length: 60 }, (_, i) => [opusPacket(40, i)]);
  const chain = (serial: number) =>
    oggChain({ serial, headers: [opusHead(), opusTags([])], pages });
  const [first, second] = [connect(door, "anna"), connect(door, "bert")];
  first.send(...chain(1).slice(0, 30));
  second.send(...chain(2).slice(0, 30));
  first.drop();
  const before = door.stage.heard.length;
  second.send(...chain(2).slice(30, 40));
  const [headers, ...heard] = door.stage.heard.slice(before).map(({ bytes }) => Buffer.from(bytes));
  const heads = headers?.toString("latin1").match(/OpusHead|OpusTags/g);
  expect(heads).toEqual(["OpusHead", "OpusTags"]);
  const sequences = heard.map((page) => page.readUInt32LE(18));
  expect(sequences).toEqual(
    Array.from({ length: heard.length }, (_, i) => (sequences[0] ?? 0) + i),
  );
  expect(heard.length).toBeGreaterThanOrEqual(9);
  expect(new Set(heard.map((page) => page.readUInt32LE(14))).size).toBe(1);
});

describe("a title sent beside the audio", () => {
  const named = (user: string) => ({ address: "127.0.0.1", user });
  const title = (text: string) => ({ artist: "", title: text });

  test("is that of the source who sent it, when it is heard", () => {
    using door = doorWith({ onBusy: "wait" });
    const { mount, clock } = door.stage;
    const [anna, bert] = [connect(door, "anna"), connect(door, "bert")];
    anna.send(...A.slice(0, 40));
    bert.send(...B.slice(0, 40));
    mount.retitle(title("of anna"), clock.ms, named("anna"));
    mount.retitle(title("of bert"), clock.ms, named("bert"));
    expect(mount.metadata.title).toBe("of anna");
    mount.retitle(title("of the desk"), clock.ms, named("admin"));
    expect(mount.metadata.title).toBe("of the desk");
    pass(door, 1);
    bert.send(...B.slice(40, 80));
    anna.drop();
    expect(mount.metadata.title).toBe("of bert");
  });

  test("comes back with its source", () => {
    using door = doorWith();
    const { mount, clock } = door.stage;
    const anna = connect(door, "anna");
    anna.send(...A.slice(0, 40));
    mount.retitle(title("of anna"), clock.ms, named("anna"));
    anna.drop();
    pass(door, 3);
    expect(mount.metadata.title).toBe("");
    connect(door, "anna").send(...A.slice(40, 80));
    expect(mount.metadata.title).toBe("of anna");
    const chef = connect(door, "chef");
    chef.send(...B.slice(0, 20));
    expect(mount.metadata.title).toBe("Live");
    chef.drop();
    pass(door, 0);
    expect(mount.metadata.title).toBe("of anna");
  });
});

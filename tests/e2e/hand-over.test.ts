// One source follows another, itself, or the playlist on real sockets. Plain, ICY and chunked listeners hear exactly the
// expected frames, and nobody is disconnected. The clock is the test's own: nothing is due before it says so.
import { expect, test } from "bun:test";
import { concat } from "../format/mpeg-builder.ts";
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import { splitFrames } from "../../src/format/frame-slice.ts";
import { ManualClock } from "../input/stage.ts";
import { PASSWORD, testConfig, type TestMount } from "../support/config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { IcyReader } from "../support/icy.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { unchunked } from "../support/unchunked.ts";
import { Wire } from "../support/wire.ts";

const METAINT = 1000;

const QUIET_TURNS = 3;

/** Frames by their name, which is the letter of what they belong to and their number. */
const AUDIO = {
  playlist: trackFrames(1, 1500),
  anna: trackFrames(2, 600),
  bert: trackFrames(3, 400),
};
type Name = keyof typeof AUDIO;

const NAMES = new Map(
  Object.entries(AUDIO).flatMap(([name, frames]) =>
    frames.map((frame, at) => [Buffer.from(frame).toString("latin1"), `${name} ${at}`] as const),
  ),
);

/** What was heard, in stretches of consecutive frames: their name, the first number, and the one behind the last. */
type Stretch = readonly [name: string, from: number, to: number];

function stretchesOf(names: readonly string[]): Stretch[] {
  const stretches: [string, number, number][] = [];
  for (const each of names) {
    const [name = "", number = "0"] = each.split(" ");
    const [last, at] = [stretches.at(-1), Number(number)];
    if (last !== undefined && last[0] === name && (last[2] === at || name === "silence")) last[2]++;
    else stretches.push([name, at, at + 1]);
  }
  return stretches;
}

function namesIn(body: Uint8Array): string[] {
  const parser = createMpegParser();
  const batches = [];
  for (let frames = parser.push(body); frames.count > 0; frames = parser.next())
    batches.push(...splitFrames(frames).map(({ bytes }) => Buffer.from(bytes).toString("latin1")));
  return batches.map((bytes) => NAMES.get(bytes) ?? "silence");
}

/** A station with three listeners of its mount, which have heard the beginning of the playlist. */
async function open(mount: TestMount) {
  const music = await scratch();
  await writeTrack(music.path, "1.mp3", AUDIO.playlist);
  const clock = new ManualClock(1000);
  const settings = { burstSeconds: 5, sourceGrace: 5, sourceSteady: 10, ...mount };
  const config = testConfig([
    { ...settings, metadata: { icyMetaint: METAINT }, playlist: { directory: music.path } },
  ]);
  const account = (label: string, priority: number) => {
    return { label, password: new Secret(PASSWORD), role: "dj" as const, mounts: [], priority };
  };
  const accounts = [account("anna", 0), account("bert", 0), account("chef", 9)];
  const radio = await startStation({ ...config, account: accounts }, clock);
  const listeners = await Promise.all([
    Wire.listen(radio.listenPort, "/stream"),
    Wire.listen(radio.sourcePort, "/stream", "Icy-MetaData: 1\r\n"),
    chunked(radio.listenPort),
  ]);
  return new Air(radio, clock, listeners, async () => {
    await radio[Symbol.asyncDispose]();
    await music[Symbol.asyncDispose]();
  });
}

async function chunked(port: number): Promise<Wire> {
  const wire = await Wire.open(port);
  wire.send("GET /stream HTTP/1.1\r\nHost: test\r\n\r\n");
  await until("it is answered", () => wire.text.includes("\r\n\r\n"));
  return wire;
}

class Air implements AsyncDisposable {
  constructor(
    readonly radio: Awaited<ReturnType<typeof startStation>>,
    readonly clock: ManualClock,
    readonly listeners: readonly Wire[],
    private readonly close: () => Promise<void>,
  ) {}

  /** Waits for what takes no time, but for the moment in which sends are due. */
  async passing(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
    await until(what, async () => {
      if (await is()) return true;
      this.clock.ms += 1;
      return false;
    });
  }

  /** What each listener has heard. */
  get heard(): string[][] {
    const [plain, icy, web] = this.listeners;
    if (plain === undefined || icy === undefined || web === undefined) return [];
    const reader = new IcyReader(METAINT);
    reader.push(icy.body);
    return [plain.body, reader.audio, unchunked(web.body).bytes].map(namesIn);
  }

  /** Waits until all listeners have heard a frame; the last frame of a stream has no successor yet. */
  async hears(frame: string): Promise<void> {
    await this.passing(`${frame} is heard`, () =>
      this.heard.every((names) => names.includes(frame)),
    );
  }

  /** Time passes, and the playlist is heard. */
  async plays(seconds: number): Promise<void> {
    const written = () => this.radio.station.first.mount.ring.head;
    const before = written();
    this.clock.ms += seconds * 1000;
    await this.passing("the playlist plays", () => this.onAir === "playlist" && written() > before);
    await this.settled();
  }

  /** All listeners have what was written, and some turns have written nothing more: nothing is due while the clock stands. */
  async settled(): Promise<void> {
    const { pump, first } = this.radio.station;
    const { ring } = first.mount;
    const turns = () => pump.turns.counts.at(-1) ?? 0;
    let [head, since] = [-1, 0];
    await this.passing("all is heard", () => {
      if (ring.head !== head) [head, since] = [ring.head, turns()];
      return turns() >= since + QUIET_TURNS && this.#haveAll();
    });
  }

  /** What was sent to each has arrived, and that is all. */
  #haveAll(): boolean {
    const { audience } = this.radio.station.first;
    const states = [...audience.members()].map((one) => audience.stateOf(one));
    const sent = states.map((state) => state?.sentBytes ?? -1);
    const [plain, icy, web] = this.listeners.map(({ body }) => body);
    const got = [plain?.length, icy?.length, unchunked(web ?? Buffer.alloc(0)).bytes.length];
    const inOrder = (lengths: readonly (number | undefined)[]) => lengths.toSorted().join();
    const isAtHead = states.every((state) => state?.cursor === audience.mount.ring.head);
    return isAtHead && inOrder(sent) === inOrder(got);
  }

  get onAir(): string {
    return this.radio.station.facts().mounts[0].onAir;
  }

  logged(text: string): number {
    return this.radio.logged.filter((line) => line.includes(text)).length;
  }

  async source(user = "anna"): Promise<Wire> {
    const wire = await Wire.open(this.radio.sourcePort);
    const login = Buffer.from(`${user}:${PASSWORD}`).toString("base64");
    wire.send(
      `SOURCE /stream HTTP/1.0\r\nAuthorization: Basic ${login}\r\nContent-Type: audio/mpeg\r\n` +
        `User-Agent: ${user}-program\r\n\r\n`,
    );
    await until("the source is answered", () => wire.length > 0 || wire.isClosed);
    return wire;
  }

  /** Sends frames, which all listeners hear. */
  async sends(source: Wire, name: Name, from: number, to: number): Promise<void> {
    source.send(concat(...AUDIO[name].slice(from, to)));
    await this.hears(`${name} ${to - 1}`);
  }

  /** Its connection ends without a word, and the mount knows. */
  async drops(source: Wire): Promise<void> {
    const drops = this.logged("is expected back");
    source.socket.resetAndDestroy();
    await until("the drop is known", () => this.logged("is expected back") > drops);
  }

  /** What all listeners have heard since the playlist began; they are connected. */
  get stretches(): Stretch[] {
    const all = this.heard.map((names) =>
      stretchesOf(names.slice(names.findIndex((name) => name !== "silence"))),
    );
    for (const one of all) expect(one).toEqual(all[0] ?? []);
    expect(this.listeners.map(({ isClosed }) => isClosed)).toEqual([false, false, false]);
    return all[0] ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const wire of this.listeners) wire[Symbol.dispose]();
    await this.close();
  }
}

test("a source that drops, returns and flaps leaves every frame in its place, and the playlist goes on where it was", async () => {
  await using air = await open({});
  await air.plays(1);

  // It is back while listeners live on their burst.
  let dj = await air.source();
  await air.sends(dj, "anna", 0, 40);
  await air.drops(dj);
  air.clock.ms += 2000;
  dj = await air.source();
  await air.sends(dj, "anna", 40, 80);
  const [[, , paused] = ["", 0, 0]] = air.stretches;
  expect(air.stretches).toEqual([
    ["playlist", 0, paused],
    ["anna", 0, 80],
  ]);

  // It is back within its grace, when the playlist has begun to fill the gap.
  await air.drops(dj);
  await air.plays(3);
  const [, , filled] = air.stretches[2] ?? ["", 0, 0];
  dj = await air.source();
  await air.sends(dj, "anna", 80, 120);
  expect(air.stretches.slice(1)).toEqual([
    ["anna", 0, 80],
    ["playlist", paused, filled],
    ["anna", 80, 120],
  ]);

  // It dropped three times: it is heard again once it has been steady.
  await air.drops(dj);
  dj = await air.source();
  dj.send(concat(...AUDIO.anna.slice(120, 340)));
  await until("it is held", () => air.logged("keeps dropping") === 1);
  expect(air.radio.station.facts().mounts[0].flapping).toEqual(["anna"]);
  expect(air.radio.station.facts().mounts[0].source?.held).toBe("flapping");
  await air.plays(5);
  dj.send(concat(...AUDIO.anna.slice(340, 540)));
  await until("it has sent more", () => {
    const { receivedBytes = 0 } = air.radio.station.facts().mounts[0].source ?? {};
    return receivedBytes >= concat(...AUDIO.anna.slice(120, 540)).length;
  });
  air.clock.ms += 5000;
  await until("it is steady", () => air.logged("has been steady for 10 s") === 1);
  await air.settled();
  await air.sends(dj, "anna", 560, 600);
  const [, , held] = air.stretches[4] ?? ["", 0, 0];
  expect(air.stretches.slice(3)).toEqual([
    ["anna", 80, 120],
    ["playlist", filled, held],
    ["anna", 560, 600],
  ]);
});

test("sources take over, wait and get the mount back between two frames, and strangers learn who has it", async () => {
  await using air = await open({ onBusy: "refuse" });
  const { mount } = air.radio.station.first;
  const old = await air.source();
  await air.sends(old, "anna", 0, 40);
  using stranger = await air.source("bert");
  await stranger.closed();
  expect(stranger.text).toStartWith("HTTP/1.0 403 Forbidden\r\n");
  expect(stranger.text).toEndWith("Mountpoint in use by anna (anna-program)\r\n");

  // Its old connection hangs.
  air.clock.ms += 2100;
  using anna = await air.source();
  await air.sends(anna, "anna", 40, 80);
  await old.closed();

  // A higher account takes over, and gives the mount back.
  const chef = await air.source("chef");
  await air.sends(chef, "bert", 0, 40);
  anna.send(concat(...AUDIO.anna.slice(80, 120)));
  await until("anna waits", () => air.radio.station.facts().mounts[0].waiting.length === 1);
  chef.socket.destroy();
  await until("anna is on air", () => mount.onAir?.feed?.client.user === "anna");

  mount.reconfigure({ ...mount.config, onBusy: "wait" });
  await air.sends(anna, "anna", 120, 160);
  using bert = await air.source("bert");
  const status = await (await fetch(`${air.radio.url}/api/status`)).json();
  expect(status).toMatchObject({ sources_waiting: [{ dj: "", held: null }] });
  bert.send(concat(...AUDIO.bert.slice(40, 80)));
  await until("bert has sent", () => {
    const [waiting] = mount.lives.filter((input) => input !== mount.onAir);
    return (waiting?.feed?.seconds ?? 0) > 1;
  });
  anna.socket.destroy();
  await until("bert is on air", () => mount.onAir?.feed?.client.user === "bert");
  await air.sends(bert, "bert", 80, 120);

  mount.reconfigure({ ...mount.config, onBusy: "replace" });
  using again = await air.source();
  await air.sends(again, "anna", 160, 200);
  await bert.closed();
  const [[before] = [""]] = air.stretches;
  expect(air.stretches.slice(before === "playlist" ? 1 : 0)).toEqual([
    ["anna", 0, 80],
    ["bert", 0, 40],
    ["anna", 120, 160],
    ["bert", 80, 120],
    ["anna", 160, 200],
  ]);
  expect(air.logged("the playlist is on air")).toBeLessThanOrEqual(1);
});

// What is recorded: exactly what was heard, in files that begin and end at the right frames.
import { describe, expect, test } from "bun:test";
import { FakeInput } from "../mount/fake-input.ts";
import { Dj, FRAME_MS, numbered, recordingConfig, Studio } from "./studio.ts";

describe("split by the hour", () => {
  test("cuts at the first frame at or after the full hour, and loses none", async () => {
    using studio = new Studio({}, "2026-11-29T09:59:59Z");
    const before = studio.play(studio.playlist, 10);
    await studio.work();
    // 10 more frames end before the hour, 100 go beyond it.
    const mixed = numbered(100);
    studio.play(studio.playlist, 0, mixed);
    await studio.work();
    studio.play(studio.playlist, 10);
    await studio.recordings.close();
    const [first = "", second = ""] = studio.files;
    expect(first).toBe("/rec/stream/2026-11-29/09-59-59+0000.mp3");
    expect(second).toBe("/rec/stream/2026-11-29/10-00-00+0000.mp3");
    const audio = Buffer.concat([studio.audio(first), studio.audio(second)]);
    expect(audio.equals(Buffer.concat(studio.heard))).toBe(true);
    const own = Math.ceil((1000 - 10 * FRAME_MS) / FRAME_MS);
    const cut = before.length + mixed.bytes.subarray(0, own * 417).length;
    expect(studio.audio(first).length).toBe(cut);
    expect(studio.document(second).start).toMatch(/^2026-11-29T10:00:00\.0\d\d\+00:00$/);
  });
});

describe("a recording of sources and relays", () => {
  test("leaves the playlist out alone, and the log says where it begins and ends", async () => {
    using studio = new Studio({ when: "live_or_relay" });
    studio.play(studio.playlist);
    const relay = new FakeInput("relay", "A Network");
    relay.ready = true;
    studio.mount.attach(relay);
    const pulled = studio.play(relay, 20);
    const anna = new Dj("Late Show", "anna");
    studio.mount.attach(anna);
    anna.ready = true;
    const sent = studio.play(anna, 30);
    for (const input of [anna, relay]) studio.mount.detach(input, studio.nowMs);
    studio.play(studio.playlist, 20);
    await studio.work();
    await studio.recordings.close();
    const [path = "", ...others] = studio.files;
    expect(others).toEqual([]);
    expect(studio.audio(path).equals(Buffer.concat([pulled, sent]))).toBe(true);
    const said = studio.lines.filter((line) => line.includes("recording"));
    expect(said).toEqual([
      `info /stream: recording "shows" begins: ${path}`,
      `info /stream: recording "shows" ends: ${path}, 1 s`,
    ]);
  });
});

describe("a recording of sources", () => {
  test("leaves the playlist out, and goes on in the same file when a source returns", async () => {
    using studio = new Studio({ when: "live" });
    const anna = new Dj("Late Show", "anna");
    studio.play(studio.playlist);
    studio.mount.attach(anna);
    anna.ready = true;
    const first = studio.play(anna, 20);
    await studio.work();
    studio.mount.detach(anna, studio.nowMs);
    studio.play(studio.playlist, 200);
    await studio.work();
    const again = new Dj("Late Show", "anna");
    studio.mount.attach(again);
    again.ready = true;
    const second = studio.play(again, 30);
    studio.mount.detach(again, studio.nowMs);
    studio.play(studio.playlist, 1);
    studio.pass(61);
    studio.play(studio.playlist, 1);
    await studio.work();
    await studio.work();
    const [path = "", ...others] = studio.files;
    expect(others).toEqual([]);
    expect(studio.audio(path).equals(Buffer.concat([first, second]))).toBe(true);
    const { gaps, sources, samples } = studio.document(path);
    expect(samples).toBe(50 * 1152);
    expect(gaps).toMatchObject([{ sample: 20 * 1152, reason: "source", lost_seconds: 0 }]);
    const [gap] = gaps;
    const seconds = (Date.parse(gap?.to ?? "") - Date.parse(gap?.from ?? "")) / 1000;
    expect(seconds).toBeCloseTo((200 * FRAME_MS) / 1000, 1);
    expect(sources).toMatchObject([
      { sample: 0, show: "Late Show", user: "anna" },
      { sample: 20 * 1152, show: "Late Show", user: "anna" },
    ]);
  });

  test.each([
    ["show", 2],
    ["hour", 1],
  ] as const)("split by the %s, two shows in one hour are %d files", async (split, files) => {
    using studio = new Studio({ when: "live", split });
    for (const name of ["Morning", "Noon"]) {
      const dj = new Dj(name);
      studio.mount.attach(dj);
      dj.ready = true;
      studio.play(dj, 10);
      studio.mount.detach(dj, studio.nowMs);
      studio.play(studio.playlist, 10);
      await studio.work();
    }
    await studio.recordings.close();
    expect(studio.files).toHaveLength(files);
  });

  test("ends its file when the source stays away, without anything heard", async () => {
    using studio = new Studio({ when: "live", split: "show" });
    const dj = new Dj("Morning");
    studio.mount.attach(dj);
    dj.ready = true;
    studio.play(dj, 10);
    studio.mount.detach(dj, studio.nowMs);
    studio.play(studio.playlist, 1);
    await studio.work();
    expect(studio.files).toEqual([]);
    studio.pass(61);
    await studio.work();
    await studio.work();
    expect(studio.files).toEqual(["/rec/stream/2026-11-29/10-20-00+0000 Morning.mp3"]);
  });
});

test("split by the show, all that is heard is in the show's file until it has not returned in time", async () => {
  using studio = new Studio({ split: "show" });
  const own = studio.play(studio.playlist, 10);
  const dj = new Dj("Noon");
  studio.mount.attach(dj);
  dj.ready = true;
  studio.play(dj, 10);
  studio.mount.detach(dj, studio.nowMs);
  studio.play(studio.playlist, 10);
  studio.pass(61);
  studio.play(studio.playlist, 10);
  studio.play(studio.playlist, 10);
  await studio.recordings.close();
  const [first = "", second = "", third = ""] = studio.files;
  expect(second).toContain(" Noon.mp3");
  expect(studio.audio(first).equals(own)).toBe(true);
  const parts = [first, second, third].map((path) => studio.audio(path));
  expect(parts.map(({ length }) => length / 417)).toEqual([10, 20, 20]);
  expect(Buffer.concat(parts).equals(Buffer.concat(studio.heard))).toBe(true);
});

test("split by the title, each has its file and its name; one that is corrected at once names the file", async () => {
  using studio = new Studio({ split: "title" });
  const { playlist, mount } = studio;
  studio.play(playlist, 10);
  playlist.metadata = { artist: "One", title: "Morning/Carrier" };
  mount.announce(playlist);
  studio.play(playlist, 200);
  playlist.metadata = { artist: "Two", title: "Second" };
  mount.announce(playlist);
  studio.play(playlist, 200);
  await studio.work();
  await studio.recordings.close();
  const names = studio.files.map((path) => path.slice("/rec/stream/2026-11-29/".length));
  expect(names).toEqual([
    "10-20-00+0000 One - Morning-Carrier.mp3",
    "10-20-05+0000 Two - Second.mp3",
  ]);
  const audio = studio.files.map((path) => studio.audio(path));
  expect(Buffer.concat(audio).equals(Buffer.concat(studio.heard))).toBe(true);
  const left = [...studio.disk.files.keys()].filter((path) => path.endsWith(".part"));
  expect(left).toEqual([]);
});

test("split by the title, a source that returns with its title goes on in its file", async () => {
  using studio = new Studio({ when: "live", split: "title" });
  const heard: Uint8Array[] = [];
  for (let i = 0; i < 2; i++) {
    const dj = new Dj("Late Show", "anna");
    studio.mount.attach(dj);
    dj.ready = true;
    heard.push(studio.play(dj, 200));
    studio.mount.detach(dj, studio.nowMs);
    studio.play(studio.playlist, 10);
    await studio.work();
  }
  await studio.recordings.close();
  const [path = "", ...others] = studio.files;
  expect(others).toEqual([]);
  expect(studio.audio(path).equals(Buffer.concat(heard))).toBe(true);
});

test("titles have the samples at which they were heard, in the document and in the cue sheet", async () => {
  using studio = new Studio();
  const { playlist, mount } = studio;
  studio.play(playlist, 383);
  playlist.metadata = { artist: "Band", title: 'A "quoted" one', album: "First" };
  mount.announce(playlist);
  studio.play(playlist, 100);
  await studio.recordings.close();
  const [path = ""] = studio.files;
  const { titles } = studio.document(path);
  expect(titles).toMatchObject([
    { sample: 0, title: "Some Song", source: "playlist" },
    { sample: 383 * 1152, artist: "Band", album: "First" },
  ]);
  const seconds = (383 * 1152) / 44_100;
  const frames = Math.floor((seconds % 1) * 75);
  expect(studio.disk.text(path.replace(".mp3", ".cue"))).toContain(
    `  TRACK 02 AUDIO\n    TITLE "A 'quoted' one"\n    PERFORMER "Band"\n    INDEX 01 00:10:0${frames}\n`,
  );
});

test("another format begins another file", async () => {
  using studio = new Studio();
  studio.play(studio.playlist, 10);
  studio.playlist.format = { codec: "mp3", sampleRate: 48_000, channels: 2 };
  studio.play(studio.playlist, 10);
  await studio.recordings.close();
  expect(studio.files).toHaveLength(2);
  expect(studio.document(studio.files[1] ?? "").sample_rate).toBe(48_000);
});

test("a reload ends a recording that has gone or changed, and leaves the others alone", async () => {
  using studio = new Studio();
  studio.play(studio.playlist, 10);
  studio.follow();
  const { config } = studio.mount;
  studio.play(studio.playlist, 10);
  expect(studio.recordings.recorders).toHaveLength(1);
  studio.mount.reconfigure({ ...config, recording: [recordingConfig({ keep: 86_400 })] });
  studio.follow();
  expect(studio.recorder.config.keep).toBe(86_400);
  studio.play(studio.playlist, 10);
  studio.mount.reconfigure({ ...config, recording: [] });
  studio.follow();
  studio.play(studio.playlist, 10);
  await studio.work();
  await studio.work();
  expect(studio.files).toHaveLength(1);
  expect(studio.audio(studio.files[0] ?? "").length).toBe(30 * 417);
  expect(studio.recordings.recorders).toEqual([]);
});

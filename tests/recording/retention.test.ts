// How long recordings stay: keep and min_free delete the oldest, and never what is held.
import { expect, test } from "bun:test";
import { numbered, Studio } from "./studio.ts";

const DAY = 86_400;

const MOMENT = numbered(8);

/** For a machine that does much else. */
const PATIENCE_MS = 120_000;

/** An hour of recording, of which a moment is heard, and what the disk is asked meanwhile. */
async function hour(studio: Studio): Promise<void> {
  studio.wallMs += (3600 - MOMENT.seconds) * 1000;
  studio.play(studio.playlist, 0, MOMENT);
  studio.nowMs += 10_000;
  await studio.work();
}

test(
  "1,000 hours with keep = 4 days leave 96 hours, and bounded memory",
  async () => {
    using studio = new Studio({ keep: 4 * DAY }, "2026-01-01T00:00:00Z");
    let most = 0;
    for (let i = 0; i < 1000; i++) {
      await hour(studio);
      most = Math.max(most, studio.shelf.files.count);
      expect(studio.shelf.takes.length).toBeLessThanOrEqual(2);
    }
    expect(most).toBeLessThanOrEqual(98);
    const audio = [...studio.disk.files.keys()].filter((path) => path.endsWith(".mp3"));
    expect(audio.length).toBeGreaterThanOrEqual(94);
    expect(audio.length).toBeLessThanOrEqual(98);
    const oldest = Math.min(...studio.shelf.files.entries.map(({ summary }) => summary.end_ms));
    expect(oldest).toBeGreaterThan(studio.wallMs - 4 * DAY * 1000 - 2 * 3_600_000);
    // Audio, document and cue sheet of each, and those of the file that grows.
    expect(studio.disk.files.size).toBeLessThanOrEqual(3 * 99);
    expect(studio.disk.openCount).toBeLessThanOrEqual(1);
  },
  PATIENCE_MS,
);

test("min_free keeps that much of the disk free through 150 hours, the oldest go first, a held one stays", async () => {
  using studio = new Studio({ minFree: { bytes: 20_000, percent: 10 } });
  studio.disk.capacity = 400_000;
  await hour(studio);
  await hour(studio);
  studio.nowMs += 10_000;
  await studio.work();
  const [first] = studio.shelf.files.entries;
  if (first === undefined) throw new Error("nothing is listed");
  await studio.shelf.files.hold(first, true);
  for (let i = 0; i < 150; i++) {
    await hour(studio);
    expect(studio.disk.capacity - studio.disk.usedBytes).toBeGreaterThan(25_000);
  }
  const { entries } = studio.shelf.files;
  const starts = entries.map(({ summary }) => summary.start_ms).toSorted((a, b) => a - b);
  expect(starts[0]).toBe(first.summary.start_ms);
  expect(starts[1]).toBeGreaterThan(studio.wallMs - 60 * 3_600_000);
  expect(studio.document(first.path).hold).toBe(true);
  expect(studio.recorder.lostSeconds).toBe(0);
});

test("with nothing to delete, recording stops before the space is used up, and resumes by itself", async () => {
  using studio = new Studio({ minFree: { bytes: 0, percent: 50 } });
  studio.disk.capacity = 1_000_000;
  studio.disk.files.set("/else", { bytes: new Uint8Array(0), size: 600_000, mtimeMs: 0 });
  await studio.work();
  studio.play(studio.playlist, 100);
  await studio.work();
  expect(studio.shelf.isFull).toBe(true);
  expect(studio.shelf.trouble).toBe("less space is free than min_free");
  expect([...studio.disk.files.keys()]).toEqual(["/else"]);
  expect(studio.recorder.lostSeconds).toBeGreaterThan(2);
  studio.disk.files.delete("/else");
  studio.nowMs += 10_000;
  await studio.work();
  const heard = studio.play(studio.playlist, 10);
  await studio.recordings.close();
  expect(studio.audio(studio.disk.done[0] ?? "").equals(heard)).toBe(true);
  const lines = studio.lines.filter((line) => /is recorded in|recording resumes/.test(line));
  expect(lines.map((line) => line.split(" ")[0])).toEqual(["warn", "info"]);
});

test("files of others, and of recordings that are not configured, are never deleted", async () => {
  using studio = new Studio({ keep: DAY });
  await hour(studio);
  await studio.recordings.close();
  studio.disk.files.set("/rec/notes.mp3", { bytes: new Uint8Array(9), size: 9, mtimeMs: 0 });
  using other = new Studio({ keep: DAY, label: "another" }, "2027-11-29T10:00:00Z");
  for (const [path, file] of studio.disk.files) other.disk.files.set(path, file);
  await other.work();
  await other.work();
  expect(other.shelf.files.count).toBe(1);
  for (const path of studio.disk.files.keys()) expect(other.disk.files.has(path)).toBe(true);
});

test("behind a recorded file comes the one that began next, and nothing behind the one that grows", async () => {
  using studio = new Studio({}, "2026-11-29T10:59:58Z");
  for (let i = 0; i < 10; i++) studio.play(studio.playlist, 38);
  await studio.work();
  await studio.work();
  const past = studio.recordings.past("/stream");
  const first = (await past?.at(Date.parse("2026-11-29T10:59:59Z"))) ?? null;
  const next = first && (await past?.after(first));
  expect(first?.path).toBe("/rec/stream/2026-11-29/10-59-58+0000.mp3");
  expect(next).toMatchObject({ path: "/rec/stream/2026-11-29/11-00-00+0000.mp3.part", frame: 0 });
  studio.pass(5);
  expect(next && (await past?.after(next))).toBeNull();
});

test("the recorded past finds a moment by the wall clock, with the frame that was on air", async () => {
  using studio = new Studio({}, "2026-11-29T10:20:00Z");
  const batches = Array.from({ length: 120 }, () => {
    const frames = numbered(38);
    studio.play(studio.playlist, 0, frames);
    return { frames, endMs: studio.wallMs };
  });
  await studio.work();
  const past = studio.recordings.past("/stream");
  expect(past?.fromMs).toBe(Date.parse("2026-11-29T10:20:00Z"));
  const wanted = batches[70];
  for (const isComplete of [false, true]) {
    if (isComplete) await studio.recordings.close();
    const place = await past?.at(wanted?.endMs ?? 0);
    if (place === null || place === undefined) throw new Error("no place");
    expect(place.atMs).toBeLessThanOrEqual(wanted?.endMs ?? 0);
    expect(place.atMs).toBeGreaterThan((wanted?.endMs ?? 0) - 12_000);
    expect(place.sample).toBe(place.frame * 1152);
    const bytes = Buffer.from(studio.disk.read(place.path)).subarray(place.byte, place.endByte);
    const rest = Buffer.concat(studio.heard).subarray(place.frame * 417);
    expect(bytes.equals(rest.subarray(0, bytes.length))).toBe(true);
    expect(bytes.length).toBeGreaterThan(rest.length - 417 * 200);
    expect(place.path.endsWith(".part")).toBe(!isComplete);
  }
  expect(await past?.at(studio.wallMs + 1000)).toBeNull();
  const first = await past?.at(0);
  expect(first?.frame).toBe(0);
});

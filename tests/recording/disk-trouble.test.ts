// Recording on a disk that is slow, full, read-only or gone: nobody waits, it is reported once, and it goes on by itself.
import { describe, expect, test } from "bun:test";
import { MAX_PENDING_BYTES } from "../../src/recording/part-file.ts";
import { numbered, settled, Studio } from "./studio.ts";

/** Rounds until a disk that refused is asked again. */
async function retried(studio: Studio): Promise<void> {
  for (let round = 0; round < 7; round++) await studio.work();
}

const about = (studio: Studio, level: string) =>
  studio.lines.filter(
    (line) => line.startsWith(level) && /cannot record|recording resumes/.test(line),
  );

describe.each(["ENOSPC", "EROFS", "EIO", "EACCES"])("a disk that answers %s", (code) => {
  test("is reported once, loses nothing that fits the queue, and is written again by itself", async () => {
    using studio = new Studio();
    studio.play(studio.playlist, 10);
    await studio.work();
    studio.disk.failure = code;
    for (let i = 0; i < 20; i++) {
      studio.play(studio.playlist, 10);
      await studio.work();
    }
    expect(about(studio, "warn")).toHaveLength(1);
    expect(about(studio, "warn")[0]).toContain(code);
    expect(studio.shelf.trouble).not.toBeNull();
    studio.disk.failure = null;
    await retried(studio);
    expect(studio.shelf.trouble).toBeNull();
    expect(about(studio, "info")).toHaveLength(1);
    studio.play(studio.playlist, 10);
    await studio.recordings.close();
    const [path = ""] = studio.disk.done;
    expect(studio.audio(path).equals(Buffer.concat(studio.heard))).toBe(true);
    expect(studio.document(path).gaps).toEqual([]);
    expect(studio.disk.openCount).toBe(0);
  });
});

test("a disk that hangs takes bounded memory; what is lost is counted and noted where it is missing", async () => {
  using studio = new Studio();
  studio.play(studio.playlist, 10);
  await studio.work();
  studio.disk.isHanging = true;
  const frames = numbered(1000, 320);
  const batches = Math.ceil((2 * MAX_PENDING_BYTES) / frames.bytes.length);
  for (let i = 0; i < batches; i++) {
    studio.play(studio.playlist, 0, frames);
    await studio.work();
  }
  const lost = studio.recorder.lostSeconds;
  expect(lost).toBeGreaterThan(20);
  studio.disk.isHanging = false;
  await settled();
  const after = studio.play(studio.playlist, 10);
  await studio.recordings.close();
  const [path = ""] = studio.disk.done;
  const { gaps, lost_seconds, seconds } = studio.document(path);
  expect(gaps).toMatchObject([{ reason: "disk" }]);
  expect(gaps[0]?.lost_seconds).toBeCloseTo(lost, 3);
  expect(lost_seconds).toBeCloseTo(lost, 3);
  expect(seconds + lost_seconds).toBeCloseTo(studio.heardSeconds, 1);
  const audio = studio.audio(path);
  expect(audio.subarray(-after.length).equals(after)).toBe(true);
  expect(audio.length).toBeLessThan(MAX_PENDING_BYTES + 2 * frames.bytes.length);
});

test("a disk that is full in the middle of a frame keeps whole frames in the end", async () => {
  using studio = new Studio();
  studio.disk.capacity = 30_001;
  for (let i = 0; i < 20; i++) {
    studio.play(studio.playlist, 10);
    await studio.work();
  }
  studio.disk.capacity = 1e9;
  await retried(studio);
  await studio.recordings.close();
  const [path = ""] = studio.disk.done;
  expect(studio.audio(path).equals(Buffer.concat(studio.heard))).toBe(true);
});

test("a file that is deleted while it grows is followed by another", async () => {
  using studio = new Studio();
  studio.play(studio.playlist, 10);
  await studio.work();
  for (const path of studio.disk.files.keys()) studio.disk.files.delete(path);
  studio.play(studio.playlist, 10);
  await retried(studio);
  const last = studio.play(studio.playlist, 10);
  await studio.work();
  await studio.recordings.close();
  expect(studio.disk.done).toHaveLength(1);
  expect(studio.audio(studio.disk.done[0] ?? "").equals(last)).toBe(true);
});

test("what stops a crash is completed at the next start, with the length that it has", async () => {
  using crashed = new Studio({ split: "show" });
  for (let i = 0; i < 5; i++) {
    crashed.play(crashed.playlist, 100);
    await crashed.work();
  }
  const [part = ""] = [...crashed.disk.files.keys()].filter((path) => path.endsWith(".part"));
  const file = crashed.disk.files.get(part);
  if (file === undefined) throw new Error("there is no .part");
  // The last frame is cut off.
  file.size -= 100;
  using studio = new Studio({ split: "show" });
  for (const [path, one] of crashed.disk.files) studio.disk.files.set(path, one);
  // What a crash leaves of a document that was being written.
  studio.disk.files.set(part.replace(".mp3.", ".json."), { ...file, size: 10 });
  await studio.work();
  await studio.work();
  const path = part.slice(0, -".part".length);
  expect(studio.disk.done).toEqual([path]);
  const { frames, samples, titles, show } = studio.document(path);
  expect([frames, samples, show]).toEqual([499, 499 * 1152, ""]);
  expect(titles).toMatchObject([{ sample: 0, title: "Some Song" }]);
  const whole = Buffer.concat(crashed.heard).subarray(0, 499 * 417);
  expect(studio.audio(path).equals(whole)).toBe(true);
  expect(studio.shelf.files.entries).toMatchObject([{ path, summary: { frames: 499 } }]);
  const info = Buffer.from(studio.disk.read(path)).indexOf("Info");
  expect(Buffer.from(studio.disk.read(path)).readUInt32BE(info + 8)).toBe(499);
});

test("bytes that are no frame cost none of those behind them", async () => {
  using crashed = new Studio({ split: "show" });
  crashed.play(crashed.playlist, 100);
  await crashed.work();
  const [part = ""] = [...crashed.disk.files.keys()].filter((path) => path.endsWith(".part"));
  const file = crashed.disk.files.get(part);
  if (file === undefined) throw new Error("there is no .part");
  const at = file.size - 50 * 417;
  file.bytes.fill(0, at, at + 417);
  using studio = new Studio({ split: "show" });
  for (const [path, one] of crashed.disk.files) studio.disk.files.set(path, one);
  await studio.work();
  await studio.work();
  const path = part.slice(0, -".part".length);
  expect(studio.document(path)).toMatchObject({ frames: 99, audio_bytes: 100 * 417 });
});

test("one that cannot be completed stops nothing else, and is completed by a later scan", async () => {
  using crashed = new Studio({ split: "show" });
  crashed.play(crashed.playlist, 100);
  await crashed.work();
  const [part = ""] = [...crashed.disk.files.keys()].filter((path) => path.endsWith(".part"));
  using studio = new Studio({ split: "show", keep: 60 }, "2026-11-29T12:00:00Z");
  for (const [path, one] of crashed.disk.files) studio.disk.files.set(path, one);
  studio.disk.capacity = studio.disk.usedBytes;
  await studio.work();
  expect(studio.lines.some((line) => line.includes("cannot complete the recording"))).toBe(true);
  expect(studio.disk.files.has(part)).toBe(true);
  studio.disk.capacity = 1e9;
  studio.nowMs += 3_600_000;
  await studio.work();
  await studio.work();
  expect(studio.disk.files.has(part)).toBe(false);
});

test("one without a document is completed all the same", async () => {
  using crashed = new Studio({ split: "show" });
  crashed.play(crashed.playlist, 100);
  await crashed.work();
  const [part = ""] = [...crashed.disk.files.keys()].filter((path) => path.endsWith(".part"));
  using studio = new Studio({ split: "show" });
  studio.disk.files.set(part, crashed.disk.files.get(part)!);
  await studio.work();
  await studio.work();
  const path = part.slice(0, -".part".length);
  expect(studio.document(path)).toMatchObject({
    mount: "/stream",
    recording: "shows",
    frames: 100,
  });
  expect(studio.audio(path).equals(Buffer.concat(crashed.heard))).toBe(true);
});

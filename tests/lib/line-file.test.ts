// A file of lines: nobody waits for it, it may be moved away, and what a slow disk costs is bounded and told.
import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { type Append, LINE_FILE_MODE, LineFile, MAX_LINES } from "../../src/lib/line-file.ts";
import { createLog } from "../../src/lib/log.ts";
import { testDisk } from "../support/disk.ts";
import { scratch, until } from "../support/station.ts";

const logged: string[] = [];
const log = createLog((level, text) => logged.push(`${level} ${text}`));

/** To a real disk. */
const append: Append = (file, bytes) => testDisk().append(file, bytes, LINE_FILE_MODE);

beforeEach(() => logged.splice(0));

/** Everything that is due runs, be it promises or timers. */
async function pass(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** A disk that keeps what it takes, and is as slow or as full as a test says. */
class Disk {
  text = "";
  appends = 0;
  room = Infinity;
  error: Error | null = null;
  #release: (() => void)[] = [];
  isSlow = false;

  readonly append: Append = async (_, bytes) => {
    this.appends++;
    if (this.isSlow) await new Promise<void>((resolve) => this.#release.push(resolve));
    if (this.error !== null) throw this.error;
    const taken = bytes.subarray(0, Math.min(bytes.length, this.room));
    this.text += Buffer.from(taken).toString();
    return taken.length;
  };

  release(): void {
    this.isSlow = false;
    for (const resolve of this.#release.splice(0)) resolve();
  }
}

describe("with a clock of its own, a file of lines", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test("takes the lines of a second in one append, and none when there are none", async () => {
    const disk = new Disk();
    const file = new LineFile("/log", log, disk.append);
    file.add("one");
    file.add("two");
    expect(disk.appends).toBe(0);
    await pass(1000);
    expect([disk.text, disk.appends]).toEqual(["one\ntwo\n", 1]);
    await pass(10_000);
    expect(disk.appends).toBe(1);
    file.add("three");
    await pass(1000);
    expect([disk.text, disk.appends]).toEqual(["one\ntwo\nthree\n", 2]);
  });

  test("waits for a slow disk with a bounded number of lines, and logs how many were lost", async () => {
    const disk = new Disk();
    disk.isSlow = true;
    const file = new LineFile("/log", log, disk.append);
    file.add("first");
    await pass(1000);
    for (let i = 0; i < MAX_LINES + 10; i++) file.add(`line ${i}`);
    await pass(5000);
    expect(disk.appends).toBe(1);
    disk.release();
    await pass(0);
    await pass(1000);
    expect(disk.text.split("\n").length - 1).toBe(MAX_LINES);
    expect(disk.text).toStartWith("first\nline 0\n");
    await pass(10_000);
    expect(logged).toEqual([
      "warn /log is too slow to write: lines are lost",
      "warn /log is too slow to write: lines are lost (10 more in 10 s)",
    ]);
    file.add("again");
    await pass(1000);
    expect(disk.text).toEndWith("\nagain\n");
  });

  test("goes on in the midst of a line where the disk had no more room", async () => {
    const disk = new Disk();
    disk.room = 5;
    const file = new LineFile("/log", log, disk.append);
    file.add("one");
    file.add("two");
    await pass(1000);
    expect(disk.text).toBe("one\nt");
    disk.room = Infinity;
    file.add("three");
    await pass(1000);
    expect(disk.text).toBe("one\ntwo\nthree\n");
  });

  test("that cannot be written keeps its lines, is logged once per period, and recovers", async () => {
    const disk = new Disk();
    disk.error = Object.assign(new Error("no"), { code: "ENOSPC" });
    const file = new LineFile("/log", log, disk.append);
    file.add("one");
    for (let second = 0; second < 9; second++) await pass(1000);
    const told = "warn cannot write /log (ENOSPC): check advanced.access_log";
    expect(logged).toEqual([told]);
    await pass(2000);
    expect(logged[1]).toMatch(/ENOSPC.* \(\d+ more in 10 s\)$/);
    disk.error = null;
    file.add("two");
    await pass(1000);
    expect(disk.text).toBe("one\ntwo\n");
  });

  test("that cannot be written keeps no more lines than any other", async () => {
    const disk = new Disk();
    disk.error = new Error("no");
    const file = new LineFile("/log", log, disk.append);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < MAX_LINES; i++) file.add("x");
      await pass(1000);
    }
    disk.error = null;
    await pass(1000);
    expect(disk.text).toBe("x\n".repeat(MAX_LINES));
  });

  test("writes the rest when it is closed, behind what is on its way", async () => {
    const disk = new Disk();
    disk.isSlow = true;
    const file = new LineFile("/log", log, disk.append);
    file.add("one");
    await pass(1000);
    file.add("two");
    const closed = file.close();
    disk.release();
    await closed;
    expect(disk.text).toBe("one\ntwo\n");
  });
});

test("a file that is moved away is left, and begun anew", async () => {
  await using folder = await scratch();
  const path = join(folder.path, "access.log");
  const file = new LineFile(path, log, append);
  file.add("before");
  await file.close();
  await rename(path, `${path}.1`);
  file.add("after");
  await until("it is written", () => Bun.file(path).exists());
  await file.close();
  expect(await Bun.file(`${path}.1`).text()).toBe("before\n");
  expect(await Bun.file(path).text()).toBe("after\n");
});

test("a file that cannot be written is logged when it is opened, and throws nothing", async () => {
  await using folder = await scratch();
  const file = new LineFile(folder.path, log, append);
  await file.open();
  expect(logged).toEqual([`warn cannot write ${folder.path} (EISDIR): check advanced.access_log`]);
  file.add("one");
  await file.close();
});

test("a full disk, or a pipe that nobody reads, is logged and not waited for", async () => {
  await using folder = await scratch();
  const fifo = join(folder.path, "fifo");
  Bun.spawnSync(["mkfifo", fifo]);
  for (const [path, code] of [
    ["/dev/full", "ENOSPC"],
    [fifo, "ENXIO"],
  ] as const) {
    const file = new LineFile(path, log, append);
    file.add("one");
    await file.close();
    expect(logged.at(-1)).toBe(`warn cannot write ${path} (${code}): check advanced.access_log`);
  }
});

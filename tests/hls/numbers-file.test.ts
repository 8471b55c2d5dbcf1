// The numbers of playlists on a disk: read at the start, noted ahead, and never below what is in use already.
import { expect, test } from "bun:test";
import type { StateDisk } from "../../src/disk/state-file.ts";
import { Numbering } from "../../src/hls/numbering.ts";
import { NumbersFile } from "../../src/hls/numbers-file.ts";
import { createLog } from "../../src/lib/log.ts";
import type { OpenFile } from "../../src/lib/open-file.ts";

/** Long before the numbers begin: only what is noted counts. */
const wall = { nowMs: () => 0 };

interface Noted {
  readonly segment: number;
  readonly discontinuity: number;
}

class OneFile implements StateDisk {
  readonly #opened = Promise.withResolvers<OpenFile>();
  text = "";
  writes = 0;
  moved: string | null = null;

  /** The file is read now. */
  arrive(text: string): void {
    const bytes = Buffer.from(text);
    this.#opened.resolve({
      stat: () => Promise.resolve({ isFile: () => true, size: bytes.length, mtimeMs: 0 }),
      read: (into: Uint8Array) => {
        into.set(bytes);
        return Promise.resolve({ bytesRead: bytes.length });
      },
      close: () => Promise.resolve(),
    });
  }

  open(): Promise<OpenFile> {
    return this.#opened.promise;
  }

  replace(_: string, bytes: Uint8Array): Promise<void> {
    this.text = Buffer.from(bytes).toString();
    this.writes++;
    return Promise.resolve();
  }

  rename(_: string, to: string): Promise<void> {
    this.moved = to;
    return Promise.resolve();
  }

  get noted(): Record<string, Noted> {
    return JSON.parse(this.text) as Record<string, Noted>;
  }
}

function opened() {
  const disk = new OneFile();
  const lines: string[] = [];
  const numbering = new Numbering(wall);
  const log = createLog((level, text) => lines.push(`${level} ${text}`));
  const file = new NumbersFile("/state", disk, log, numbering);
  return { disk, lines, numbering, file };
}

test("numbers go on above those of the last run, and are noted ahead of their use", async () => {
  const { disk, numbering, file } = opened();
  disk.arrive('{"/stream":{"segment":5000,"discontinuity":70}}');
  await file.settled();
  const first = numbering.begin("/stream");
  expect(first).toEqual({ segment: 5000, discontinuity: 70 });
  await file.settled();
  const { segment = 0, discontinuity = 0 } = disk.noted["/stream"] ?? {};
  expect(segment).toBeGreaterThan(first.segment + 1000);
  expect(discontinuity).toBeGreaterThan(first.discontinuity + 100);
});

test("the disk is written once in a thousand segments, and always ahead of them", async () => {
  const { disk, numbering, file } = opened();
  disk.arrive("{}");
  await file.settled();
  const { segment, discontinuity } = numbering.begin("/stream");
  for (let i = 0; i < 10_000; i++) {
    numbering.use("/stream", { segment: segment + i, discontinuity });
    await file.settled();
    expect(disk.noted["/stream"]?.segment).toBeGreaterThan(segment + i);
  }
  expect(disk.writes).toBeLessThanOrEqual(11);
});

test("what a slow disk holds is not overwritten by what began meanwhile", async () => {
  const { disk, numbering, file } = opened();
  numbering.begin("/new");
  expect(disk.writes).toBe(0);
  disk.arrive('{"/old":{"segment":9000,"discontinuity":9}}');
  await file.settled();
  expect(Object.keys(disk.noted).toSorted()).toEqual(["/new", "/old"]);
  expect(disk.noted["/old"]).toEqual({ segment: 9000, discontinuity: 9 });
});

test.each([
  "no JSON",
  "null",
  '{"/stream":7}',
  '{"/stream":{"segment":-1,"discontinuity":0}}',
  '{"/stream":{"segment":1e300,"discontinuity":0}}',
])("a damaged file (%s) is set aside, and the date counts", async (text) => {
  const { disk, lines, numbering, file } = opened();
  disk.arrive(text);
  await file.settled();
  expect(disk.moved).toBe("/state/hls.json.broken");
  expect(lines.join()).toContain("is damaged");
  expect(numbering.begin("/stream")).toEqual({ segment: 0, discontinuity: 0 });
});

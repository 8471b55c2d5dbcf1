// The converter with its child process: every kind of file becomes the same MP3, what cannot has its reason, and the
// station outlives crashes of the child as the child never outlives the station.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheName } from "../../src/convert/child-converter.ts";
import {
  ffmpeg,
  ffmpegSamples,
  KINDS,
  makeKind,
  pitchOf,
  runFfmpeg,
  TONE_HERTZ,
} from "../audio/synth.ts";
import { lowerPriority } from "../../src/convert/lower-priority.ts";
import { performJob } from "../../src/convert/perform-job.ts";
import { scratch, until } from "../support/station.ts";
import { scripted, sourceOf, TARGET, testConverter } from "./converting.ts";

setDefaultTimeout(120_000);

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
});
afterAll(() => home[Symbol.asyncDispose]());

/** WAV of 44.1 kHz, mono; returns its path. */
async function fourSeconds(folder: string): Promise<string> {
  const path = join(folder, "x.wav");
  const head =
    "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x44\xac\0\0\x88\x58\x01\0\x02\0\x10\0data\0\0\0\0";
  const samples = Buffer.alloc(44_100 * 2 * 4, 3);
  await Bun.write(path, Buffer.concat([Buffer.from(head, "latin1"), samples]));
  return path;
}

async function folderOf(name: string): Promise<string> {
  const folder = join(home.path, name);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** A program for `bun -e` that answers each job with the result of `expression`, which may use `message`. */
function answering(expression: string): string {
  return `process.on("disconnect", () => process.exit(0));
    process.on("message", (message) => { const reply = ${expression}; process.send({ id: message.id, ...reply }); });`;
}

test("what is done, what waits and what failed is told", async () => {
  const folder = await folderOf("told");
  const path = await fourSeconds(folder);
  const go = join(folder, "go");
  const wait = `while (!require("node:fs").existsSync(${JSON.stringify(go)})) Bun.sleepSync(5);`;
  const script = answering(`(() => { ${wait} return ${FAILED}; })()`);
  using converting = testConverter(folder, scripted(script));
  const { converter } = converting;
  const all = Promise.allSettled([
    ...[1, 2, 3].map((version) => converter.analyse({ path, version: `${version}` })),
    converter.convert({ path, version: "1" }, TARGET),
  ]);
  await until("one waits", () => converter.state.waiting["convert"] === 1);
  expect(converter.state).toMatchObject({
    running: { kind: "analyse", path, seconds: 0 },
    waiting: { analyse: 2, convert: 1 },
    failures: [],
  });
  await Bun.write(go, "");
  await all;
  await until("nothing is done", () => converter.state.running === null);
  expect(converter.state).toMatchObject({
    waiting: {},
    failures: [
      { kind: "analyse", path, why: "it is odd" },
      { kind: "convert", path, why: "it is odd" },
    ],
  });
});

const FAILED = '{ failure: { why: "it is odd", isLasting: true, cacheCode: null } }';

describe.skipIf(ffmpeg === null)("a folder of every kind", () => {
  test.each(Object.keys(KINDS))(
    "%s becomes MP3 of one format: the right tone, time and level",
    async (name) => {
      const folder = await folderOf("kinds");
      const path = await makeKind(folder, name, 2);
      const output = join(folder, "converted", cacheName(path, "1", TARGET));
      const job = { call: "convert", path, target: TARGET, output, limitBytes: 1e8 } as const;
      const outcome = await performJob(job, () => undefined);
      if (!("converted" in outcome)) throw new Error(JSON.stringify(outcome));
      const { format, seconds, loudness } = outcome.converted;
      expect(format).toEqual({ codec: "mp3", sampleRate: 44_100, channels: 2 });
      expect(Math.abs(seconds - 2)).toBeLessThan(0.05);
      const samples = await ffmpegSamples(output, 44_100);
      expect(Math.abs(samples.length / 44_100 - seconds)).toBeLessThan(0.001);
      expect(Math.abs(pitchOf(samples, 44_100) - TONE_HERTZ)).toBeLessThan(1);
      const again = await performJob({ call: "analyse", path: output }, () => undefined);
      if (!("analysis" in again)) throw new Error(JSON.stringify(again));
      expect(Math.abs((again.analysis.loudness ?? 0) - (loudness ?? 0))).toBeLessThan(0.2);
    },
  );

  test("is converted once: the second answer comes from the cache, without the child", async () => {
    const folder = await folderOf("once");
    const source = sourceOf(await makeKind(folder, "16.flac"));
    using first = testConverter(folder);
    const made = await first.converter.convert(source, TARGET);
    using second = testConverter(folder, scripted("process.exit(1)"));
    const cached = await second.converter.convert(source, TARGET);
    expect(cached).toEqual({
      ...made,
      loudness: expect.closeTo(made.loudness ?? 0, 1),
      truePeak: expect.closeTo(made.truePeak ?? 0, 3),
    });
    expect(second.process.pid).toBeNull();
  });

  test("is converted again when the cache is deleted, cut short or emptied", async () => {
    const folder = await folderOf("deleted");
    const source = sourceOf(await makeKind(folder, "16.wav"));
    using converting = testConverter(folder);
    const { path } = await converting.converter.convert(source, TARGET);
    const whole = statSync(path).size;
    await rm(converting.directory, { recursive: true });
    await converting.converter.convert(source, TARGET);
    await Bun.write(path, (await Bun.file(path).bytes()).subarray(0, 5000));
    await converting.converter.convert(source, TARGET);
    await Bun.write(path, "");
    await converting.converter.convert(source, TARGET);
    expect(statSync(path).size).toBe(whole);
  });

  test.each(["16.flac", "mono.mp3", "stereo.opus"])("%s becomes Ogg Vorbis too", async (name) => {
    const folder = await folderOf("vorbis");
    const source = sourceOf(await makeKind(folder, name, 2));
    const target = { ...TARGET, codec: "vorbis", bitrate: 96 } as const;
    using converting = testConverter(folder);
    const made = await converting.converter.convert(source, target);
    expect(made.format).toEqual({ codec: "vorbis", sampleRate: 44_100, channels: 2 });
    const samples = await ffmpegSamples(made.path, 44_100);
    expect(samples.length / 44_100).toBeCloseTo(made.seconds, 5);
    expect(Math.abs(pitchOf(samples, 44_100) - TONE_HERTZ)).toBeLessThan(1);
    using second = testConverter(folder, scripted("process.exit(1)"));
    expect(await second.converter.convert(source, target)).toEqual({
      ...made,
      loudness: expect.closeTo(made.loudness ?? 0, 2),
      truePeak: expect.closeTo(made.truePeak ?? 0, 2),
    });
    const whole = await Bun.file(made.path).bytes();
    await Bun.write(made.path, whole.subarray(0, whole.length - 1000));
    await converting.converter.convert(source, target);
    expect(statSync(made.path).size).toBe(whole.length);
  });

  test("is as loud as is wished for, but has no peak above -1 dBTP", async () => {
    const folder = await folderOf("gain");
    const source = sourceOf(await makeKind(folder, "mono.ogg"));
    using converting = testConverter(folder);
    const plain = await converting.converter.convert(source, TARGET);
    const quiet = await converting.converter.convert(source, { ...TARGET, loudness: -30 });
    const loud = await converting.converter.convert(source, { ...TARGET, loudness: 3 });
    expect(plain.loudness).toBeCloseTo(-18, 0);
    expect(quiet.loudness).toBeCloseTo(-30, 1);
    expect(loud.truePeak).toBeCloseTo(-1, 1);
    expect(new Set([plain.path, quiet.path, loud.path]).size).toBe(3);
  });

  test("names title, artist and album of FLAC", async () => {
    const folder = await folderOf("tags");
    const path = join(folder, "tagged.flac");
    const tags = [
      "-metadata",
      "title=A Song",
      "-metadata",
      "artist=Somebody",
      "-metadata",
      "album=One",
    ];
    await runFfmpeg(["-f", "lavfi", "-i", "sine=d=1", ...tags, path]);
    using converting = testConverter(folder);
    const { tags: read } = await converting.converter.analyse(sourceOf(path));
    expect(read).toEqual({ title: "A Song", artist: "Somebody", album: "One" });
  });
});

describe("a file that cannot be converted has one reason", () => {
  test.each([
    ["empty.mp3", "", "it is empty", true],
    ["text.flac", "A text that somebody called FLAC, for fun.", "it is text", true],
    ["cut.wav", "RIFF\x24\0\0\0WAVEfmt ", "it has no playable audio", true],
  ])("%s", async (name, content, message, isLasting) => {
    const folder = await folderOf("reasons");
    const path = join(folder, name);
    await Bun.write(path, Buffer.from(content, "latin1"));
    using converting = testConverter(folder);
    const { converter } = converting;
    const error = { message, isLasting };
    await expect(converter.analyse(sourceOf(path))).rejects.toMatchObject(error);
    await expect(converter.convert(sourceOf(path), TARGET)).rejects.toMatchObject(error);
    expect(existsSync(converting.directory) ? readdirSync(converting.directory) : []).toEqual([]);
  });

  test("a file that is gone, a folder and a circle of links", async () => {
    const folder = await folderOf("strange");
    const circle = join(folder, "circle.mp3");
    symlinkSync(circle, circle);
    using converting = testConverter(folder);
    const analyse = (path: string) => converting.converter.analyse({ path, version: "1" });
    await expect(analyse(join(folder, "gone.mp3"))).rejects.toThrow("it cannot be read (ENOENT)");
    await expect(analyse(folder)).rejects.toThrow("it is not a file");
    await expect(analyse(circle)).rejects.toThrow("it cannot be read (ELOOP)");
  });
});

describe("the child process", () => {
  test("converts at the usual priority where the system forbids to lower it", () => {
    const refused = () => {
      throw Object.assign(new Error("EPERM: operation not permitted"), { code: "EPERM" });
    };
    expect(() => lowerPriority(refused)).not.toThrow();
  });

  test("is started again after a crash; a file that crashes it twice is left out, the next is not", async () => {
    const folder = await folderOf("crash");
    const script = answering(`message.job.path.endsWith("bad") ? process.exit(7) : ${FAILED}`);
    using converting = testConverter(folder, scripted(script));
    const analyse = (path: string) => converting.converter.analyse({ path, version: "1" });
    const bad = analyse("/music/bad");
    const good = analyse("/music/good");
    await expect(bad).rejects.toMatchObject({
      message: "the converter fails at it (exit code 7)",
      isLasting: true,
    });
    await expect(good).rejects.toMatchObject({ message: "it is odd" });
    expect(converting.logged).toEqual(["warn the converter failed at /music/bad: exit code 7"]);
  });

  test("that sends nonsense is ended, and its file counts as a crash", async () => {
    const folder = await folderOf("nonsense");
    using converting = testConverter(folder, scripted(answering("{ analysis: { seconds: -1 } }")));
    const analysis = converting.converter.analyse({ path: "/music/x", version: "1" });
    await expect(analysis).rejects.toMatchObject({
      message: "the converter fails at it (it sent no reply)",
    });
  });

  test("that cannot be started loses no question", async () => {
    const folder = await folderOf("missing");
    using converting = testConverter(folder, scripted("process.exit(3)"));
    const analysis = converting.converter.analyse({ path: "/music/x", version: "1" });
    await expect(analysis).rejects.toMatchObject({ isLasting: true });
  });

  test("does conversions before measurements, one at a time, and answers the same question once", async () => {
    const folder = await folderOf("order");
    const script = `let order = []; ${answering(
      `(order.push(message.job.path), { failure: { why: order.join(" "), isLasting: true, cacheCode: null } })`,
    )}`;
    using converting = testConverter(folder, scripted(script));
    const { converter } = converting;
    const why = (promise: Promise<unknown>) => promise.catch((error: Error) => error.message);
    const first = why(converter.analyse({ path: "a", version: "1" }));
    const second = why(converter.analyse({ path: "b", version: "1" }));
    const same = why(converter.analyse({ path: "b", version: "1" }));
    const ahead = why(converter.convert({ path: "c", version: "1" }, TARGET));
    expect(await Promise.all([first, second, same, ahead])).toEqual(["a", "a c b", "a c b", "a c"]);
  });

  test("closing the converter ends it, and every question", async () => {
    const folder = await folderOf("close");
    const converting = testConverter(folder, scripted("process.on('message', () => undefined)"));
    const analysis = converting.converter.analyse({ path: "x", version: "1" });
    await until("it has started", () => converting.process.pid !== null);
    const pid = converting.process.pid ?? 0;
    converting.converter.close();
    await expect(analysis).rejects.toMatchObject({
      message: "the station is stopping",
      isLasting: false,
    });
    await until("it is gone", () => !existsSync(`/proc/${pid}`) || isZombie(pid));
  });

  test("has the lowest priority, and ends with the station even when that is killed", async () => {
    const folder = await folderOf("orphan");
    const path = join(folder, "long.wav");
    const head = Buffer.from(
      "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x44\xac\0\0\x10\xb1\x02\0\x04\0\x10\0data\0\0\0\0",
      "latin1",
    );
    await Bun.write(path, Buffer.concat([head, Buffer.alloc(200 << 20)]));
    const module = join(import.meta.dir, "..", "..", "src", "convert", "convert-process.ts");
    const job = { call: "analyse", path };
    const script = `import { ConvertProcess } from ${JSON.stringify(module)};
      const child = new ConvertProcess();
      void child.run(${JSON.stringify(job)}, () => undefined);
      console.log(child.pid);
      setInterval(() => undefined, 1000);`;
    const station = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
    const reader = station.stdout.getReader();
    const { value } = await reader.read();
    const pid = Number(Buffer.from(value ?? []).toString());
    const nice = async () =>
      Number((await Bun.file(`/proc/${pid}/stat`).text()).split(") ")[1]?.split(" ")[16]);
    await until("it has the lowest priority", async () => (await nice()) === 19, 60);
    station.kill("SIGKILL");
    await until("the child is gone", () => !existsSync(`/proc/${pid}`) || isZombie(pid), 60);
  });
});

/** An orphan whose new parent does not collect it. */
function isZombie(pid: number): boolean {
  const { stdout } = Bun.spawnSync(["cat", `/proc/${pid}/stat`]);
  return stdout.toString().split(") ")[1]?.startsWith("Z") ?? true;
}

describe("the cache", () => {
  test("that cannot be written stops conversion, is logged once, and is tried again later", async () => {
    const folder = await folderOf("readonly");
    const path = join(folder, "x.wav");
    const head =
      "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0";
    await Bun.write(path, Buffer.concat([Buffer.from(head, "latin1"), Buffer.alloc(50_000, 3)]));
    await Bun.write(join(folder, "converted"), "a file in place of the folder");
    using converting = testConverter(folder);
    const sentence = `nothing can be converted: ${converting.directory} cannot be written, EEXIST`;
    for (let i = 0; i < 3; i++) {
      const converted = converting.converter.convert(sourceOf(path), TARGET);
      await expect(converted).rejects.toMatchObject({ message: sentence, isLasting: false });
    }
    expect(converting.converter.stopped).toBe(sentence);
    expect(converting.logged).toEqual([`warn ${sentence}`]);
    expect(await converting.converter.analyse(sourceOf(path))).toMatchObject({ sampleRate: 8000 });
  });

  test("keeps what was played last, forgets parts of a crash, and leaves files of others alone", async () => {
    const folder = await folderOf("full");
    const path = await fourSeconds(folder);
    using converting = testConverter(folder, undefined, 0.2);
    await mkdir(converting.directory);
    const old = (name: string, seconds: number) => {
      const file = join(converting.directory, name);
      utimesSync(file, seconds, seconds);
      return file;
    };
    const [first, second] = ["1", "2"].map((digit) => `${digit.repeat(32)}.mp3`) as [
      string,
      string,
    ];
    for (const name of [first, second, `${"3".repeat(32)}.mp3.part`, "notes.txt"])
      await Bun.write(join(converting.directory, name), Buffer.alloc(100_000));
    old(first, 1000);
    const kept = old(second, 500);
    converting.converter.touch(kept);
    await until("it has today's date", () => statSync(kept).mtimeMs > 1e6);
    const { path: made } = await converting.converter.convert(sourceOf(path), TARGET);
    const names = [second, made.slice(converting.directory.length + 1), "notes.txt"];
    expect(readdirSync(converting.directory).toSorted()).toEqual(names.toSorted());
  });

  test("takes no track that is larger than all of it", async () => {
    const folder = await folderOf("tiny");
    const path = await fourSeconds(folder);
    using converting = testConverter(folder, undefined, 0.02);
    const converted = converting.converter.convert(sourceOf(path), TARGET);
    await expect(converted).rejects.toMatchObject({
      message: "it needs more than library.cache_gb",
      isLasting: true,
    });
    expect(readdirSync(converting.directory)).toEqual([]);
  });

  test("has a name for each file, version and target", () => {
    const names = [
      cacheName("/a", "1", TARGET),
      cacheName("/b", "1", TARGET),
      cacheName("/a", "2", TARGET),
      cacheName("/a", "1", { ...TARGET, bitrate: 192 }),
      cacheName("/a", "1", { ...TARGET, loudness: -16 }),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(cacheName("/a", "1", TARGET)).toBe(names[0] ?? "");
    expect(names[0]).toMatch(/^[0-9a-f]{32}\.mp3$/);
  });
});

// A program ffmpeg that dies, hangs, or writes what it should not: the file has its reason, nothing half is kept, and no program
// outlives the converter.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AudioFile } from "../../src/audio/audio-file.ts";
import { CrashedProgramError } from "../../src/audio/crashed-program.ts";
import { decodeWithFfmpeg } from "../../src/audio/decode-ffmpeg.ts";
import { EncoderError } from "../../src/audio/encoder.ts";
import { FfmpegRun } from "../../src/audio/ffmpeg-run.ts";
import { AudioError, lengthOf } from "../../src/audio/pcm.ts";
import { ConvertProcess } from "../../src/convert/convert-process.ts";
import { scratch, until } from "../support/station.ts";
import { sourceOf, TARGET, testConverter } from "./converting.ts";

setDefaultTimeout(120_000);

const RATE = 8000;

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
  await Bun.write(join(home.path, "second.wav"), oneSecond());
  const head = "\0\0\0\x14ftypM4A \0\0\0\0M4A ";
  await Bun.write(join(home.path, "song.m4a"), Buffer.from(head.padEnd(5000, "\0"), "latin1"));
});
afterAll(() => home[Symbol.asyncDispose]());

/** WAV, mono, of a size that its head does not know, as ffmpeg writes it to a pipe. */
function oneSecond(): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF\xff\xff\xff\xffWAVEfmt ", "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt32LE(0x0001_0001, 20);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(2 * RATE, 28);
  head.writeUInt32LE(0x0010_0002, 32);
  head.write("data\xff\xff\xff\xff", 36, "latin1");
  return Buffer.concat([head, Buffer.alloc(2 * RATE, 7)]);
}

/** A shell script in place of ffmpeg, in a folder of its own; returns its path. `WAV` is a second of sound. */
async function ffmpegThat(name: string, lines: string): Promise<string> {
  const folder = join(home.path, name);
  await mkdir(folder, { recursive: true });
  const path = join(folder, "ffmpeg");
  await Bun.write(path, `#!/bin/sh\nWAV='${join(home.path, "second.wav")}'\n${lines}\n`);
  await chmod(path, 0o755);
  return path;
}

async function secondsBy(program: string): Promise<number> {
  using file = AudioFile.open(join(home.path, "song.m4a"));
  let seconds = 0;
  for await (const pcm of decodeWithFfmpeg(program, file)) seconds += lengthOf(pcm) / RATE;
  return seconds;
}

/** A converter that finds this ffmpeg first. */
function converterWith(program: string, name: string) {
  const child = join(import.meta.dir, "..", "..", "src", "convert", "convert-child.ts");
  const path = `PATH=${join(program, "..")}:${process.env["PATH"] ?? ""}`;
  const command = () => ["env", path, process.execPath, child];
  const convertProcess = new ConvertProcess({ command, priority: "usual" });
  return testConverter(join(home.path, name), convertProcess);
}

const song = () => sourceOf(join(home.path, "song.m4a"));

describe("an ffmpeg that decodes", () => {
  test("and is killed in the middle leaves no half of a track", async () => {
    const program = await ffmpegThat("killed", 'cat "$WAV"; kill -9 $$');
    const error: unknown = await secondsBy(program).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(CrashedProgramError);
    expect(String(error)).toContain("ffmpeg was ended by SIGKILL");
  });

  test("and fails at a damaged end leaves what was before it", async () => {
    const program = await ffmpegThat("damaged", 'cat "$WAV"; echo "no more" >&2; exit 1');
    expect(await secondsBy(program)).toBe(1);
  });

  test("and complains without end is read to its end, of which the first line is kept", async () => {
    const lines = 'echo "it is broken" >&2; yes complaint | head -c 3000000 >&2; exit 1';
    const error: unknown = await secondsBy(await ffmpegThat("loud", lines)).catch(
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(AudioError);
    expect(String(error)).toEndWith("ffmpeg cannot decode it (it is broken)");
  });

  test("and writes no audio has no file to give", async () => {
    const program = await ffmpegThat("garbage", "head -c 3000000 /dev/zero");
    const error: unknown = await secondsBy(program).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AudioError);
  });
});

const SECOND = { sampleRate: RATE, channels: [new Float32Array(RATE)] };

/** Encodes until it fails; what it failed with. */
async function failureOf(program: string): Promise<unknown> {
  using run = new FfmpegRun(program, { sampleRate: RATE, channels: 1 }, []);
  try {
    for (;;) await run.push(SECOND);
  } catch (error) {
    return error;
  }
}

describe("an ffmpeg that encodes", () => {
  test("and fails in the middle has its reason", async () => {
    const lines = 'head -c 50000; echo "no space" >&2; exit 1';
    const error = await failureOf(await ffmpegThat("failing", lines));
    expect(error).toBeInstanceOf(EncoderError);
    expect(String(error)).toEndWith("ffmpeg cannot encode it (no space)");
  });

  test("and is killed in the middle has crashed", async () => {
    const error = await failureOf(await ffmpegThat("shot", "head -c 50000 >/dev/null; kill -9 $$"));
    expect(error).toBeInstanceOf(CrashedProgramError);
  });

  test("and writes without end is ended: what it makes does not pile up", async () => {
    const error = await failureOf(await ffmpegThat("endless", "exec cat /dev/zero"));
    expect(String(error)).toEndWith("ffmpeg makes more than it can have encoded");
  });
});

describe("the converter", () => {
  test("leaves a file out that crashes ffmpeg twice, keeps nothing of it, and converts the next", async () => {
    const program = await ffmpegThat("crash", `echo run >>"$0.runs"; cat "$WAV"; kill -9 $$`);
    using converting = converterWith(program, "crashing");
    const converted = converting.converter.convert(song(), TARGET);
    await expect(converted).rejects.toMatchObject({
      message: "the converter fails at it (ffmpeg was ended by SIGKILL)",
      isLasting: true,
    });
    expect(await Bun.file(`${program}.runs`).text()).toBe("run\nrun\n");
    expect(readdirSync(converting.directory)).toEqual([]);
    const next = await converting.converter.analyse(sourceOf(join(home.path, "second.wav")));
    expect(next.seconds).toBe(1);
  });

  test("ends an ffmpeg that hangs in the middle of a file, together with its child", async () => {
    const lines = `cat "$WAV"; echo $$ >"$0.pid"; exec sleep 600`;
    const program = await ffmpegThat("hanging", lines);
    const converting = converterWith(program, "hung");
    const converted = converting.converter.convert(song(), TARGET);
    const written = async () =>
      (await Bun.file(`${program}.pid`)
        .text()
        .catch(() => "")) !== "";
    await until("it hangs", written);
    const pid = Number(await Bun.file(`${program}.pid`).text());
    converting.converter.close();
    await expect(converted).rejects.toMatchObject({ message: "the station is stopping" });
    await until("it is gone", () => isGone(pid));
    expect(readdirSync(converting.directory).filter((name) => !name.endsWith(".part"))).toEqual([]);
  });

  test("ends a child that makes no progress, twice, and has its reason", async () => {
    const silent = "process.on('message', () => undefined)";
    const command = () => [process.execPath, "-e", silent];
    const impatient = new ConvertProcess({ command, beatMs: 1 });
    using converting = testConverter(join(home.path, "silent"), impatient);
    await expect(converting.converter.analyse({ path: "x", version: "1" })).rejects.toMatchObject({
      message: "the converter fails at it (it makes no progress)",
      isLasting: true,
    });
    expect(impatient.pid).toBeNull();
  });
});

/** Or nobody has collected it yet. */
function isGone(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return true;
  const { stdout } = Bun.spawnSync(["cat", `/proc/${pid}/stat`]);
  return stdout.toString().split(") ")[1]?.startsWith("Z") ?? true;
}

// A real player on the HLS of a real station: what it decodes is what a listener of the stream gets, sample for sample.
import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { opened, read } from "../hls/hls-rig.ts";
import { testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

const hasFfmpeg = requireProgram("ffmpeg") !== null;

/** Beginning with the first segment; four of two seconds are there only after the player has come. */
const HEARD_SECONDS = 7;

const CODECS = {
  mp3: ["-c:a", "libmp3lame", "-b:a", "96k"],
  aac: ["-c:a", "aac", "-b:a", "96k"],
} as const;

type CodecName = keyof typeof CODECS;

/** Music that no two frames of are alike: a sweep with noise. */
async function compose(path: string, codec: CodecName): Promise<void> {
  const sound = "aevalsrc='0.3*sin(2*PI*(200+40*t)*t)+0.02*random(0)':s=44100:d=60";
  await mkdir(dirname(path), { recursive: true });
  await run(["-f", "lavfi", "-i", sound, "-ac", "2", ...CODECS[codec], path]);
}

/** ffmpeg 5.1 reads packed MP3 in blocks of 1,024 bytes, and dates frames by the tag that it has read last: those before a
 * segment's end may get dates of the next one, differently many each time. Only its output is surprised by that. */
const DATES =
  /^\[s16le @ \w+\] Application provided invalid, non monotonically increasing dts.*\n/gm;

/** What ffmpeg writes to its output; it must have nothing to complain about. */
async function run(options: readonly string[], input?: Uint8Array): Promise<Buffer> {
  const command = ["ffmpeg", "-v", "warning", "-nostdin", "-y", ...options];
  const stdin = input ?? "ignore";
  const program = Bun.spawn(command, { stdin, stdout: "pipe", stderr: "pipe" });
  const [bytes, said] = await Promise.all([
    new Response(program.stdout).bytes(),
    new Response(program.stderr).text(),
  ]);
  expect(said.replaceAll(DATES, "")).toBe("");
  return Buffer.from(bytes);
}

const PCM = ["-t", String(HEARD_SECONDS), "-f", "s16le", "pipe:1"];

async function firstSegment(radio: TestStation, folder: string, codec: CodecName) {
  const list = read(await (await fetch(`${radio.url}${folder}/${codec}.m3u8`)).text());
  const [first] = list.segments;
  const answer = await fetch(`${radio.url}${folder}/${first?.name ?? ""}`);
  return opened(await answer.bytes()).frames;
}

/** Plays a mount by HLS from its first segment on, and compares it with what a listener got. */
async function compare(radio: TestStation, path: string, codec: CodecName): Promise<void> {
  using listener = await Wire.listen(radio.sourcePort, path);
  const folder = `${path}/hls`;
  const count = () => radio.station.parts(path)?.hls.playlist?.listed.length ?? 0;
  await until("three segments are there", () => count() >= 3);
  const index = `${radio.url}${folder}/index.m3u8`;
  const played = await run(["-live_start_index", "0", "-i", index, ...PCM]);
  const start = listener.bytes.indexOf(await firstSegment(radio, folder, codec));
  expect(start).toBeGreaterThan(0);
  const heard = await run(["-f", codec, "-i", "pipe:0", ...PCM], listener.bytes.subarray(start));
  const length = Math.min(played.length, heard.length);
  expect(length / (44_100 * 4)).toBeGreaterThan(HEARD_SECONDS - 0.5);
  expect(played.subarray(0, length).equals(heard.subarray(0, length))).toBe(true);
}

test.skipIf(!hasFfmpeg)(
  "ffmpeg hears by HLS the samples of the stream: MP3 and AAC",
  async () => {
    await using folder = await scratch();
    const codecs = Object.keys(CODECS) as CodecName[];
    const music = (codec: CodecName) => join(folder.path, codec);
    await Promise.all(codecs.map((codec) => compose(join(music(codec), `sweep.${codec}`), codec)));
    const mount = (codec: CodecName) => ({
      path: `/${codec}`,
      hls: { enabled: true, segment: 2, window: 60 },
      burstSeconds: 60,
      rewindSeconds: 60,
      playlist: { directory: music(codec), format: codec, extensions: [`.${codec}`] },
    });
    await using radio = await startStation(testConfig([mount("mp3"), mount("aac")]));
    await Promise.all(codecs.map((codec) => compare(radio, `/${codec}`, codec)));
  },
  180_000,
);

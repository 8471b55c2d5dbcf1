// A real player on the HLS of a real station: what it decodes is what a listener of the stream gets, sample for sample.
import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { opened, read } from "../hls/hls-rig.ts";
import type { Config } from "../../src/config/config.ts";
import { segmentName } from "../../src/hls/playlist-text.ts";
import { testConfig } from "../support/config.ts";
import { HlsValidator } from "../support/hls/validator.ts";
import { requireProgram } from "../support/programs.ts";
import {
  scratch,
  startStation,
  type TestStation,
  until,
  WAIT_SECONDS,
} from "../support/station.ts";
import { Wire } from "../support/wire.ts";

const hasFfmpeg = requireProgram("ffmpeg") !== null;
const hasGstreamer = requireProgram("gst-launch-1.0") !== null;

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

/** A station that starts again, and an address at which requests wait for it meanwhile. */
class Restartable implements AsyncDisposable {
  #run: TestStation | null = null;
  /** Program and path of each request. */
  readonly asked: (readonly [program: string, path: string])[] = [];
  readonly #front = Bun.serve({
    idleTimeout: 0,
    port: 0,
    hostname: "127.0.0.1",
    fetch: (one) => this.#pass(one),
  });

  constructor(private readonly config: Config) {}

  get current(): TestStation | null {
    return this.#run;
  }

  get url(): string {
    return this.#front.url.origin;
  }

  async start(): Promise<TestStation> {
    this.#run = await startStation(this.config);
    return this.#run;
  }

  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = null;
    await run?.[Symbol.asyncDispose]();
  }

  async #pass(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    this.asked.push([request.headers.get("user-agent") ?? "", pathname]);
    const { headers } = request;
    headers.set("accept-encoding", "identity");
    for (;;) {
      const target = `${this.#run?.url ?? "http://127.0.0.1:1"}${pathname}${search}`;
      const answer = await fetch(target, { headers, redirect: "manual" }).catch(() => null);
      if (answer !== null || request.signal.aborted) return answer ?? Response.error();
      await Bun.sleep(20);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#front.stop(true);
  }
}

const PLAYERS = {
  Lavf: (url: string, file: string) => [
    ..."ffmpeg -v warning -nostdin -y -live_start_index 0 -i".split(" "),
    ...[url, "-f", "s16le", file],
  ],
  GStreamer: (url: string, file: string) => [
    ..."gst-launch-1.0 -q playbin3".split(" "),
    `uri=${url}`,
    `audio-sink=audioconvert ! audio/x-raw,format=S16LE ! filesink sync=true location=${file}`,
  ],
} as const;

/** GStreamer's own plugins decode no AAC. */
const programsFor = (codec: CodecName): readonly (keyof typeof PLAYERS)[] =>
  codec === "mp3" ? ["Lavf", "GStreamer"] : ["Lavf"];

class Player implements AsyncDisposable {
  readonly #child;

  constructor(
    readonly program: keyof typeof PLAYERS,
    readonly codec: CodecName,
    url: string,
    readonly file: string,
  ) {
    const stderr = Bun.file(`${file}.said`);
    this.#child = Bun.spawn(PLAYERS[program](url, file), {
      stdin: "ignore",
      stdout: stderr,
      stderr,
    });
  }

  /** What it has decoded. */
  get size(): number {
    return Bun.file(this.file).size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }
}

/** The function that it returns gives, when the station has stopped, the bytes of all that the playlist had room for. */
function writtenBytes({ current }: Restartable, codec: CodecName): () => number {
  const { mount, hls } = current?.station.parts(`/${codec}`) ?? {};
  if (mount === undefined || hls === undefined) throw new Error("there is no such mount");
  let bytes = 0;
  mount.events.on("closed", () => {
    bytes = mount.ring.head - (hls.playlist?.listed[0]?.from ?? 0);
  });
  return () => bytes;
}

/** What a station that has just started has of the run before. */
async function audioOf({ station, url }: TestStation, codec: CodecName): Promise<Uint8Array> {
  const playlist = station.parts(`/${codec}`)?.hls.playlist;
  const old = playlist?.listed.filter(({ run }) => run !== playlist.facts.run) ?? [];
  const files = old.map(async (segment) => {
    const answer = await fetch(`${url}/${codec}/hls/${segmentName(segment)}`);
    return opened(await answer.bytes()).frames;
  });
  return Buffer.concat(await Promise.all(files));
}

async function validatorOf(index: string): Promise<HlsValidator> {
  const validator = new HlsValidator({
    fetch: async (url, headers = {}) => {
      const answer = await fetch(url, { headers });
      return { status: answer.status, headers: answer.headers, body: await answer.bytes() };
    },
    nowMs: () => performance.now(),
    pollMs: WAIT_SECONDS * 1000,
  });
  await validator.open(index);
  return validator;
}

/** The station stops in the middle of a segment: players decode all that it has broadcast, and go on behind that. */
async function goOn(runs: Restartable, codecs: readonly CodecName[], folder: string) {
  await using players = new AsyncDisposableStack();
  const indexOf = (codec: CodecName) => `${runs.url}/${codec}/hls/index.m3u8`;
  const all = codecs.flatMap((codec) =>
    programsFor(codec).map((program) => {
      const file = join(folder, `${program}-${codec}`);
      return players.use(new Player(program, codec, indexOf(codec), file));
    }),
  );
  const validator = await validatorOf(indexOf("mp3"));
  await until("all players play", () => all.every(({ size }) => size > 0));
  await validator.poll();
  const written = Object.fromEntries(codecs.map((codec) => [codec, writtenBytes(runs, codec)]));
  await runs.stop();
  validator.restarted();
  const next = await runs.start();
  await validator.poll();
  const heard = await Promise.all(codecs.map((codec) => audioOf(next, codec)));
  const runOf = (codec: CodecName) => next.station.parts(`/${codec}`)?.hls.playlist?.facts.run;
  const fetched = ({ program, codec }: Player) => {
    const name = `/${codec}/hls/${runOf(codec)}-`;
    return runs.asked.some(([who, path]) => who.includes(program) && path.startsWith(name));
  };
  await until("all players have new segments", () => all.every(fetched));
  await validator.poll();
  expect(validator.problems).toEqual([]);
  for (const [i, codec] of codecs.entries()) {
    expect(heard[i]?.length).toBe(written[codec]?.());
    const samples = await run(["-f", codec, "-i", "pipe:0", "-f", "s16le", "pipe:1"], heard[i]);
    const { file } = all.find((one) => one.program === "Lavf" && one.codec === codec) ?? {
      file: "",
    };
    await until("ffmpeg has decoded it", () => Bun.file(file).size > samples.length);
    const played = Buffer.from(await Bun.file(file).bytes());
    expect(played.subarray(0, samples.length).equals(samples)).toBe(true);
  }
}

test.skipIf(!hasFfmpeg)(
  "ffmpeg hears by HLS the samples of the stream, MP3 and AAC, and goes on over a restart, as GStreamer does",
  async () => {
    await using folder = await scratch();
    const codecs = Object.keys(CODECS) as CodecName[];
    const music = (codec: CodecName) => join(folder.path, codec);
    await Promise.all(codecs.map((codec) => compose(join(music(codec), `sweep.${codec}`), codec)));
    const mount = (codec: CodecName) => ({
      path: `/${codec}`,
      hls: { enabled: true, segment: 2, window: 100 },
      burstSeconds: 60,
      rewindSeconds: 60,
      playlist: { directory: music(codec), format: codec, extensions: [`.${codec}`] },
    });
    const config = testConfig([mount("mp3"), mount("aac")]);
    const stateDirectory = join(folder.path, "state");
    const kept = { ...config, server: { ...config.server, stateDirectory } };
    await using runs = new Restartable(kept);
    const radio = await runs.start();
    await Promise.all(codecs.map((codec) => compare(radio, `/${codec}`, codec)));
    if (hasGstreamer) await goOn(runs, codecs, folder.path);
  },
  240_000,
);

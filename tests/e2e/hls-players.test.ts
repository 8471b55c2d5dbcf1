// Players on the HLS of a real station with live sources of MP3, Opus and FLAC, the last in parts too: each hears the tone that was sent, and none
// has anything to say about it.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { PASSWORD, testConfig } from "../support/config.ts";
import { HlsValidator } from "../support/hls/validator.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { hear } from "../support/tone.ts";
import { Wire } from "../support/wire.ts";

const PROGRAMS = ["ffmpeg", "gst-launch-1.0", "mpv", "cvlc"] as const;
const canRun = PROGRAMS.map(requireProgram).every((path) => path !== null);

/** For a machine that does much else. */
const PATIENCE_SECONDS = 120;
const LIMIT_MS = 300_000;

const HERTZ = 660;
const HEARD_SECONDS = 4;

/** Stereo of 32 bits at 48 kHz, behind the head of a WAV file. */
const ENOUGH_BYTES = 100 + HEARD_SECONDS * 48_000 * 8;

const CODECS = {
  mp3: "-c:a libmp3lame -b:a 128k -f mp3 -content_type audio/mpeg",
  opus: "-c:a libopus -b:a 96k -f ogg -content_type application/ogg",
  flac: "-c:a flac -sample_fmt s16 -f ogg -content_type application/ogg",
} as const;

type CodecName = keyof typeof CODECS;

interface Player {
  readonly command: (url: string, file: string) => readonly string[];
  /** Ends it in good order once it has heard enough; absent if it ends by itself. */
  readonly end?: NodeJS.Signals;
  /** What it says about every live stream of HLS, also of other servers. */
  readonly usual?: RegExp;
}

/** ffmpeg fetches EXT-X-MAP with each version of a playlist; and it dates packed MP3 by the tag that it read last. */
const FFMPEG =
  /^.*(?:Found duplicated MOOV Atom|Last message repeated|non monotonically increasing dts|Changing ID3 metadata in HLS).*\n/gm;

/** VLC does not run as root. It opens no fragments again behind a discontinuity, such as a starved source makes: it gets MP3. */
const AS_NOBODY =
  process.getuid?.() === 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups".split(" ") : [];

const PLAYERS: Readonly<Record<(typeof PROGRAMS)[number], Player>> = {
  ffmpeg: {
    command: (url, file) => [
      ..."ffmpeg -nostdin -v warning -y -i".split(" "),
      // Not by time, which jumps if the source comes to a stop.
      ...[url, "-fs", String(ENOUGH_BYTES), "-c:a", "pcm_s32le", file],
    ],
    usual: FFMPEG,
  },
  "gst-launch-1.0": {
    command: (url, file) => [
      ...["gst-launch-1.0", "-q", "uridecodebin3", `uri=${url}`],
      ...["!", "audioconvert", "!", "wavenc", "!", "filesink", `location=${file}`],
    ],
    // It ends no live stream in good order.
    end: "SIGKILL",
    // GStreamer 1.22 does not know the names of Opus and FLAC in CODECS, and plays them.
    usual: /^(?:.*gst_caps_get_size: assertion 'GST_IS_CAPS.*)?\n/gm,
  },
  mpv: {
    command: (url, file) => [
      ..."mpv --no-config --no-video --quiet --msg-level=all=warn --ao=pcm".split(" "),
      ...["--audio-format=s32", `--ao-pcm-file=${file}`, url],
    ],
    end: "SIGTERM",
    // As ffmpeg; and the gap of a starved source.
    usual: /^.*(?:Found duplicated MOOV Atom|Last message repeated|Invalid audio PTS).*\n/gm,
  },
  cvlc: {
    command: (url, file) => [
      ...AS_NOBODY,
      ..."cvlc -I dummy -v --no-dbus --aout=afile --audiofile-format=float32".split(" "),
      ...[`--audiofile-file=${file}`, url],
    ],
    end: "SIGINT",
    // It misses a screen and a bus, names what it opens, has no clock when it is stopped, and is late on a busy machine.
    usual:
      /^.*(?:dbus|interface|libvlc error|adaptive demux: |mp4 demux|could not create|convert timestamp|no reference clock|too late).*\n/gm,
  },
};

const RUNS: readonly [CodecName, keyof typeof PLAYERS][] = [
  ["mp3", "gst-launch-1.0"],
  ["opus", "ffmpeg"],
  ["opus", "gst-launch-1.0"],
  ["flac", "ffmpeg"],
  ["flac", "gst-launch-1.0"],
  ["flac", "mpv"],
  ["mp3", "cvlc"],
];

/** A running program: killed by its own id when it is disposed of. */
function run(command: readonly string[]) {
  const program = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const said = Promise.all([
    new Response(program.stdout).text(),
    new Response(program.stderr).text(),
  ]).then((texts) => texts.join(""));
  return {
    program,
    said,
    async [Symbol.asyncDispose]() {
      program.kill("SIGKILL");
      await program.exited;
    },
  };
}

function sendTone(port: number, codec: CodecName) {
  const tone = ["-f", "lavfi", "-i", `sine=f=${HERTZ}:r=48000`, "-ac", "2"];
  const url = `icecast://source:${PASSWORD}@127.0.0.1:${port}/${codec}`;
  const options = ["-nostdin", "-v", "error", "-re"];
  return run(["ffmpeg", ...options, ...tone, ...CODECS[codec].split(" "), url]);
}

describe.skipIf(!canRun)("a live source by HLS", () => {
  const open = new AsyncDisposableStack();
  let radio: TestStation;
  let folder = "";
  let listeners: Readonly<Record<"opus" | "flac", Wire>>;

  beforeAll(async () => {
    const codecs = Object.keys(CODECS) as CodecName[];
    const hls = { enabled: true, segment: 2, window: 120 };
    const [first, ...others] = codecs.map((codec) => ({
      path: `/${codec}`,
      hls: codec === "flac" ? { ...hls, part: 1 } : hls,
      burstSeconds: 60,
    }));
    radio = open.use(await startStation(testConfig([first!, ...others])));
    folder = open.use(await scratch()).path;
    await chmod(folder, 0o777);
    for (const codec of codecs) open.use(sendTone(radio.sourcePort, codec));
    const count = (codec: CodecName) =>
      radio.station.parts(`/${codec}`)?.hls.playlistNamed(codec)?.listed.length ?? 0;
    const areThere = () => codecs.every((codec) => count(codec) >= 4);
    await until("there are segments of all", areThere, PATIENCE_SECONDS);
    const listener = async (codec: CodecName) =>
      open.use(await Wire.listen(radio.sourcePort, `/${codec}`));
    listeners = { opus: await listener("opus"), flac: await listener("flac") };
  }, LIMIT_MS);
  afterAll(() => open.disposeAsync());

  test.concurrent.each(["opus", "flac"] as const)(
    "%s has the samples of the stream",
    async (codec) => {
      const ogg = () => listeners[codec].bytes.subarray(listeners[codec].bytes.indexOf("OggS"));
      const pcm = ["-fs", String(ENOUGH_BYTES), "-f", "s32le", "pipe:1"];
      const url = `${radio.url}/${codec}/hls/index.m3u8`;
      const played = await decoded(["-live_start_index", "0", "-i", url, ...pcm]);
      await until("the burst is there", () => ogg().length > 30_000, PATIENCE_SECONDS);
      const heard = await decoded(["-i", "pipe:0", ...pcm], ogg());
      const length = Math.min(played.length, heard.length);
      expect(length).toBeGreaterThan((HEARD_SECONDS - 0.2) * 48_000 * 8);
      expect(played.subarray(0, length).equals(heard.subarray(0, length))).toBe(true);
    },
    LIMIT_MS,
  );

  test.concurrent.each(RUNS)(
    "%s is heard by %s",
    async (codec, name) => {
      const file = join(folder, `${codec}-${name}.wav`);
      const { command, end, usual } = PLAYERS[name];
      await using player = run(command(`${radio.url}/${codec}/hls/index.m3u8`, file));
      if (end !== undefined) {
        const isEnough = () => Bun.file(file).size > ENOUGH_BYTES;
        await until(`${name} has heard enough`, isEnough, PATIENCE_SECONDS);
        player.program.kill(end);
      }
      await player.program.exited;
      const said = await player.said;
      expect(usual === undefined ? said : said.replaceAll(usual, "")).toBe("");
      const { hertz, seconds, errors } = await hear(file);
      expect(errors).toBe("");
      expect(Math.abs(hertz - HERTZ)).toBeLessThan(7);
      expect(seconds).toBeGreaterThan(HEARD_SECONDS - 0.5);
    },
    LIMIT_MS,
  );

  test("has no problem by RFC 8216", async () => {
    const validator = new HlsValidator({
      fetch: async (url, headers = {}) => {
        const response = await fetch(url, { headers });
        const { status } = response;
        return { status, headers: response.headers, body: await response.bytes() };
      },
      nowMs: () => performance.now(),
      // One look at each, so that no time passes between two.
      pollMs: Number.POSITIVE_INFINITY,
    });
    for (const codec of Object.keys(CODECS)) {
      await validator.open(`${radio.url}/${codec}/hls/index.m3u8`);
      await validator.poll();
    }
    expect(validator.problems).toEqual([]);
    expect(validator.partCount).toBeGreaterThan(3);
    expect(validator.segmentCount).toBeGreaterThan(12);
  });
});

async function decoded(options: readonly string[], input?: Uint8Array): Promise<Buffer> {
  const command = ["ffmpeg", "-nostdin", "-v", "error", ...options];
  const stdin = input ?? "ignore";
  const program = Bun.spawn(command, { stdin, stdout: "pipe", stderr: "pipe" });
  const [bytes, said] = await Promise.all([
    new Response(program.stdout).bytes(),
    new Response(program.stderr).text(),
  ]);
  expect(said).toBe("");
  return Buffer.from(bytes);
}

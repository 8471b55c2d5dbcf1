// Real programs as source clients, as listeners on both doors, and as a relay: what is decoded is the tone that was sent.
import { describe, expect, test } from "bun:test";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { parseMpegHeader } from "../../src/format/sync/mpeg.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { freePair } from "../support/ports.ts";
import { packageVersion, requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { type Heard, hear, makeTone } from "../support/tone.ts";
import { Wire } from "../support/wire.ts";

const has = (...names: string[]) => names.every((name) => requireProgram(name) !== null);

/** Some programs need seconds of a processor to start, so few of them run at a time. */
const PROGRAMS_AT_A_TIME = 5;
const START_SECONDS = 120;

/** Includes the wait for a turn. */
const LIMIT_MS = 300_000;

/** Ends when it is disposed of. */
type ProgramTurn = Disposable;

const turns = { free: PROGRAMS_AT_A_TIME, waiting: [] as (() => void)[] };

async function turn(): Promise<ProgramTurn> {
  if (turns.free > 0) turns.free--;
  else await new Promise<void>((resolve) => turns.waiting.push(resolve));
  return {
    [Symbol.dispose]() {
      const next = turns.waiting.shift();
      if (next === undefined) turns.free++;
      else next();
    },
  };
}

/** VLC and Icecast refuse to be root. */
const AS_NOBODY =
  process.getuid?.() === 0
    ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env", "HOME=/tmp"]
    : [];

/** A running program: killed by its own id when the test is over. */
function run(command: string[]) {
  const program = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const said = Promise.all([
    new Response(program.stdout).text(),
    new Response(program.stderr).text(),
  ]).then((texts) => texts.join("").slice(-2000));
  return {
    said,
    exited: program.exited,
    async [Symbol.asyncDispose]() {
      program.kill("SIGKILL");
      await program.exited;
    },
  };
}

/** A directory that `nobody` may write to as well. */
async function openScratch() {
  const directory = await scratch();
  await chmod(directory.path, 0o777);
  return directory;
}

function stationOnPair(playlist?: string): Promise<TestStation> {
  const mount = playlist === undefined ? {} : { playlist: { directory: playlist } };
  const config = testConfig([mount]);
  return startStation({ ...config, server: { ...config.server, sourcePort: freePair() } });
}

interface Source {
  readonly needs: string[];
  /** What it sends when that is not show.mp3; the ending tells the format. */
  readonly file?: string;
  /** What it is called in the log. */
  readonly agent: RegExp;
  /** Its command, after its configuration has been written into `directory`. */
  readonly command: (file: string, port: number, directory: string) => Promise<string[]>;
  /** It decodes and encodes again: that costs a few frames at both ends. */
  readonly isEncoding?: boolean;
  /** The title it sends, when it sends one. */
  readonly title?: string;
}

async function ezstream(protocol: string, file: string, port: number, directory: string) {
  const config = join(directory, "ezstream.xml");
  const server = `<protocol>${protocol}</protocol><hostname>127.0.0.1</hostname><port>${port}</port>`;
  await Bun.write(
    config,
    `<?xml version="1.0" encoding="UTF-8"?>
    <ezstream>
      <servers><server>${server}<user>source</user><password>${PASSWORD}</password></server></servers>
      <streams><stream><mountpoint>/stream</mountpoint><format>MP3</format></stream></streams>
      <intakes><intake><filename>${file}</filename><stream_once>yes</stream_once></intake></intakes>
    </ezstream>`,
  );
  await chmod(config, 0o600);
  return ["ezstream", "-c", config];
}

async function liquidsoap(output: string, file: string, port: number, directory: string) {
  const script = join(directory, "show.liq");
  const to = `host="127.0.0.1", port=${port}, password="${PASSWORD}", fallible=true, on_stop=shutdown`;
  await Bun.write(
    script,
    `settings.init.allow_root.set(true)
    show = once(single("${file}"))
    output.${output}, ${to}, show)`,
  );
  return ["liquidsoap", script];
}

async function ices2(file: string, port: number, directory: string) {
  const at = (name: string) => join(directory, name);
  const parameters = Object.entries({ type: "basic", file: at("show.m3u"), once: "1" });
  await Bun.write(at("show.m3u"), `${file}\n`);
  await Bun.write(
    at("ices.xml"),
    `<ices>
      <logpath>${directory}</logpath><logfile>ices.log</logfile>
      <stream>
        <metadata><name>The Show</name></metadata>
        <input>
          <module>playlist</module>
          ${parameters.map(([name, value]) => `<param name="${name}">${value}</param>`).join("")}
        </input>
        <instance>
          <hostname>127.0.0.1</hostname><port>${port}</port>
          <password>${PASSWORD}</password><mount>/stream</mount>
        </instance>
      </stream>
    </ices>`,
  );
  return ["ices2", at("ices.xml")];
}

const SOURCES: Readonly<Record<string, Source>> = {
  "ezstream (libshout)": {
    needs: ["ezstream"],
    agent: /libshout/,
    command: (...to) => ezstream("HTTP", ...to),
    title: "show",
  },
  "ezstream by SHOUTcast": {
    needs: ["ezstream"],
    agent: /SHOUTcast v1/,
    command: (...to) => ezstream("ICY", ...to),
    title: "show",
  },
  "ices2 (Ogg Vorbis)": {
    needs: ["ices2"],
    file: "show.ogg",
    agent: /IceS/,
    command: ices2,
  },
  "Liquidsoap by SOURCE": {
    needs: ["liquidsoap"],
    isEncoding: true,
    agent: /Liquidsoap/,
    command: (...to) => liquidsoap('icecast(%mp3(bitrate=128), mount="/stream"', ...to),
  },
  "Liquidsoap by PUT": {
    needs: ["liquidsoap"],
    isEncoding: true,
    agent: /Liquidsoap/,
    command: (...to) =>
      liquidsoap('icecast(%mp3(bitrate=128), method="put", mount="/stream"', ...to),
  },
  "Liquidsoap in chunks": {
    needs: ["liquidsoap"],
    isEncoding: true,
    agent: /Liquidsoap/,
    command: (...to) =>
      liquidsoap('icecast(%mp3(bitrate=128), chunked=true, mount="/stream"', ...to),
  },
  "Liquidsoap by SHOUTcast": {
    needs: ["liquidsoap"],
    isEncoding: true,
    agent: /SHOUTcast v1/,
    command: (...to) => liquidsoap("shoutcast(%mp3(bitrate=128)", ...to),
  },
  VLC: {
    needs: ["cvlc"],
    agent: /SHOUTcast v1|libshout/,
    command: async (file, port) => [
      ...AS_NOBODY,
      ...["cvlc", "-I", "dummy", "--no-sout-video", file, "vlc://quit", "--sout"],
      `#std{access=shout{mp3=1,bitrate=128},mux=raw,dst=source:${PASSWORD}@127.0.0.1:${port}/stream}`,
    ],
  },
  "curl from a pipe": {
    needs: ["curl"],
    agent: /curl/,
    command: async (file, port) => [
      ...["sh", "-c", 'ffmpeg -v error -re -i "$0" -c copy -f mp3 -write_xing 0 - | "$@"', file],
      ...["curl", "-s", "-u", `source:${PASSWORD}`],
      ...["-T", "-", `http://127.0.0.1:${port}/stream`],
    ],
  },
};

describe("a show is heard that is sent by", () => {
  for (const [name, source] of Object.entries(SOURCES)) {
    test.concurrent.skipIf(!has("ffmpeg", ...source.needs))(
      name,
      async () => {
        using _ = await turn();
        await using files = await openScratch();
        const at = (file: string) => join(files.path, file);
        const file = at(source.file ?? "show.mp3");
        await makeTone(file, 880, 4);
        await using radio = await stationOnPair();
        const { mount } = radio.station.first;
        const titles = new Set<string>();
        using _titles = mount.events.on("titleWritten", ({ metadata }) =>
          titles.add(metadata.title),
        );
        await using dj = run(await source.command(file, radio.sourcePort, files.path));
        await until("it is on air", () => mount.onAir?.kind === "live", START_SECONDS);
        expect(mount.onAir?.name).toMatch(source.agent);
        using listener = await Wire.listen(radio.sourcePort, "/stream");
        await until("it has left", () => mount.live === null, START_SECONDS);
        const slack = source.isEncoding ? 0.2 : 0.1;
        let heard: Heard = { hertz: 0, seconds: 0, errors: "" };
        const isWhole = async () => {
          await Bun.write(at("heard"), listener.body);
          heard = await hear(at("heard"));
          return Math.abs(heard.seconds - 4) < slack;
        };
        // The last frames are still on their way when the source has left.
        await until("all of it has come", isWhole).catch(() => undefined);
        expect(Math.abs(heard.seconds - 4), await dj.said).toBeLessThan(slack);
        expect(Math.abs(heard.hertz - 880)).toBeLessThan(9);
        expect(await dj.exited, await dj.said).toBe(0);
        if (source.title !== undefined) expect([...titles]).toContain(source.title);
        expect(radio.station.facts().sources).toEqual({ accepted: 1 });
      },
      LIMIT_MS,
    );
  }
});

/** Of the tones of makeTone, at 44.1 kHz. */
const FRAME_SECONDS = 1152 / 44_100;

interface Listener {
  /** Takes some three seconds of a stream into a file. */
  readonly command: (url: string, file: string) => string[];
  /** Seconds it is told to take. Without, a clock or a count of reads stops it while the burst comes as fast as it
   * reads: what it should have made follows from the whole frames that it was given. */
  readonly seconds?: number;
  /** The file of what it was given; its own, when it decodes nothing. */
  readonly given?: (file: string) => string;
  /** Of its file; what is no sound is what ffprobe tells. */
  readonly ending?: string;
  /** Other than 0 when it does not end by itself. */
  readonly exitCode?: number;
  /** It talks of itself, however quiet it is told to be. */
  readonly isChatty?: boolean;
}

const LISTENERS: Readonly<Record<string, Listener>> = {
  ffmpeg: {
    command: (url, file) => ["ffmpeg", "-v", "error", "-i", url, "-t", "3", "-f", "wav", file],
    seconds: 3,
  },
  ffprobe: {
    command: (url, file) => [
      ...["ffprobe", "-v", "error", "-count_frames", "-read_intervals", "%+3", "-of", "csv=p=0"],
      ...["-show_entries", "stream=codec_name,sample_rate,channels,nb_read_frames"],
      ...["-o", file, url],
    ],
    seconds: 3,
    ending: "csv",
  },
  mpv: {
    command: (url, file) => [
      ...["mpv", "--no-config", "--no-video", "--msg-level=all=error", "--length=3"],
      ...["--ao=pcm", `--ao-pcm-file=${file}`, url],
    ],
    seconds: 3,
  },
  mpg123: {
    command: (url, file) => ["mpg123", "-q", "-n", "115", "-w", file, url],
    seconds: 115 * FRAME_SECONDS,
  },
  "gst-launch-1.0": {
    command: (url, file) => [
      ...["gst-launch-1.0", "-q", "souphttpsrc", `location=${url}`, "iradio-mode=true"],
      ..."num-buffers=13 blocksize=4096 ! icydemux ! tee name=given".split(" "),
      ..."given. ! queue ! decodebin ! audioconvert ! wavenc !".split(" "),
      ...["filesink", `location=${file}`, "given.", "!", "queue", "!"],
      ...["filesink", `location=${file}.given`],
    ],
    given: (file) => `${file}.given`,
  },
  streamripper: {
    command: (url, file) => [
      ...["streamripper", url, "-l", "3", "-A", "-c", "--quiet", "-a", file],
    ],
    given: (file) => file,
    ending: "mp3",
  },
  cvlc: {
    command: (url, file) => [
      ...[...AS_NOBODY, "cvlc", "-I", "dummy", url, "--run-time=3", "vlc://quit", "--sout"],
      `#std{access=file,mux=raw,dst=${file}}`,
    ],
    given: (file) => file,
    ending: "mp3",
    isChatty: true,
  },
  curl: {
    command: (url, file) => ["curl", "-s", "-m", "3", "-o", file, url],
    given: (file) => file,
    ending: "mp3",
    // Its time was over.
    exitCode: 28,
  },
};

/** Cuts off the frame within which a program was stopped, about which a decoder would complain; all before it are whole
 * and without a gap, from the first byte on, which may begin a frame of a higher bit rate. Returns their seconds. */
async function cutToFrames(file: string): Promise<number> {
  const bytes = await Bun.file(file).bytes();
  let [end, count] = [0, 0];
  for (;;) {
    if (end + 4 > bytes.length) break;
    const { length = 0, bitrate } = parseMpegHeader(bytes, end) ?? {};
    expect(length).toBeGreaterThan(0);
    if (count > 0) expect(bitrate).toBe(128);
    if (end + length > bytes.length) break;
    end += length;
    count++;
  }
  await Bun.write(file, bytes.subarray(0, end));
  return count * FRAME_SECONDS;
}

/** What ffprobe decoded: it counts, and has no ear for pitch. */
async function probed(file: string) {
  const [codec, rate, channels, frames] = (await Bun.file(file).text()).trim().split(",");
  expect([codec, rate, channels]).toEqual(["mp3", "44100", "2"]);
  return { hertz: null, seconds: Number(frames) * FRAME_SECONDS, errors: "" };
}

describe("the playlist is heard on every door they can use by", () => {
  for (const [name, listener] of Object.entries(LISTENERS)) {
    test.concurrent.skipIf(!has("ffmpeg", name))(
      name,
      async () => {
        using _ = await turn();
        await using music = await scratch();
        await using files = await openScratch();
        await makeTone(join(music.path, "tone.mp3"), 660, 30);
        await using radio = await stationOnPair(music.path);
        await until("there is a burst to hear", () => radio.station.first.mount.ring.head > 90_000);
        const ports = [radio.listenPort, radio.sourcePort];
        await Promise.all(ports.map((port) => listen(listener, port, files.path)));
      },
      LIMIT_MS,
    );
  }

  async function listen(listener: Listener, port: number, directory: string): Promise<void> {
    const { command, given, ending = "wav", exitCode = 0 } = listener;
    const file = join(directory, `${port}.${ending}`);
    await using player = run(command(`http://127.0.0.1:${port}/stream`, file));
    const ended = await player.exited;
    const said = await player.said;
    expect(ended, said).toBe(exitCode);
    if (listener.isChatty !== true) expect(said).toBe("");
    const wanted = given === undefined ? listener.seconds : await cutToFrames(given(file));
    const heard = ending === "csv" ? await probed(file) : await hear(file);
    expect(heard.errors).toBe("");
    if (heard.hertz !== null) expect(Math.abs(heard.hertz - 660)).toBeLessThan(7);
    expect(heard.seconds).toBeGreaterThan(2.5);
    expect(Math.abs(heard.seconds - (wanted ?? 0))).toBeLessThan(0.1);
  }
});

interface Proof {
  readonly name: string;
  readonly works: string;
  readonly program: string;
}

/** One for each run of this file; a run that fails is a line that must not stand there. */
const PROOFS: readonly Proof[] = [
  ...Object.entries(SOURCES).map(([name, { needs }]) => {
    return { name, works: "as a source", program: needs.at(-1) ?? name };
  }),
  ...Object.keys(LISTENERS).map((name) => {
    return { name, works: "as a listener on both ports", program: name };
  }),
  // Hears tones by the page in tests/browser/listening.test.ts.
  { name: "Chromium", works: "as a listener on the listen port", program: "chromium" },
  { name: "Icecast", works: "as a relay of a mount, on the source port", program: "icecast2" },
];

/** Debian's package of a program that is not called like it. */
const PACKAGES: Readonly<Record<string, string>> = {
  cvlc: "vlc-bin",
  ffprobe: "ffmpeg",
  "gst-launch-1.0": "gstreamer1.0-tools",
};

test("the documented table of programs is what these runs prove", async () => {
  const page = await Bun.file(join(import.meta.dir, "../../docs/operating.md")).text();
  const table = Array.from(page.matchAll(/^\| (.*?) *\| (as a .*?) *\| [\d.]+ *\|$/gm));
  const rows = table.map(([, name, works]) => `${name}: ${works}`);
  expect(rows).toEqual(PROOFS.map(({ name, works }) => `${name}: ${works}`));
  const here = PROOFS.map(({ name, works, program }) => [
    name,
    works,
    packageVersion(PACKAGES[program] ?? program),
  ]);
  console.log(here.map((row) => row.join(" | ")).join("\n"));
});

function icecastConfig(from: number, port: number, directory: string): string {
  const paths = ["basedir", "logdir", "webroot", "adminroot"];
  return `<icecast>
    <hostname>localhost</hostname>
    <limits><clients>20</clients><sources>4</sources></limits>
    <authentication>
      <source-password>a</source-password><relay-password>a</relay-password>
      <admin-user>admin</admin-user><admin-password>a</admin-password>
    </authentication>
    <listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
    <relay>
      <server>127.0.0.1</server><port>${from}</port><mount>/stream</mount>
      <local-mount>/relay</local-mount><on-demand>0</on-demand>
      <relay-shoutcast-metadata>1</relay-shoutcast-metadata>
    </relay>
    <paths>${paths.map((path) => `<${path}>${directory}</${path}>`).join("")}</paths>
    <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog></logging>
    <security><chroot>0</chroot></security>
  </icecast>`;
}

test.concurrent.skipIf(!has("ffmpeg", "icecast2", "mpg123"))(
  "Icecast itself relays the playlist from the source port, titles included, to a player behind it",
  async () => {
    using _ = await turn();
    await using music = await scratch();
    await using files = await openScratch();
    const at = (file: string) => join(files.path, file);
    await makeTone(join(music.path, "Some One - Some Tone.mp3"), 550, 30);
    await using radio = await stationOnPair(music.path);
    const port = freePair();
    await Bun.write(at("icecast.xml"), icecastConfig(radio.sourcePort, port, files.path));
    await using relay = run([...AS_NOBODY, "icecast2", "-c", at("icecast.xml")]);
    await until("the relay listens", () => radio.station.facts().mounts[0].listeners === 1);
    const url = `http://127.0.0.1:${port}/relay`;
    await until(
      "the relay has something",
      async () => (await Wire.listen(port, "/relay")).head.startsWith("HTTP/1.0 200"),
      START_SECONDS,
    );
    await using player = run(["mpg123", "-v", "-n", "115", "-w", at("heard.wav"), url]);
    expect(await player.exited).toBe(0);
    const { hertz, seconds, errors } = await hear(at("heard.wav"));
    const said = await player.said;
    expect(Math.abs(hertz - 550), said).toBeLessThan(6);
    // The player begins in the middle of a frame.
    expect(Math.abs(seconds - 115 * FRAME_SECONDS)).toBeLessThan(0.5);
    expect(errors).toBe("");
    expect(said).toContain("Some One - Some Tone");
    expect(said).toContain("ICY-NAME: Test Radio");
    await relay[Symbol.asyncDispose]();
    await until("the relay is gone", () => radio.station.facts().mounts[0].listeners === 0);
  },
  LIMIT_MS,
);

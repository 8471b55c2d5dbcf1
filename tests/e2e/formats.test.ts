// Every format that encoders send, live and from the playlist: what arrives can be decoded from where a listener joins.
import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

const ffmpeg = requireProgram("ffmpeg");
const withFfmpeg = test.skipIf(ffmpeg === null);

interface Kind {
  readonly name: string;
  /** How ffmpeg makes it, container last. */
  readonly encode: readonly string[];
  readonly type: string;
  readonly ending: string;
}

const MP3: Kind = {
  name: "MP3",
  encode: ["-b:a", "128k", "-f", "mp3"],
  type: "audio/mpeg",
  ending: "mp3",
};

const KINDS: readonly Kind[] = [
  { name: "AAC", encode: ["-c:a", "aac", "-f", "adts"], type: "audio/aac", ending: "aac" },
  {
    name: "Ogg Vorbis",
    encode: ["-c:a", "libvorbis", "-f", "ogg"],
    type: "audio/ogg",
    ending: "ogg",
  },
  {
    name: "Ogg Opus",
    encode: ["-c:a", "libopus", "-ar", "48000", "-page_duration", "100000", "-f", "ogg"],
    type: "audio/ogg",
    ending: "opus",
  },
  { name: "Ogg FLAC", encode: ["-c:a", "flac", "-f", "ogg"], type: "audio/ogg", ending: "oga" },
];
const WEBM: Kind = {
  name: "WebM Opus",
  encode: ["-c:a", "libopus", "-ar", "48000", "-cluster_time_limit", "500", "-f", "webm"],
  type: "audio/webm",
  ending: "webm",
};

function run(args: readonly string[]) {
  return Bun.spawn([ffmpeg ?? "", "-loglevel", "error", ...args], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function make(path: string, kind: Kind, seconds: number, hz = 440): Promise<void> {
  const made = run([
    "-f",
    "lavfi",
    "-i",
    `sine=f=${hz}:d=${seconds}:r=44100`,
    "-ac",
    "2",
    ...kind.encode,
    "-y",
    path,
  ]);
  expect(await made.exited, await new Response(made.stderr).text()).toBe(0);
}

/** Longer than any test, which ends it. */
const SHOW_SECONDS = 600;

function goLive(radio: TestStation, kind: Kind, ...options: string[]) {
  const url = `icecast://source:${PASSWORD}@127.0.0.1:${radio.sourcePort}/stream`;
  const input = ["-re", "-f", "lavfi", "-i", `sine=f=880:d=${SHOW_SECONDS}:r=44100`, "-ac", "2"];
  return run([...input, ...kind.encode, "-content_type", kind.type, ...options, url]);
}

/** What ffmpeg makes of the bytes: seconds of audio, and what it complains of. */
async function decode(path: string) {
  const decoded = run(["-i", path, "-f", "s16le", "-ac", "1", "-ar", "8000", "-"]);
  const [pcm, complaints] = await Promise.all([
    new Response(decoded.stdout).arrayBuffer(),
    new Response(decoded.stderr).text(),
  ]);
  return { seconds: pcm.byteLength / 2 / 8000, complaints };
}

function onAir(radio: TestStation): string {
  return radio.station.facts().mounts[0].onAir;
}

for (const kind of [...KINDS, WEBM]) {
  withFfmpeg(
    `a listener who joins in the middle of a live ${kind.name} show can decode it`,
    async () => {
      await using files = await scratch();
      await using radio = await startStation(testConfig([{ burstSeconds: 1 }]));
      await using show = goLive(radio, kind);
      await until("the show is on air", () => onAir(radio) === "live");
      const headSeconds = () => radio.station.facts().mounts[0].timeline.headSeconds;
      const begunSeconds = headSeconds();
      await until("it has gone on for a while", () => headSeconds() > begunSeconds + 2);
      using listener = await Wire.listen(radio.listenPort, "/stream", "Icy-MetaData: 1\r\n");
      expect(listener.head).toMatch(new RegExp(`content-type: ${kind.type}`, "i"));
      expect(/^icy-metaint:/im.test(listener.head)).toBe(kind.type === "audio/aac");
      await until("it has been heard for a while", () => listener.body.length > 20_000);
      using plain = await Wire.listen(radio.listenPort, "/stream");
      const path = join(files.path, `heard.${kind.ending}`);
      let complaints = "";
      await until("another hears some", () => plain.body.length > 20_000);
      await until("it can be decoded", async () => {
        await Bun.write(path, plain.body);
        const heard = await decode(path);
        complaints = heard.complaints;
        return heard.seconds > 2;
      });
      expect(
        complaints.replace(
          /.*(partial file|Packet corrupt|truncat|exceeds containing|File ended prematurely).*\n/gi,
          "",
        ),
      ).toBe("");
      show.kill();
      await show.exited;
    },
    120_000,
  );
}

for (const kind of KINDS) {
  withFfmpeg(
    `a playlist of ${kind.name} is heard through its seams`,
    async () => {
      await using files = await scratch();
      const music = join(files.path, "music");
      await mkdir(music);
      const [a, b] = ["a", "b"].map((name) => join(music, `${name}.${kind.ending}`));
      await make(a ?? "", kind, 2);
      await make(b ?? "", kind, 2, 660);
      const roundBytes = Bun.file(a ?? "").size + Bun.file(b ?? "").size;
      const extensions = [".mp3", ".ogg", ".oga", ".opus", ".aac"];
      await using radio = await startStation(
        testConfig([{ playlist: { directory: music, extensions } }]),
      );
      using listener = await Wire.listen(radio.listenPort, "/stream");
      const path = join(files.path, `heard.${kind.ending}`);
      await until("a round has been heard, or nearly", () => listener.body.length > roundBytes);
      await until("five seconds of it can be decoded", async () => {
        await Bun.write(path, listener.body);
        return (await decode(path)).seconds > 5;
      });
      expect(listener.isClosed).toBe(false);
    },
    120_000,
  );
}

withFfmpeg(
  "a live Ogg show over an MP3 playlist ends the listeners cleanly, who come back to Ogg, and to MP3 after it",
  async () => {
    await using music = await scratch();
    await make(join(music.path, "a.mp3"), MP3, 20);
    await using radio = await startStation(testConfig([{ playlist: { directory: music.path } }]));
    using before = await Wire.listen(radio.listenPort, "/stream");
    expect(before.head).toMatch(/content-type: audio\/mpeg/i);
    await using show = goLive(radio, KINDS[1] ?? MP3);
    await before.closed();
    using during = await Wire.listen(radio.listenPort, "/stream");
    expect(during.head).toMatch(/content-type: audio\/ogg/i);
    await until("Ogg is heard", () => during.body.subarray(0, 4).toString() === "OggS");
    show.kill();
    await show.exited;
    await during.closed();
    using after = await Wire.listen(radio.listenPort, "/stream");
    expect(after.head).toMatch(/content-type: audio\/mpeg/i);
  },
  120_000,
);

withFfmpeg(
  "a source of another format is refused where the mount refuses it, and the listeners stay",
  async () => {
    await using music = await scratch();
    await make(join(music.path, "a.mp3"), MP3, 20);
    const mount = { onFormatChange: "refuse" as const, playlist: { directory: music.path } };
    await using radio = await startStation(testConfig([mount]));
    using listener = await Wire.listen(radio.listenPort, "/stream");
    await until("the playlist is heard", () => listener.body.length > 1000);
    const show = goLive(radio, KINDS[0] ?? MP3, "-content_type", "audio/mpeg");
    expect(await show.exited).not.toBe(0);
    using told = await Wire.open(radio.sourcePort);
    const login = Buffer.from(`source:${PASSWORD}`).toString("base64");
    told.send(
      `PUT /stream HTTP/1.1\r\nAuthorization: Basic ${login}\r\nContent-Type: audio/ogg\r\n\r\n`,
    );
    await told.closed();
    expect(told.text).toStartWith("HTTP/1.0 403 Forbidden\r\n");
    expect(told.text).toContain("This mount plays MP3 44.1 kHz stereo and refuses other formats");
    expect(onAir(radio)).toBe("playlist");
    expect(listener.isClosed).toBe(false);
  },
  120_000,
);

test("a source of another rate is refused at its first frames: both formats are named, it is counted, and nobody hears it", async () => {
  await using music = await scratch();
  const track = concat(...(await writeTrack(music.path, "1.mp3", trackFrames(1, 400))));
  const mount = { onFormatChange: "refuse" as const, playlist: { directory: music.path } };
  await using radio = await startStation(testConfig([mount]));
  using listener = await Wire.listen(radio.listenPort, "/stream");
  await until("the playlist is heard", () => listener.body.length > 1000);
  const login = Buffer.from(`source:${PASSWORD}`).toString("base64");
  const put = async (type: string): Promise<string> => {
    using wire = await Wire.open(radio.sourcePort);
    wire.send(
      `PUT /stream HTTP/1.1\r\nAuthorization: Basic ${login}\r\nContent-Type: ${type}\r\n` +
        "Expect: 100-continue\r\n\r\n",
    );
    wire.send(concat(...mpegFrames(20, { sampleRate: 48_000 })));
    await wire.closed();
    return wire.text;
  };
  const why =
    "it sends MP3 48 kHz stereo, this mount plays MP3 44.1 kHz stereo and refuses other formats (on_format_change)";
  const late = await put("audio/mpeg");
  expect(late).toStartWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 403 Forbidden\r\n");
  expect(late).toEndWith(`\r\n\r\nBroken off: ${why}\r\n`);
  expect(radio.logged.filter((line) => line.includes(`has left: ${why}`)).length).toBe(1);
  // A type that tells it is refused before it is told to go on.
  expect(await put("audio/ogg")).toStartWith("HTTP/1.0 403 Forbidden\r\n");
  expect(radio.station.facts().sources).toEqual({ accepted: 1, format: 2 });
  const before = listener.body.length;
  await until("the playlist goes on", () => listener.body.length > before);
  expect(Buffer.from(concat(track, track)).includes(listener.body)).toBe(true);
});

withFfmpeg(
  "a playlist of several formats plays that of most files, and names the rest",
  async () => {
    await using files = await scratch();
    const music = join(files.path, "music");
    await mkdir(music);
    const [aac, vorbis] = KINDS;
    if (aac === undefined || vorbis === undefined) throw new Error("there are no kinds");
    await make(join(music, "1 alone.aac"), aac, 1);
    await make(join(music, "2 one.ogg"), vorbis, 1);
    await make(join(music, "3 two.ogg"), vorbis, 1, 660);
    const playlist = { directory: music, extensions: [".aac", ".ogg"] };
    const mounts = [
      { playlist },
      { path: "/aac", playlist: { ...playlist, format: "aac" as const } },
    ];
    await using radio = await startStation(testConfig([mounts[0] ?? {}, mounts[1] ?? {}]));
    using most = await Wire.listen(radio.listenPort, "/stream");
    using chosen = await Wire.listen(radio.listenPort, "/aac");
    expect(most.head).toMatch(/content-type: audio\/ogg/i);
    expect(chosen.head).toMatch(/content-type: audio\/aac/i);
    await until("the others were met", () => radio.station.facts().warnings.length > 1);
    const told = radio.station.facts().warnings.join("\n");
    expect(told).toContain("The playlist of /stream skips 1 alone.aac");
    expect(told).toContain("The playlist of /aac skips 2 one.ogg, 3 two.ogg");
    expect(most.isClosed || chosen.isClosed).toBe(false);
  },
  120_000,
);

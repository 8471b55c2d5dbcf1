// The same with real programs: ffmpeg as the DJ, ffmpeg and curl as listeners.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

const ffmpeg = requireProgram("ffmpeg");
const curl = requireProgram("curl");

async function run(command: string[]): Promise<void> {
  const program = Bun.spawn(command, { stderr: "pipe", stdout: "ignore", stdin: "ignore" });
  if ((await program.exited) !== 0) throw new Error(await new Response(program.stderr).text());
}

/** A tone as ffmpeg encodes it, and the frames that are in it. */
async function tone(path: string, seconds: number): Promise<Buffer> {
  const encode = "-ac 2 -ar 44100 -b:a 128k -write_xing 0 -id3v2_version 0".split(" ");
  await run([
    ffmpeg ?? "",
    "-loglevel",
    "error",
    "-f",
    "lavfi",
    "-i",
    `sine=d=${seconds}`,
    ...encode,
    path,
  ]);
  const parser = createMpegParser();
  const bytes = await Bun.file(path).bytes();
  return Buffer.concat([parser.push(bytes).bytes.slice(), parser.end().bytes]);
}

/** A recording of such tones without its last frame, which may be incomplete. */
function wholeFrames(bytes: Buffer): Buffer {
  for (let end = 0; ;) {
    const isPadded = ((bytes[end + 2] ?? 0) & 2) !== 0;
    const length = isPadded ? 418 : 417;
    if (end + length > bytes.length) return bytes.subarray(0, end);
    end += length;
  }
}

/** ffmpeg goes live with a file, paced, its frames copied as they are. */
function broadcast(path: string, port: number, ...options: string[]) {
  const url = `icecast://source:${PASSWORD}@127.0.0.1:${port}/stream`;
  const input = ["-loglevel", "error", "-re", "-i", path, "-c", "copy", "-f", "mp3"];
  const output = ["-write_xing", "0", "-id3v2_version", "0", "-content_type", "audio/mpeg"];
  const command = [ffmpeg ?? "", ...input, ...output, ...options, url];
  return Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
}

for (const [mode, options] of [
  ["PUT", []],
  ["SOURCE", ["-legacy_icecast", "1"]],
] as const) {
  test.skipIf(ffmpeg === null)(
    `a listener of the playlist hears exactly the frames that ffmpeg sends by ${mode}, then the rest of the track`,
    async () => {
      await using files = await scratch();
      await using music = await scratch();
      await writeTrack(music.path, "1.mp3", trackFrames(1, 400));
      const show = await tone(join(files.path, "show.mp3"), 3);
      await using radio = await startStation(testConfig([{ playlist: { directory: music.path } }]));
      using listener = await Wire.listen(radio.listenPort, "/stream");
      const dj = broadcast(join(files.path, "show.mp3"), radio.sourcePort, ...options);
      expect(await dj.exited, await new Response(dj.stderr).text()).toBe(0);
      await until("the show was heard", () => listener.body.includes(show));
      const end = listener.body.indexOf(show) + show.length;
      await until("the playlist is back", () => listener.body.length > end + 4000);
      // The track goes on; on a busy machine there is silence before it.
      const track = trackFrames(1, 400);
      const body = listener.body.subarray(listener.body.indexOf(track[0] ?? ""));
      const heard = Buffer.concat([...track, ...track, ...track]);
      const [from, to] = [body.indexOf(show), body.indexOf(show) + show.length];
      expect(body.subarray(0, from).equals(heard.subarray(0, from))).toBe(true);
      const after = body.subarray(to, to + 4000);
      expect(after.equals(heard.subarray(from, from + 4000))).toBe(true);
      expect(listener.isClosed).toBe(false);
    },
    120_000,
  );
}

test.skipIf(ffmpeg === null)(
  "ffmpeg is killed in its show: the listener stays and hears the playlist",
  async () => {
    await using files = await scratch();
    await using music = await scratch();
    await writeTrack(music.path, "1.mp3", trackFrames(1, 400));
    await tone(join(files.path, "show.mp3"), 20);
    await using radio = await startStation(testConfig([{ playlist: { directory: music.path } }]));
    const onAir = () => radio.station.facts().mounts[0].onAir;
    using listener = await Wire.listen(radio.listenPort, "/stream");
    const dj = broadcast(join(files.path, "show.mp3"), radio.sourcePort);
    await until("the show is on air", () => onAir() === "live");
    dj.kill("SIGKILL");
    await until("the playlist is back", () => onAir() === "playlist");
    const length = listener.body.length;
    await until("it is heard", () => listener.body.length > length + 2000);
    expect(listener.isClosed).toBe(false);
  },
  120_000,
);

test.skipIf(ffmpeg === null)("ffmpeg with a wrong password is refused", async () => {
  await using files = await scratch();
  await tone(join(files.path, "show.mp3"), 1);
  await using radio = await startStation(testConfig());
  const url = `icecast://source:wrong@127.0.0.1:${radio.sourcePort}/stream`;
  const input = [
    "-loglevel",
    "error",
    "-i",
    join(files.path, "show.mp3"),
    "-c",
    "copy",
    "-f",
    "mp3",
  ];
  const dj = Bun.spawn([ffmpeg ?? "", ...input, url], { stderr: "pipe", stdin: "ignore" });
  expect(await dj.exited).not.toBe(0);
  expect(await new Response(dj.stderr).text()).toContain("401 Unauthorized");
});

test.skipIf(ffmpeg === null || curl === null)(
  "what curl records through a switch is decoded by ffmpeg without an error",
  async () => {
    await using files = await scratch();
    await using music = await scratch();
    const at = (name: string) => join(files.path, name);
    await tone(join(music.path, "a tone.mp3"), 20);
    await tone(at("show.mp3"), 2);
    await using radio = await startStation(testConfig([{ playlist: { directory: music.path } }]));
    const record = Bun.spawn([curl ?? "", "-s", "-o", at("heard.mp3"), `${radio.url}/stream`]);
    await until("curl listens", () => radio.station.facts().mounts[0].listeners === 1);
    await broadcast(at("show.mp3"), radio.sourcePort).exited;
    const bytes = radio.station.facts().mounts[0].sentBytes;
    await until(
      "the playlist is heard again",
      () => radio.station.facts().mounts[0].sentBytes > bytes + 16_000,
    );
    record.kill();
    await record.exited;
    const heard = Buffer.from(await Bun.file(at("heard.mp3")).bytes());
    await Bun.write(at("heard.mp3"), wholeFrames(heard));
    await run([ffmpeg ?? "", "-v", "error", "-xerror", "-i", at("heard.mp3"), "-f", "null", "-"]);
  },
  120_000,
);

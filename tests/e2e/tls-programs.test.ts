// Real programs over TLS, as sources and as listeners: what is decoded is the tone that was sent.
import { describe, expect, test } from "bun:test";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { makeCertificate, type PairFiles, secureConfig } from "../support/certificates.ts";
import { PASSWORD } from "../support/config.ts";
import { freePort } from "../support/ports.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { type Heard, hear, makeTone } from "../support/tone.ts";
import { Wire } from "../support/wire.ts";

const has = (...names: string[]) => names.every((name) => requireProgram(name) !== null);

/** Real programs share the processor with everything else. */
const START_SECONDS = 60;
const LIMIT_MS = 180_000;

const LIBSHOUT = join(import.meta.dir, "..", "support", "libshout.ts");

/** A running program: killed by its own id when the test is over. */
function run(command: string[]) {
  const program = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const errors = new Response(program.stderr).text();
  return {
    errors,
    output: new Response(program.stdout).bytes(),
    exited: program.exited,
    async [Symbol.asyncDispose]() {
      program.kill("SIGKILL");
      await program.exited;
    },
  };
}

interface Show {
  readonly file: string;
  readonly port: number;
  readonly folder: string;
  readonly pair: PairFiles;
}

async function ezstream(mode: string, { file, port, folder, pair }: Show): Promise<string[]> {
  const config = join(folder, "ezstream.xml");
  const tls = `<tls>${mode}</tls><ca_file>${pair.certificate}</ca_file>`;
  const server = `<hostname>localhost</hostname><port>${port}</port><user>source</user><password>${PASSWORD}</password>`;
  await Bun.write(
    config,
    `<?xml version="1.0" encoding="UTF-8"?>
    <ezstream>
      <servers><server><name>s</name><protocol>HTTP</protocol>${server}${tls}</server></servers>
      <streams><stream><mountpoint>/stream</mountpoint><server>s</server><intake>i</intake><format>MP3</format></stream></streams>
      <intakes><intake><name>i</name><filename>${file}</filename><stream_once>yes</stream_once></intake></intakes>
    </ezstream>`,
  );
  await chmod(config, 0o600);
  return ["ezstream", "-c", config];
}

function libshout(mode: number, { file, port, pair }: Show): Promise<string[]> {
  const to = [String(port), String(mode), pair.certificate, PASSWORD, file];
  return Promise.resolve([process.execPath, LIBSHOUT, ...to]);
}

type Command = (show: Show) => Promise<string[]>;

const SOURCES: readonly [name: string, needs: string, command: Command][] = [
  [
    "ffmpeg",
    "ffmpeg",
    async ({ file, port }) => [
      ...[
        "ffmpeg",
        "-v",
        "error",
        "-re",
        "-i",
        file,
        "-c",
        "copy",
        "-f",
        "mp3",
        "-write_xing",
        "0",
      ],
      ...["-content_type", "audio/mpeg", "-tls", "1"],
      `icecast://source:${PASSWORD}@localhost:${port}/stream`,
    ],
  ],
  ["ezstream, TLS required", "ezstream", (show) => ezstream("Required", show)],
  ["ezstream, TLS if there is", "ezstream", (show) => ezstream("May", show)],
  ["libshout, TLS from the start (RFC 2818)", "ezstream", (show) => libshout(11, show)],
  ["libshout, TLS by upgrade (RFC 2817)", "ezstream", (show) => libshout(12, show)],
];

describe("a show is heard that is sent over TLS by", () => {
  for (const [name, needs, command] of SOURCES) {
    test.concurrent.skipIf(!has("ffmpeg", "openssl", needs))(
      name,
      async () => {
        await using folder = await scratch();
        const file = join(folder.path, "show.mp3");
        await makeTone(file, 880, 4);
        const pair = await makeCertificate(folder.path, "station");
        await using radio = await startStation(secureConfig(pair));
        const { mount } = radio.station.first;
        const port = radio.sourcePort;
        await using dj = run(await command({ file, port, folder: folder.path, pair }));
        await until("it is on air", () => mount.onAir?.kind === "live", START_SECONDS);
        using listener = await Wire.listen(port, "/stream", "", Wire.secure);
        await until("it has left", () => mount.live === null, START_SECONDS);
        expect(await dj.exited, await dj.errors).toBe(0);
        const recording = join(folder.path, "heard.mp3");
        let heard: Heard = { hertz: 0, seconds: 0, errors: "" };
        const isWhole = async () => {
          await Bun.write(recording, listener.body);
          heard = await hear(recording);
          return Math.abs(heard.seconds - 4) < 0.1;
        };
        // The last frames are still on their way when the source has left.
        await until("all of it has come", isWhole).catch(() => undefined);
        expect(Math.abs(heard.seconds - 4)).toBeLessThan(0.1);
        expect(Math.abs(heard.hertz - 880)).toBeLessThan(9);
        expect(radio.station.facts().sources).toEqual({ accepted: 1 });
      },
      LIMIT_MS,
    );
  }
});

/** Each writes what it plays or gets to a file, or to its output. */
const LISTENERS: readonly [
  name: string,
  command: (url: string, file: string) => string[],
  ending: string,
][] = [
  [
    "ffmpeg",
    (url, file) => ["ffmpeg", "-v", "error", "-i", url, "-t", "3", "-f", "wav", file],
    "wav",
  ],
  [
    "mpv",
    (url, file) => [
      ...["mpv", "--no-config", "--no-video", "--msg-level=all=error", "--length=3"],
      ...["--ao=pcm", `--ao-pcm-file=${file}`, url],
    ],
    "wav",
  ],
  ["curl", (url, file) => ["curl", "-s", "-k", "-m", "3", "-o", file, url], "mp3"],
];

describe("the playlist is heard over TLS on both ports by", () => {
  for (const [name, command, ending] of LISTENERS) {
    test.concurrent.skipIf(!has("ffmpeg", "openssl", name))(
      name,
      async () => {
        await using music = await scratch();
        await using folder = await scratch();
        await makeTone(join(music.path, "tone.mp3"), 660, 30);
        const pair = await makeCertificate(folder.path, "station");
        const mount = { playlist: { directory: music.path } };
        const listenPort = freePort();
        await using radio = await startStation(secureConfig(pair, [mount], { listenPort }));
        await until("there is a burst to hear", () => radio.station.first.mount.ring.head > 90_000);
        for (const port of [radio.sourcePort, listenPort]) {
          const file = join(folder.path, `${port}.${ending}`);
          await using player = run(command(`https://localhost:${port}/stream`, file));
          await player.exited;
          const { hertz, seconds } = await hear(file);
          expect(Math.abs(hertz - 660), await player.errors).toBeLessThan(7);
          expect(seconds).toBeGreaterThan(2.5);
        }
      },
      LIMIT_MS,
    );
  }

  test.concurrent.skipIf(!has("openssl"))(
    "openssl s_client, which finds its certificate in order",
    async () => {
      await using folder = await scratch();
      const pair = await makeCertificate(folder.path, "station");
      await using radio = await startStation(secureConfig(pair));
      const address = ["-connect", `localhost:${radio.sourcePort}`, "-CAfile", pair.certificate];
      const verify = ["-verify_hostname", "localhost", "-verify_return_error", "-quiet"];
      const client = Bun.spawn(["openssl", "s_client", ...address, ...verify], {
        stdin: "pipe",
        stdout: "pipe",
        stderr: "ignore",
      });
      await client.stdin.write("GET /health HTTP/1.0\r\n\r\n");
      await client.stdin.flush();
      expect(await new Response(client.stdout).text()).toStartWith("HTTP/1.0 200 OK\r\n");
      await client.exited;
    },
    LIMIT_MS,
  );
});

// The station that is heard: a process of its own with a mount of each codec, which can be stopped and started again.
import type { Subprocess } from "bun";
import { join } from "node:path";
import { EXECUTABLE } from "../dist/executable.ts";
import { PASSWORD } from "../support/config.ts";
import { until } from "../support/station.ts";
import { CODEC_NAMES, type CodecName } from "./songs.ts";

export interface HeardMount {
  readonly path: string;
  readonly codec: CodecName;
  /** Its playlists are for one listener each: it is asked without a cache between. */
  readonly hasSessions: boolean;
}

export const MOUNTS: readonly HeardMount[] = [
  { path: "/stream", codec: "mp3", hasSessions: true },
  ...CODEC_NAMES.map((codec) => ({ path: `/${codec}`, codec, hasSessions: false })),
];

export const hlsOf = (url: string, path: string): string => `${url}${path}/hls/index.m3u8`;

const blocksOf = ({ codec, hasSessions }: HeardMount) => `hls {
  enabled = true
  sessions = ${hasSessions}
}
playlist {
  directory = "tracks-${codec}"
  shuffle = false
  loudness = "off"
  trim_silence = "off"
}
`;

const configText = (sourcePort: number, listenPort: number): string => {
  const [first, ...others] = MOUNTS;
  const more = others.map((mount) => `mount "${mount.path}" {\n${blocksOf(mount)}}\n`);
  return `server {
  host = "127.0.0.1"
  source_port = ${sourcePort}
  listen_port = ${listenPort}
  source_password = "${PASSWORD}"
  admin_password = "${PASSWORD}"
  mount_point = "/stream"
  state_directory = "state"
  trusted_proxies = ["127.0.0.1"]
}
advanced {
  source_steady = 0
}
${first === undefined ? "" : blocksOf(first)}${more.join("")}`;
};

export class OnAir implements AsyncDisposable {
  readonly url: string;
  #child: Subprocess | null = null;

  constructor(
    private readonly folder: string,
    readonly ports: { readonly source: number; readonly listen: number },
  ) {
    this.url = `http://127.0.0.1:${ports.listen}`;
  }

  async start(): Promise<void> {
    await this.#spawn();
    await until("the station answers", () => this.#answers());
  }

  async #spawn(): Promise<void> {
    const file = join(this.folder, "radio.hcl");
    await Bun.write(file, configText(this.ports.source, this.ports.listen));
    this.#child = Bun.spawn([EXECUTABLE, "-c", file], {
      cwd: this.folder,
      stdin: "ignore",
      stdout: "ignore",
      stderr: Bun.file(join(this.folder, `station-${Date.now()}.log`)),
    });
  }

  /** On a machine that does much else a start may fail. */
  async #answers(): Promise<boolean> {
    if (this.#child?.exitCode != null) await this.#spawn();
    const answer = await fetch(`${this.url}/health`).catch(() => null);
    await answer?.body?.cancel();
    return answer?.ok === true;
  }

  /** Stops it, and starts it again. Returns how many milliseconds nothing answered. */
  async restart(): Promise<number> {
    const watch = watchRefusals(this.ports.listen);
    await this.stop();
    await this.start();
    return watch();
  }

  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    await this.#child?.exited;
    this.#child = null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** Connects again and again; the function it returns gives the milliseconds from the first refused connection to the last. */
function watchRefusals(port: number): () => number {
  let [first, last] = [0, 0];
  const note = () => {
    last = performance.now();
    first ||= last;
  };
  const ask = () => {
    Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: { open: (it) => void it.end(), data: () => undefined },
    }).catch(note);
  };
  const timer = setInterval(ask, 20);
  return () => {
    clearInterval(timer);
    return last - first;
  };
}

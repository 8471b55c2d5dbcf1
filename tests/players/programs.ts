// Players that are programs: how each is started, how far it has played, and what it says about every stream.
import type { Subprocess } from "bun";
import { connect } from "node:net";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CODECS, type CodecName } from "./songs.ts";
import { fellBehind, leastInStore, type Mark, type Worst } from "./progress.ts";
import type { Finding } from "./report.ts";

const EVERY_MS = 250;

export interface Kind {
  /** `file` gets what it plays, or is the socket by which it is asked. */
  readonly command: (url: string, file: string) => readonly string[];
  /** Takes what there is, faster than it is heard. */
  readonly isAhead?: boolean;
  /** The sample rate of what is written into the file; absent for the codec's. */
  readonly rate?: number;
  /** It is asked by its socket. */
  readonly isAsked?: boolean;
  /** What it says about every live stream of HLS, also of other servers, and of a machine without screen and sound. */
  readonly usual: RegExp;
}

/** A player that root runs does not start: another user does. */
const AS_NOBODY =
  process.getuid?.() === 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "";

const words = (text: string) => text.split(" ").filter((word) => word !== "");

const VLC =
  "cvlc -I dummy -v --no-sout-keep --aout=afile --audiofile-format=s16 --no-audiofile-wav";

export const KINDS = {
  ffmpeg: {
    command: (url, file) => [
      ...words("ffmpeg -nostdin -nostats -v warning -y -i"),
      ...[url, ...words("-ac 2 -f s16le"), file],
    ],
    isAhead: true,
    // It fetches EXT-X-MAP with each version of a playlist, and has no way to change tags.
    // It dates packed MP3 by the tag that it read last, and names segments of which nobody has heard before a restart.
    usual:
      /Found duplicated MOOV Atom|Last message repeated|Changing ID3 metadata in HLS|non monotonically increasing dts|segments ahead, expired/,
  },
  // Its device has a second: among so many players it may not get the processor for 0.2 s, the default.
  mpv: {
    command: (url, file) => [
      ...words(
        "mpv --no-config --no-video --ao=null --ao-null-buffer=1 --terminal=yes --quiet --msg-level=all=warn --msg-time",
      ),
      ...[`--input-ipc-server=${file}`, url],
    ],
    isAsked: true,
    // It names the gap that a restart leaves, and those who ask it.
    usual:
      /Found duplicated MOOV Atom|Last message repeated|Changing ID3 metadata in HLS|Invalid audio PTS|segments ahead, expired|\[ipc_/,
  },
  vlc: {
    command: (url, file) => [
      ...words(AS_NOBODY),
      ...words(VLC),
      ...[`--audiofile-file=${file}`, url],
    ],
    rate: 0,
    // No bus, no screen, no home; what it opens; that it asks again while the station restarts.
    usual:
      /dbus|no suitable interface|globalhotkeys|dummy interface|could not create|elst box found|no chunk defined|STTS table of 0|adaptive demux: |packetizer: |decoded zero sample|Failed to update \d|Fragment sequence discontinuity/,
  },
  gstreamer: {
    command: (url, file) => [
      ...words("gst-launch-1.0 -t playbin3"),
      `uri=${url}`,
      `audio-sink=audioconvert ! audioresample ! audio/x-raw,format=S16LE,channels=2 ! filesink sync=true buffer-mode=unbuffered location=${file}`,
    ],
    // It does not know the names of Opus and FLAC in CODECS, and plays them.
    usual: /gst_caps_get_size: assertion 'GST_IS_CAPS|^\s*$/,
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

export interface Role {
  readonly kind: KindName;
  readonly codec: CodecName;
  /** Of the multivariant playlist. */
  readonly url: string;
  /** Behind the cache. */
  readonly isCached: boolean;
}

export class Player implements AsyncDisposable {
  readonly name: string;
  readonly marks: Mark[] = [];
  /** Titles that it said it plays. */
  readonly titles = new Set<string>();
  #endedMs = 0;
  readonly #timer: Timer;
  readonly #child: Subprocess;
  readonly #beganMs = performance.now();

  private constructor(
    readonly role: Role,
    readonly file: string,
  ) {
    const { kind, codec, url, isCached } = role;
    this.name = `${kind} ${codec} ${isCached ? "behind the cache" : "from the station"}`;
    const out = Bun.file(`${file}.out`);
    const err = Bun.file(`${file}.err`);
    this.#child = Bun.spawn([...KINDS[kind].command(url, file)], {
      ...{ stdin: "ignore", stdout: out, stderr: err },
      env: { PATH: process.env["PATH"] ?? "", HOME: join(file, "..") },
    });
    void this.#child.exited.then(() => (this.#endedMs = performance.now()));
    this.#timer = setInterval(() => this.#mark(), EVERY_MS);
  }

  static async start(role: Role, folder: string): Promise<Player> {
    const own = join(folder, `${role.kind}-${role.codec}${role.isCached ? "-cached" : ""}`);
    await mkdir(own);
    await chmod(own, 0o777);
    return new Player(role, join(own, "played"));
  }

  get #kind(): Kind {
    return KINDS[this.role.kind];
  }

  #mark(): void {
    if (this.#endedMs > 0) return;
    if (this.#kind.isAsked === true) return this.#ask();
    const seconds = Bun.file(this.file).size / (4 * CODECS[this.role.codec].rate);
    this.marks.push({ atMs: performance.now(), seconds });
  }

  #ask(): void {
    const wanted = ["time-pos", "metadata/by-key/title", "metadata/by-key/icy-title"];
    let answer = "";
    const socket = connect(this.file, () => {
      for (const [i, name] of wanted.entries())
        socket.write(`${JSON.stringify({ command: ["get_property", name], request_id: i + 1 })}\n`);
    });
    socket.on("error", () => undefined);
    socket.setTimeout(200, () => socket.destroy());
    socket.on("data", (data) => {
      answer += data.toString();
      if (!answer.includes('"request_id":3')) return;
      socket.destroy();
      this.#take(answer);
    });
  }

  #take(answer: string): void {
    for (const line of answer.split("\n").filter((text) => text.includes("request_id"))) {
      const { data, request_id: id } = JSON.parse(line) as { data?: unknown; request_id: number };
      if (id === 1 && typeof data === "number")
        this.marks.push({ atMs: performance.now(), seconds: data });
      if (id > 1 && typeof data === "string") this.titles.add(data);
    }
  }

  /** Ends it. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const hadEnded = this.#endedMs > 0;
    this.#child.kill(this.#kind.isAhead === true ? "SIGINT" : "SIGTERM");
    await Promise.race([this.#child.exited, Bun.sleep(3000)]);
    this.#child.kill("SIGKILL");
    await this.#child.exited;
    if (!hadEnded) this.#endedMs = 0;
    await Bun.write(
      `${this.file}.marks`,
      this.marks.map(({ atMs, seconds }) => `${atMs} ${seconds}`).join("\n"),
    );
  }

  async said(): Promise<readonly string[]> {
    const files = [`${this.file}.out`, `${this.file}.err`];
    const texts = await Promise.all(
      files.map((path) =>
        Bun.file(path)
          .text()
          .catch(() => ""),
      ),
    );
    return texts
      .join("\n")
      .split("\n")
      .filter((line) => line.trim() !== "");
  }

  /** Where it fell furthest behind, or had least in store if it takes what there is. */
  get #standstill(): Worst & { readonly isOne: boolean } {
    if (this.#kind.isAhead === true) {
      const least = leastInStore(this.marks, START_SECONDS);
      return { ...least, isOne: least.seconds < 0 };
    }
    const behind = fellBehind(this.marks);
    return { ...behind, isOne: behind.seconds > STANDSTILL_SECONDS };
  }

  async judge(): Promise<Finding[]> {
    const { seconds, atMs, isOne } = this.#standstill;
    const said = await this.said();
    const unusual = said.filter((line) => !this.#kind.usual.test(line) && !IS_TAG.test(line));
    for (const line of said) this.#noteTitle(line);
    const after = (ms: number) => ((ms - this.#beganMs) / 1000).toFixed(1);
    const stood = this.#kind.isAhead === true ? "least in store" : "most behind";
    return [
      {
        who: this.name,
        what: "plays to the end",
        fault: this.#endedMs > 0 ? `it ended after ${after(this.#endedMs)} s` : null,
        figures: `${(this.marks.at(-1)?.seconds ?? 0).toFixed(1)} s`,
      },
      {
        who: this.name,
        what: "never stands still",
        fault: isOne ? "it did" : null,
        figures: `${stood} ${seconds.toFixed(2)} s, after ${after(atMs)} s`,
      },
      {
        who: this.name,
        what: "has nothing to say",
        fault: unusual.join("\n") || null,
        figures: `${said.length} lines, ${unusual.length} unusual; ${this.titles.size} titles shown`,
      },
    ];
  }

  #noteTitle(line: string): void {
    const [, title] = /^\s+title: (.+)$/.exec(line) ?? [];
    if (title !== undefined) this.titles.add(title);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** What gst-launch -t prints of tags and of its own state. */
const IS_TAG =
  /^(?:FOUND TAG|container format|\s+[a-z-]+(?: [a-z]+)*\s*:|Setting pipeline|Pipeline is|Prerolled|Redistribute|Got context|buffering|New clock|Execution ended|handling interrupt|Interrupt|Freeing pipeline|Use Windows|Got EOS|Buffering|Done buffering|Missing)/;

/** Players begin three segments behind the newest. */
const START_SECONDS = 10;

/** Less is how a file is written, and how often it is looked at. */
const STANDSTILL_SECONDS = 1;

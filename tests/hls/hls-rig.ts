// A mount with HLS on simulated clocks, whose bytes can be told from their position, and what a player reads of it.
import { FRAME_SYNC, FRAME_WORDS, type Frames, type StreamFormat } from "../../src/format/frame.ts";
import { GroupTimeline } from "../../src/hls/group-timeline.ts";
import { type HlsContext, HlsStream } from "../../src/hls/hls-stream.ts";
import { type KeptWindow, windowOf } from "../../src/hls/kept-window.ts";
import type { MediaPlaylist } from "../../src/hls/media-playlist.ts";
import { Numbering } from "../../src/hls/numbering.ts";
import { windowBytes, windowIn } from "../../src/hls/window-bytes.ts";
import { Mount } from "../../src/mount/mount.ts";
import type { Airing } from "../../src/mount/timeline.ts";
import { CD_QUALITY, FakeInput, keptLog } from "../mount/fake-input.ts";
import { audio } from "../native/known-audio.ts";
import { testMount, type TestMount } from "../support/config.ts";

export const AAC: StreamFormat = { codec: "aac", sampleRate: 48_000, channels: 2 };
export const VORBIS: StreamFormat = { codec: "vorbis", sampleRate: 44_100, channels: 2 };

const MP3_SAMPLES = 1152;
const AAC_SAMPLES = 1024;

/** Bytes of a frame. */
export const FRAME_BYTES = 100;

/** 2026-11-29T10:00:00Z */
export const START_MS = Date.UTC(2026, 10, 29, 10);

/** The clock, the numbers and the names that the mounts of a station share, in one run. */
export class Air implements HlsContext {
  wallMs: number;
  readonly wall = { nowMs: () => this.wallMs };
  readonly streams = new Set<HlsStream>();
  numbering = new Numbering(this.wall);
  artwork: string | null = null;
  readonly #groups = new Map<string, GroupTimeline>();
  #runs = 0;

  constructor(
    readonly epochMs = START_MS,
    wallMs = epochMs,
    private readonly name = "run",
  ) {
    this.wallMs = wallMs;
  }

  /** What another run has left. */
  readonly earlier = new Map<string, KeptWindow>();

  /** What is heard in place of a mount's own. */
  readonly fallbacks = new Map<Mount, Mount>();

  programmeOf(mount: Mount, fits: (fallback: Mount) => boolean): Mount {
    const fallback = this.fallbacks.get(mount);
    return fallback !== undefined && fits(fallback) ? fallback : mount;
  }

  artworkIdOf(_: Airing): string | null {
    return this.artwork;
  }

  groupNamed(name: string): GroupTimeline | null {
    if (name === "") return null;
    const paths = () => [...this.streams].map(({ mount }) => mount.path);
    const known = this.#groups.get(name) ?? new GroupTimeline(this.numbering, paths);
    this.#groups.set(name, known);
    return known;
  }

  earlierOf(path: string): KeptWindow | null {
    const window = this.earlier.get(path) ?? null;
    this.earlier.delete(path);
    return window;
  }

  restore(): Promise<void> {
    return Promise.resolve();
  }

  leave(): void {
    throw new Error("a mount is completed by itself here");
  }

  runName(): string {
    return `${this.name}${this.#runs++}`;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  tick(): void {
    for (const stream of this.streams) stream.tick();
  }
}

export class Radio implements Disposable {
  readonly mount: Mount;
  readonly hls: HlsStream;
  readonly playlist = new FakeInput("playlist");
  readonly live = new FakeInput("live");
  readonly lines: string[];
  /** Audio that is due and was not written, in seconds. */
  #owed = 0;

  constructor(
    readonly air = new Air(),
    config: TestMount = {},
  ) {
    const { log, lines } = keptLog();
    this.lines = lines;
    this.mount = new Mount(testMount({ hls: { enabled: true }, ...config }), log, air.wall);
    this.hls = new HlsStream(this.mount, air);
    this.playlist.ready = true;
    this.mount.attach(this.playlist);
  }

  /** Writes frames of whatever is on air as time passes, in steps. */
  play(seconds: number, step = 0.1): void {
    this.mount.advance(this.air.wallMs);
    this.#owed += this.playlist.takeOwed();
    for (let i = 0; i < Math.round(seconds / step); i++) {
      this.air.wallMs += step * 1000;
      this.#owed += step;
      this.#write();
      this.hls.tick();
    }
  }

  /** Time passes, and nothing is written. */
  pause(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.air.wallMs += 1000;
      this.air.tick();
    }
  }

  retitle(title: string, artist = ""): void {
    const input = this.live.ready ? this.live : this.playlist;
    input.metadata = { title, artist };
    this.mount.announce(input);
  }

  connect(): void {
    this.live.ready = true;
    this.mount.attach(this.live);
    this.mount.advance(this.air.wallMs);
  }

  disconnect(): void {
    this.live.ready = false;
    this.mount.detach(this.live, this.air.wallMs);
    this.mount.advance(this.air.wallMs);
  }

  get list(): MediaPlaylist {
    const { playlist } = this.hls;
    if (playlist === null) throw new Error("there is no playlist");
    return playlist;
  }

  get lists(): string[] {
    return this.list.text.split("\n");
  }

  [Symbol.dispose](): void {
    this.mount.close();
  }

  #write(): void {
    const input = this.live.ready ? this.live : this.playlist;
    const format = input.format ?? CD_QUALITY;
    const samples = format.codec === "aac" ? AAC_SAMPLES : MP3_SAMPLES;
    const count = Math.floor((this.#owed * format.sampleRate) / samples);
    this.#owed -= (count * samples) / format.sampleRate;
    if (count === 0) return;
    const frames = framesAt(this.mount.ring.head, count, samples, format);
    this.mount.write(input, frames, this.air.wallMs);
  }
}

export function framesAt(
  position: number,
  count: number,
  samples: number,
  { sampleRate }: StreamFormat,
): Frames {
  const table = new Uint32Array(count * FRAME_WORDS);
  const micros = Math.floor((samples / sampleRate) * 1e6);
  for (let i = 0; i < count; i++) table.set([FRAME_BYTES, micros, FRAME_SYNC], i * FRAME_WORDS);
  return {
    bytes: audio(position, count * FRAME_BYTES),
    table,
    samples: new Uint32Array(count).fill(samples),
    count,
    seconds: (count * samples) / sampleRate,
  };
}

/** What a player reads of a media playlist. */
export interface Listed {
  readonly target: number;
  readonly sequence: number;
  readonly discontinuities: number;
  readonly isEnded: boolean;
  readonly segments: readonly ListedSegment[];
  readonly titles: readonly Readonly<Record<string, string>>[];
}

export interface ListedSegment {
  readonly number: number;
  readonly discontinuity: number;
  readonly dateMs: number;
  readonly seconds: number;
  readonly name: string;
}

export function read(text: string): Listed {
  const lines = text.split("\n");
  const value = (tag: string) =>
    Number(lines.find((line) => line.startsWith(`#EXT-X-${tag}:`))?.split(":")[1] ?? Number.NaN);
  const [sequence, discontinuities] = [value("MEDIA-SEQUENCE"), value("DISCONTINUITY-SEQUENCE")];
  const segments: ListedSegment[] = [];
  let [discontinuity, dateMs, seconds] = [discontinuities, Number.NaN, Number.NaN];
  for (const line of lines) {
    const [, tag = "", rest = ""] = /^#(EXT[^:]*):?(.*)$/.exec(line) ?? [];
    if (tag === "EXT-X-DISCONTINUITY") discontinuity++;
    if (tag === "EXT-X-PROGRAM-DATE-TIME") dateMs = Date.parse(rest);
    if (tag === "EXTINF") seconds = Number.parseFloat(rest);
    if (line === "" || line.startsWith("#")) continue;
    const number = sequence + segments.length;
    segments.push({ number, discontinuity, dateMs, seconds, name: line });
  }
  const ranges = lines.filter((line) => line.startsWith("#EXT-X-DATERANGE:"));
  return {
    target: value("TARGETDURATION"),
    sequence,
    discontinuities,
    isEnded: lines.includes("#EXT-X-ENDLIST"),
    segments,
    titles: ranges.map(attributesOf),
  };
}

function attributesOf(line: string): Record<string, string> {
  const pairs = line.matchAll(/([A-Z-]+)=(?:"([^"]*)"|([^,]*))/g);
  return Object.fromEntries(
    Array.from(pairs, ([, name = "", quoted, plain]) => [name, quoted ?? plain ?? ""]),
  );
}

/** A segment's timestamp in units of 1/90,000 s, and its frames. */
export function opened(bytes: Uint8Array): { readonly timestamp: bigint; readonly frames: Buffer } {
  const buffer = Buffer.from(bytes);
  const size =
    ((buffer[6] ?? 0) << 21) |
    ((buffer[7] ?? 0) << 14) |
    ((buffer[8] ?? 0) << 7) |
    (buffer[9] ?? 0);
  return { timestamp: buffer.readBigUInt64BE(65), frames: buffer.subarray(10 + size) };
}

/** A listed segment as a player gets it; null if it is gone. */
export function fetched({ hls }: Radio, { name }: ListedSegment) {
  const [, run = "", number = ""] = /^(\w+)-(\d+)\./.exec(name) ?? [];
  const segment = hls.segment(run, Number(number));
  const bytes = segment === null ? null : hls.bytes(segment);
  return segment === null || bytes === null ? null : { ...opened(bytes), segment };
}

/** What a mount leaves for the next run as the station stops. */
export function keptOf(stream: HlsStream, stoppedMs: number): KeptWindow {
  const keepable = stream.complete();
  const { path } = stream.mount;
  const window =
    keepable &&
    windowOf({ path, stoppedMs }, keepable, keepable.segments.length, (file) => stream.bytes(file));
  if (window === null) throw new Error("there is nothing to keep");
  return window;
}

/** The next run of a station with these mounts, which stops now and is away for so many seconds. */
export function nextAir({ air }: Pick<Radio, "air">, afterSeconds = 2): Air {
  const windows = [...air.streams].map((hls) => windowIn(windowBytes(keptOf(hls, air.wallMs))));
  air.numbering.stop();
  const next = new Air(START_MS, air.wallMs + afterSeconds * 1000, "later");
  next.numbering = new Numbering(next.wall);
  next.numbering.restore(air.numbering.noted);
  for (const window of windows) next.earlier.set(window.path, window);
  return next;
}

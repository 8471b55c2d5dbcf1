// A mount that is recorded, with inputs played by hand, a wall clock that a test moves, and a disk in memory.
import type { RecordingConfig } from "../../src/config/config.ts";
import { createMpegParser, parseMpegHeader } from "../../src/format/sync/mpeg.ts";
import type { Frames } from "../../src/format/frame.ts";
import {
  copyFrames,
  mergeFrames,
  type SingleFrame,
  splitFrames,
} from "../../src/format/frame-slice.ts";
import { createLog } from "../../src/lib/log.ts";
import type { Feed } from "../../src/mount/roles.ts";
import { Mount } from "../../src/mount/mount.ts";
import type { RecordingDocument } from "../../src/recording/document.ts";
import { Recordings } from "../../src/recording/recordings.ts";
import type { Recorder } from "../../src/recording/recorder.ts";
import type { Shelf } from "../../src/recording/shelf.ts";
import { mpegFrame } from "../format/mpeg-builder.ts";
import { FakeInput } from "../mount/fake-input.ts";
import { type TestMount, testMount } from "../support/config.ts";
import { MemoryDisk } from "../support/memory-disk.ts";

export const FOLDER = "/rec";

export const FRAME_MS = (1152 / 44_100) * 1000;

export function recordingConfig(given: Partial<RecordingConfig> = {}): RecordingConfig {
  return {
    label: "shows",
    directory: FOLDER,
    when: "always",
    split: "hour",
    name: "",
    keep: 0,
    minFree: { bytes: 0, percent: 0 },
    resumeSeconds: 60,
    playlistDirectory: "",
    ...given,
  };
}

/** A source with a show and an account. */
export class Dj extends FakeInput {
  constructor(
    readonly showName: string,
    readonly user = "",
  ) {
    super("live", showName);
  }

  get feed(): Feed {
    const client = { address: "192.0.2.7", user: this.user, userAgent: "test" };
    return { client, receivedBytes: 0, garbageBytes: 0, sinceMs: 0, lastMs: 0, seconds: 0 };
  }
}

let made = 0;

/** Frames that are silent for decoders, each with a number of its own at its end. */
export function numbered(count: number, bitrate = 128): Frames {
  const parser = createMpegParser();
  const some = Array.from({ length: count }, () => {
    const frame = mpegFrame({ payload: "zero", bitrate });
    new DataView(frame.buffer).setUint32(frame.length - 4, ++made);
    return frame;
  });
  // The parser holds a frame back until it sees the next one.
  const all = [parser.push(Buffer.concat(some)), parser.end()].filter((one) => one.count > 0);
  const [first] = all.map(copyFrames);
  if (first === undefined) throw new Error("no frames");
  const single = all.length === 1 ? splitFrames(first) : some.map(singleOf);
  return mergeFrames({ ...first, ...total(some.length) }, single);
}

function singleOf(bytes: Uint8Array): SingleFrame {
  const samples = parseMpegHeader(bytes)?.samples ?? 0;
  return { bytes, micros: Math.round((samples / 44_100) * 1e6), flags: 1, samples };
}

function total(count: number) {
  return { seconds: (count * FRAME_MS) / 1000, samples: new Uint32Array(count).fill(1152), count };
}

export class Studio implements Disposable {
  /** Milliseconds since 1970. */
  wallMs: number;
  /** On the clock that never goes back. */
  nowMs = 0;
  listeners = 0;
  readonly disk: MemoryDisk;
  readonly lines: string[] = [];
  readonly mount: Mount;
  readonly playlist = new FakeInput("playlist", "Some Song");
  readonly recordings: Recordings;
  /** Everything that was heard. */
  readonly heard: Uint8Array[] = [];

  constructor(
    config: Partial<RecordingConfig> = {},
    start = "2026-11-29T10:20:00Z",
    mount: TestMount = {},
  ) {
    this.wallMs = Date.parse(start);
    this.disk = new MemoryDisk(() => this.wallMs);
    const log = createLog((level, text) => void this.lines.push(`${level} ${text}`));
    const recording = [recordingConfig(config)];
    const wall = { nowMs: () => this.wallMs };
    this.mount = new Mount(testMount({ recording, onFormatChange: "allow", ...mount }), log, wall);
    this.mount.events.on("frames", ({ frames }) => {
      this.heard.push(frames.bytes.slice());
      this.heardSeconds += frames.seconds;
    });
    this.mount.attach(this.playlist);
    this.playlist.ready = true;
    const clock = { nowMs: () => this.nowMs };
    const disks = this.disk.disks();
    this.recordings = new Recordings({ disks, log, clock, wall, offset: () => 0 });
    this.follow();
  }

  /** Takes over the mount's configuration. */
  follow(): void {
    const audience = { count: 0 };
    Object.defineProperty(audience, "count", { get: () => this.listeners });
    this.recordings.follow([{ mount: this.mount, audience }]);
  }

  /** Seconds of audio that were heard. */
  heardSeconds = 0;

  get recorder(): Recorder {
    const [first] = this.recordings.recorders;
    if (first === undefined) throw new Error("nothing is recorded");
    return first;
  }

  get shelf(): Shelf {
    const [first] = this.recordings.shelves;
    if (first === undefined) throw new Error("nothing is recorded");
    return first;
  }

  /** The input writes frames, at the end of the time that they take. Returns their bytes. */
  play(input: FakeInput, count = 10, frames = numbered(count)): Uint8Array {
    this.wallMs += frames.seconds * 1000;
    this.nowMs += frames.seconds * 1000;
    this.mount.write(input, frames, this.nowMs);
    return frames.bytes;
  }

  /** Time passes, without a sound. */
  pass(seconds: number): void {
    this.wallMs += seconds * 1000;
    this.nowMs += seconds * 1000;
  }

  /** A round of the recordings, with all that it asks the disk for. */
  async work(): Promise<void> {
    this.nowMs += 1000;
    this.recordings.tick(this.nowMs);
    await settled();
  }

  /** The complete files in the order in which they began. */
  get files(): string[] {
    const startOf = (path: string) => this.document(path).start_ms;
    return this.disk.done.toSorted((a, b) => startOf(a) - startOf(b));
  }

  /** Audio without what is in front of it and behind. */
  audio(path: string): Buffer {
    const { head_bytes: head, audio_bytes: bytes } = this.document(path);
    return Buffer.from(this.disk.read(path).subarray(head, head + bytes));
  }

  document(path: string): RecordingDocument {
    const text = this.disk.text(path.replace(/\.\w+$/, ".json"));
    return JSON.parse(text) as RecordingDocument;
  }

  [Symbol.dispose](): void {
    this.mount.close();
  }
}

/** Calls of the disk in memory take microtasks. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

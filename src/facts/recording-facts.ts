// The facts about recordings: what grows, what is kept, and what the disk has to say.
import type { RecordingConfig } from "../config/config.ts";
import type { Recorder } from "../recording/recorder.ts";
import { growingId, type Recordings } from "../recording/recordings.ts";
import type { Entry } from "../recording/retention.ts";
import type { Shelf } from "../recording/shelf.ts";
import { lazy } from "./lazy.ts";

export interface RecordingFacts {
  readonly mount: string;
  /** The name in the configuration. */
  readonly name: string;
  readonly directory: string;
  /** Seconds after which files are deleted; 0 for never. */
  readonly keepSeconds: number;
  /** A file grows at present. */
  readonly isRecording: boolean;
  /** Why nothing is written at present, a sentence without its end; null if it is. */
  readonly trouble: string | null;
  /** Since the start; none ever decreases. */
  readonly recordedSeconds: number;
  readonly recordedBytes: number;
  readonly lostSeconds: number;
  /** Audio that was lost lately. */
  readonly isLosing: boolean;
  /** The file that grows: what is recorded in it; null without one. */
  readonly current: GrowingFacts | null;
  /** The complete files, the newest first. */
  readonly files: readonly Entry[];
  /** Space on the disk; null until it has answered. */
  readonly freeBytes: number | null;
  /** What has to stay free. */
  readonly neededBytes: number;
}

export interface GrowingFacts {
  readonly id: string;
  /** Name in the folder, without the ending that it has while it grows. */
  readonly file: string;
  readonly show: string;
  readonly startMs: number;
  readonly seconds: number;
  readonly bytes: number;
}

/** A loss is shown for this long. */
const LATELY_MS = 3_600_000;

export function recordingFacts({ recorders }: Recordings, nowMs: number): RecordingFacts[] {
  return recorders.map((recorder) => new RecordingNode(recorder, nowMs));
}

class RecordingNode implements RecordingFacts {
  readonly mount: string;
  readonly name: string;
  readonly directory: string;
  readonly keepSeconds: number;
  readonly #files: () => readonly Entry[];

  constructor(
    private readonly recorder: Recorder,
    private readonly nowMs: number,
  ) {
    const { label, directory, keep }: RecordingConfig = recorder.config;
    this.mount = recorder.mount.path;
    this.name = label;
    this.directory = directory;
    this.keepSeconds = keep;
    this.#files = lazy(() => this.#own());
  }

  get isRecording(): boolean {
    return this.recorder.take !== null;
  }

  get trouble(): string | null {
    return this.#shelf.trouble;
  }

  get recordedSeconds(): number {
    return this.recorder.recordedSeconds;
  }

  get recordedBytes(): number {
    return this.recorder.recordedBytes;
  }

  get lostSeconds(): number {
    return this.recorder.lostSeconds;
  }

  get isLosing(): boolean {
    return this.nowMs - this.recorder.lostMs < LATELY_MS;
  }

  get current(): GrowingFacts | null {
    const { take } = this.recorder;
    if (take === null) return null;
    const { startMs, seconds, bytes } = take.segment;
    const file = `${take.file.path}${take.file.suffix}`.slice(this.directory.length + 1);
    return {
      id: growingId(take),
      file,
      show: take.show.name,
      startMs,
      seconds,
      bytes: take.headBytes + bytes,
    };
  }

  get files(): readonly Entry[] {
    return this.#files();
  }

  get freeBytes(): number | null {
    return this.#shelf.room?.freeBytes ?? null;
  }

  get neededBytes(): number {
    return this.#shelf.neededBytes;
  }

  #own(): readonly Entry[] {
    return this.#shelf.files.entries
      .filter(({ summary }) => summary.mount === this.mount && summary.recording === this.name)
      .toSorted((a, b) => b.summary.start_ms - a.summary.start_ms);
  }

  get #shelf(): Shelf {
    return this.recorder.facts.shelf;
  }
}

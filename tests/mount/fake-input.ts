// An input that a test plays by hand, and a log that keeps its lines.
import type { StreamFormat } from "../../src/format/frame.ts";
import { createLog, type Log } from "../../src/lib/log.ts";
import { type Metadata, NO_METADATA } from "../../src/mount/metadata.ts";
import { type Input, isPaced } from "../../src/mount/roles.ts";

export const CD_QUALITY: StreamFormat = { codec: "mp3", sampleRate: 44_100, channels: 2 };

const PRIORITIES = { live: 100, relay: 60, playlist: 50, silence: 0 };
export type FakeKind = keyof typeof PRIORITIES;

export class FakeInput implements Input {
  ready = false;
  format: StreamFormat | null = CD_QUALITY;
  bitrate = 128;
  metadata: Metadata = NO_METADATA;
  /** What the mount told it, with the time where there was one. */
  readonly calls: string[] = [];

  #owedMs = 0;
  readonly priority: number;
  readonly isLive: boolean;
  readonly isFed: boolean;
  readonly isFiller: boolean;

  constructor(
    readonly kind: FakeKind,
    title = "",
  ) {
    this.priority = PRIORITIES[kind];
    this.isLive = this.isFed = kind === "live";
    this.isFiller = kind === "silence";
    if (title !== "") this.metadata = { artist: "", title };
  }

  get name(): string {
    return `the ${this.kind}`;
  }

  onAir(nowMs: number, dueMs = nowMs): void {
    this.calls.push(`on air ${nowMs}`);
    if (isPaced(this)) this.#owedMs += Math.max(0, nowMs - dueMs);
  }

  /** Seconds of audio that were due before it went on air, once. */
  takeOwed(): number {
    const seconds = this.#owedMs / 1000;
    this.#owedMs = 0;
    return seconds;
  }

  offAir(): void {
    this.calls.push("off air");
  }

  advance(nowMs: number): void {
    this.calls.push(`advance ${nowMs}`);
  }
}

export function keptLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  return { log, lines };
}

// The input of last resort: silent frames, so that listeners stay connected until a source or playlist returns.
import { createAdtsParser, silentAacFrame } from "../format/sync/adts.ts";
import { hasInlineTitles } from "../format/content-type.ts";
import { type Frames, NO_FRAMES, sameFormat, type StreamFormat } from "../format/frame.ts";
import { createMpegParser, silentMpegFrame } from "../format/sync/mpeg.ts";
import { NO_METADATA } from "../mount/metadata.ts";
import type { Mount } from "../mount/mount.ts";
import { SILENCE } from "../mount/priority.ts";
import type { Input } from "../mount/roles.ts";
import { Schedule } from "./schedule.ts";

/** Used until the mount has played something. */
const DEFAULT_FORMAT: StreamFormat = { codec: "mp3", sampleRate: 44_100, channels: 2 };

const MAX_LATE_SECONDS = 1;

/** Silence in another format disconnects the listeners: a short gap between two inputs must not cause that. */
const PATIENCE_MS = 3000;

export class Silence implements Input {
  readonly kind = "silence";
  readonly priority = SILENCE;
  readonly isFiller = true;
  readonly name = "silence";
  readonly metadata = NO_METADATA;
  readonly #schedule = new Schedule();
  #format = DEFAULT_FORMAT;
  #frame = silentFrames(DEFAULT_FORMAT);
  /** Audio that listeners are to get at once. */
  #owedMs = 0;

  constructor(private readonly mount: Mount) {}

  /** Ogg and WebM have no silent frames: silence is MP3 then, if the format may change. */
  get ready(): boolean {
    return hasSilence(this.#usual) || this.mount.config.onFormatChange === "reconnect";
  }

  get #usual(): StreamFormat {
    return this.mount.format ?? DEFAULT_FORMAT;
  }

  get format(): StreamFormat {
    return this.#format;
  }

  get bitrate(): number {
    if (this.#frame.count === 0) return 0;
    return Math.round((this.#frame.bytes.length * 8) / this.#frame.seconds / 1000);
  }

  onAir(nowMs: number, dueMs: number): void {
    this.#format = hasSilence(this.#usual) ? this.#usual : DEFAULT_FORMAT;
    this.#frame = this.ready ? silentFrames(this.#format) : NO_FRAMES;
    const { sounding } = this.mount;
    const isChange = sounding !== null && !sameFormat(sounding, this.#format);
    this.#schedule.anchor(isChange ? Math.max(dueMs, nowMs + PATIENCE_MS) : dueMs);
    this.#owedMs = Math.max(0, nowMs - dueMs);
  }

  offAir(): void {
    // Frames are written whole, so nothing is pending.
  }

  advance(nowMs: number): void {
    const lateSeconds = this.#schedule.lateSeconds(nowMs) - this.#owedMs / 1000;
    if (lateSeconds > MAX_LATE_SECONDS) this.#schedule.anchor(nowMs);
    this.#owedMs = 0;
    while (this.#frame.count > 0 && this.#schedule.dueMs <= nowMs) {
      this.mount.write(this, this.#frame, nowMs);
      this.#schedule.spend(this.#frame.samples[0] ?? 0, this.#format.sampleRate);
    }
  }
}

function hasSilence(format: StreamFormat): boolean {
  return hasInlineTitles(format) && format.channels <= 2;
}

/** One silent frame in a batch of its own. */
function silentFrames(format: StreamFormat): Frames {
  const isAac = format.codec === "aac";
  const parser = isAac ? createAdtsParser() : createMpegParser();
  parser.push(isAac ? silentAacFrame(format) : silentMpegFrame(format));
  return parser.end();
}

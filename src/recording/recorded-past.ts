// Finds moments of a recording by the wall clock: in the file that grows, and in the complete ones.
import type { Clock } from "../lib/clock.ts";
import type { OpenFile } from "../lib/open-file.ts";
import { formatIn, type Summary } from "./document.ts";
import { PART } from "./part-file.ts";
import type { Past, Place } from "./past.ts";
import type { Recorder } from "./recorder.ts";
import type { Entry } from "./retention.ts";
import type { Anchor } from "./segment.ts";
import type { Shelf } from "./shelf.ts";
import type { Take } from "./take.ts";

export class RecordedPast implements Past {
  constructor(
    private readonly recorder: Recorder,
    private readonly wall: Clock,
  ) {}

  get fromMs(): number | null {
    const starts = this.#entries.map(({ summary }) => summary.start_ms);
    const own = this.#take?.segment.startMs;
    const all = own === undefined ? starts : [...starts, own];
    return all.length === 0 ? null : Math.min(...all);
  }

  async at(atMs: number): Promise<Place | null> {
    const take = this.#take;
    if (take !== null && atMs >= take.segment.startMs) return placeIn(take, atMs);
    const entries = this.#entries.toSorted((a, b) => a.summary.start_ms - b.summary.start_ms);
    const within = entries.findLast(
      ({ summary }) => summary.start_ms <= atMs && summary.end_ms > atMs,
    );
    const entry = within ?? entries.find(({ summary }) => summary.start_ms > atMs);
    if (entry === undefined) return take === null ? null : placeIn(take, atMs);
    return this.#placeOf(entry, atMs);
  }

  async after({ path, endMs }: Place): Promise<Place | null> {
    const next = endMs >= this.wall.nowMs() ? null : await this.at(endMs);
    // The file itself, which has grown since.
    return next === null || nameOf(next.path) === nameOf(path) ? null : next;
  }

  open({ path }: Place): Promise<OpenFile> {
    return this.#shelf.disk.open(path);
  }

  get #shelf(): Shelf {
    return this.recorder.facts.shelf;
  }

  /** Of the same mount and recording. */
  get #entries(): Entry[] {
    const { config, mount } = this.recorder;
    return this.#shelf.files.entries.filter(
      ({ summary }) => summary.mount === mount.path && summary.recording === config.label,
    );
  }

  /** With anything on disk. */
  get #take(): Take | null {
    const { take } = this.recorder;
    const { headBytes = 0, file } = take ?? {};
    return file !== undefined && file.writtenBytes > headBytes ? take : null;
  }

  async #placeOf({ base, path, summary }: Entry, atMs: number): Promise<Place | null> {
    const [whole] = await this.#shelf.files.documents([`${base}.json`], ["anchors"]);
    const anchors = anchorsIn(whole ?? null);
    const { head_bytes: headBytes, audio_bytes: audioBytes, end_ms: endMs } = summary;
    const anchor = anchorAt(anchors, atMs) ?? firstOf(summary);
    const end = { endByte: headBytes + audioBytes, endMs };
    return placeAt(anchor, { path, format: formatIn(summary), headBytes, ...end });
  }
}

function nameOf(path: string): string {
  return path.endsWith(PART) ? path.slice(0, -PART.length) : path;
}

function placeIn({ segment, file, headBytes }: Take, atMs: number): Place {
  const { anchors, format, startMs, endMs } = segment;
  const written = anchors.filter(([, byte]) => headBytes + byte < file.writtenBytes);
  const anchor = anchorAt(written, atMs) ?? [startMs, 0, 0, 0, 0];
  const facts = { path: file.audioPath, format, headBytes, endByte: file.writtenBytes, endMs };
  return placeAt(anchor, facts);
}

function placeAt(
  [atMs, byte, frame, sample]: Anchor,
  { headBytes, ...rest }: Omit<Place, "byte" | "frame" | "sample" | "atMs"> & { headBytes: number },
): Place {
  return { ...rest, byte: headBytes + byte, frame, sample, atMs };
}

/** The last one at or before a moment, else the first. */
function anchorAt(anchors: readonly Anchor[], atMs: number): Anchor | undefined {
  return anchors.findLast(([anchorMs]) => anchorMs <= atMs) ?? anchors[0];
}

function firstOf({ start_ms: startMs }: Summary): Anchor {
  return [startMs, 0, 0, 0, 0];
}

function anchorsIn(document: object | null): readonly Anchor[] {
  const anchors: unknown = document === null ? [] : Reflect.get(document, "anchors");
  if (!Array.isArray(anchors)) return [];
  return anchors.filter(
    (anchor): anchor is Anchor =>
      Array.isArray(anchor) && anchor.length >= 4 && anchor.every(Number.isFinite),
  );
}

// The desk's answer about recordings.
import type { GrowingFacts, RecordingFacts } from "../../facts/recording-facts.ts";
import type { Entry } from "../../recording/retention.ts";

export interface Page {
  readonly limit: number;
  /** From 1. */
  readonly page: number;
}

export function renderRecordings(all: readonly RecordingFacts[], { limit, page }: Page) {
  const files = all
    .flatMap((one) => one.files.map((entry) => ({ entry, directory: one.directory })))
    .toSorted((a, b) => b.entry.summary.start_ms - a.entry.summary.start_ms);
  const shown = files.slice((page - 1) * limit, page * limit);
  return {
    recordings: all.map(renderState),
    total: files.length,
    files: shown.map(({ entry, directory }) => renderFile(entry, directory)),
  };
}

function renderState(recording: RecordingFacts) {
  const { mount, name, directory, keepSeconds, current, trouble, lostSeconds, files } = recording;
  return {
    mount,
    name,
    directory,
    keep_seconds: keepSeconds,
    current: current && renderCurrent(current),
    trouble,
    lost_seconds: lostSeconds,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    free_bytes: recording.freeBytes,
    min_free_bytes: Math.round(recording.neededBytes),
  };
}

function renderCurrent({ id, file, show, startMs, seconds, bytes }: GrowingFacts) {
  const url = `/api/admin/recordings/audio?id=${id}`;
  return { id, file, show, start: iso(startMs), duration_seconds: seconds, bytes, url };
}

function renderFile({ id, path, summary, size }: Entry, directory: string) {
  return {
    id,
    mount: summary.mount,
    recording: summary.recording,
    show: summary.show,
    file: path.slice(directory.length + 1),
    start: iso(summary.start_ms),
    end: iso(summary.end_ms),
    duration_seconds: summary.seconds,
    bytes: size,
    codec: summary.codec,
    lost_seconds: summary.lost_seconds,
    hold: summary.hold,
    url: `/api/admin/recordings/audio?id=${id}`,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

// Pure: the JSON file beside a recorded one, which is what the station itself knows of it after a restart.
import type { StreamFormat } from "../format/frame.ts";
import type { OggOrigin } from "../format/ogg/ogg-rebase.ts";
import { isCodec } from "./container.ts";
import type { Anchor, Gap, Segment, SourceMark, TitleMark } from "./segment.ts";
import { localIso, type Offset } from "./wall-hours.ts";

export const DOCUMENT_VERSION = 1;

/** What a file belongs to. */
export interface Belonging {
  readonly mount: string;
  readonly recording: string;
  readonly station: string;
  readonly show: string;
}

/** The fields that a list needs. */
export interface Summary extends Belonging {
  readonly version: number;
  /** Name of the audio file, in the same folder. */
  readonly file: string;
  readonly codec: string;
  readonly sample_rate: number;
  readonly channels: number;
  readonly bits_per_sample?: number;
  /** Milliseconds since 1970. */
  readonly start_ms: number;
  readonly end_ms: number;
  readonly seconds: number;
  readonly samples: number;
  readonly frames: number;
  /** Bytes of the file in front of the frames, and of the frames. */
  readonly head_bytes: number;
  readonly audio_bytes: number;
  /** Samples in front that were not heard. */
  readonly delay: number;
  readonly lost_seconds: number;
  /** Never deleted by keep and min_free. */
  readonly hold: boolean;
  /** Ogg that begins in the middle of a chain: what that was before the file's pages were numbered from its start. */
  readonly ogg_origin?: OggOrigin;
}

export interface RecordingDocument extends Summary {
  readonly start: string;
  readonly end: string;
  readonly titles: readonly (TitleMark & { readonly seconds: number })[];
  readonly sources: readonly SourceMark[];
  readonly gaps: readonly RenderedGap[];
  readonly listeners: { readonly peak: number; readonly average: number };
  /** Each: milliseconds since 1970, byte behind the head, frame, sample, listeners. */
  readonly anchors: readonly Anchor[];
}

interface RenderedGap {
  readonly sample: number;
  readonly seconds: number;
  readonly reason: string;
  readonly from: string;
  readonly to: string;
  readonly lost_seconds: number;
}

export const SUMMARY_KEYS: readonly (keyof Summary)[] = [
  "version",
  "mount",
  "recording",
  "station",
  "show",
  "file",
  "codec",
  "sample_rate",
  "channels",
  "bits_per_sample",
  "start_ms",
  "end_ms",
  "seconds",
  "samples",
  "frames",
  "head_bytes",
  "audio_bytes",
  "delay",
  "lost_seconds",
  "hold",
  "ogg_origin",
];

export interface DocumentFacts {
  readonly segment: Segment;
  readonly belongs: Belonging;
  readonly file: string;
  readonly headBytes: number;
  readonly offset: Offset;
  readonly origin?: OggOrigin | null;
}

export function documentOf(facts: DocumentFacts): RecordingDocument {
  const { segment, belongs, file, headBytes, offset } = facts;
  const { format, titles, sources, gaps, anchors } = segment;
  const secondsAt = (sample: number) => sample / format.sampleRate;
  return {
    version: DOCUMENT_VERSION,
    file,
    ...belongs,
    start: localIso(segment.startMs, offset),
    end: localIso(segment.endMs, offset),
    start_ms: Math.round(segment.startMs),
    end_ms: Math.round(segment.endMs),
    ...lengthsOf(segment),
    ...fieldsOf(format),
    head_bytes: headBytes,
    hold: segment.isHeld,
    ...(facts.origin ? { ogg_origin: facts.origin } : {}),
    titles: titles.map((title) => ({ ...title, seconds: secondsAt(title.sample) })),
    sources,
    gaps: gaps.map((gap) => renderGap(gap, secondsAt(gap.sample), offset)),
    listeners: listenersOf(anchors),
    anchors,
  };
}

function lengthsOf({ seconds, samples, frames, bytes, delay, lostSeconds }: Segment) {
  return { seconds, samples, frames, audio_bytes: bytes, delay, lost_seconds: lostSeconds };
}

function fieldsOf({ codec, sampleRate, channels, bitsPerSample }: StreamFormat) {
  const bits = bitsPerSample === undefined ? {} : { bits_per_sample: bitsPerSample };
  return { codec, sample_rate: sampleRate, channels, ...bits };
}

function renderGap(gap: Gap, seconds: number, offset: Offset): RenderedGap {
  const { sample, reason, fromMs, toMs, lostSeconds } = gap;
  const [from, to] = [localIso(fromMs, offset), localIso(toMs, offset)];
  return { sample, seconds, reason, from, to, lost_seconds: lostSeconds };
}

function listenersOf(anchors: readonly Anchor[]) {
  const counts = anchors.map(([, , , , listeners]) => listeners);
  const sum = counts.reduce((all, one) => all + one, 0);
  const average = counts.length === 0 ? 0 : Math.round((sum / counts.length) * 100) / 100;
  return { peak: Math.max(0, ...counts), average };
}

/** The latest moment that a date can have. */
const MAX_MS = 8.64e15;

const TEXTS: readonly (keyof Summary)[] = ["mount", "recording", "station", "show", "file"];
const MOMENTS: readonly (keyof Summary)[] = ["start_ms", "end_ms"];
const NUMBERS: readonly (keyof Summary)[] = ["seconds", "lost_seconds", "sample_rate"];
const COUNTS: readonly (keyof Summary)[] = [
  "channels",
  "samples",
  "frames",
  "head_bytes",
  "audio_bytes",
  "delay",
];

/** null if it is no document of this version: anybody may have put it there. */
export function summaryIn(value: unknown): Summary | null {
  if (typeof value !== "object" || value === null) return null;
  const given = value as Partial<Record<keyof Summary, unknown>>;
  const isSound =
    given.version === DOCUMENT_VERSION &&
    TEXTS.every((key) => typeof given[key] === "string") &&
    [given.file, given.mount, given.recording].every((text) => text !== "") &&
    isCodec(given.codec) &&
    [...MOMENTS, ...NUMBERS].every((key) => Number.isFinite(given[key])) &&
    MOMENTS.every((key) => Math.abs(Number(given[key])) <= MAX_MS) &&
    ["undefined", "number"].includes(typeof given.bits_per_sample) &&
    COUNTS.every((key) => Number.isSafeInteger(given[key]) && Number(given[key]) >= 0) &&
    typeof given.hold === "boolean";
  return isSound ? (given as Summary) : null;
}

/** null if its pages are as they were, or that is not known. */
export function originIn({ ogg_origin: given }: Summary): OggOrigin | null {
  if (typeof given !== "object" || given === null) return null;
  const { serial, granule, sequence } = given;
  return [serial, granule, sequence].every(Number.isSafeInteger) ? given : null;
}

/** The audio's format, of a document that came from this program. */
export function formatIn(summary: Summary): StreamFormat {
  const { codec, sample_rate: sampleRate, channels, bits_per_sample: bits } = summary;
  const plain = { codec: codec as StreamFormat["codec"], sampleRate, channels };
  return bits === undefined ? plain : { ...plain, bitsPerSample: bits };
}

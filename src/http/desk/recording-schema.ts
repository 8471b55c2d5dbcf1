// The schemas of the desk's calls about recordings.
import { t } from "elysia";
import { nullable } from "./desk-schema.ts";

const current = t.Object({
  id: t.String({ description: "As a complete file has it" }),
  file: t.String({ description: "Name in the folder that it gets; with .part while it grows" }),
  show: t.String(),
  start: t.String({ description: "ISO 8601" }),
  duration_seconds: t.Number(),
  bytes: t.Integer(),
  url: t.String({ description: "Path of what the disk has of it" }),
});

const state = t.Object({
  mount: t.String(),
  name: t.String({ description: "In the configuration" }),
  directory: t.String(),
  keep_seconds: t.Number({ description: "Age at which files are deleted; 0: never" }),
  current: nullable(current),
  trouble: nullable(t.String({ description: "Why nothing is written at present" })),
  lost_seconds: t.Number({ description: "Audio that is missing since the start" }),
  files: t.Integer({ description: "Complete files" }),
  bytes: t.Integer({ description: "Their size" }),
  free_bytes: nullable(t.Integer({ description: "Of the disk; null: no answer yet" })),
  min_free_bytes: t.Integer({ description: "What has to stay free" }),
});

const file = t.Object({
  id: t.String({ description: "Names it in the other calls" }),
  mount: t.String(),
  recording: t.String({ description: "The recording's name in the configuration" }),
  show: t.String({ description: "Of the source, or empty" }),
  file: t.String({ description: "Name in the folder" }),
  start: t.String({ description: "ISO 8601" }),
  end: t.String({ description: "ISO 8601" }),
  duration_seconds: t.Number(),
  bytes: t.Integer(),
  codec: t.String(),
  lost_seconds: t.Number({ description: "Audio that is missing in it" }),
  hold: t.Boolean({ description: "It is never deleted by keep and min_free" }),
  url: t.String({ description: "Path of its audio" }),
});

export const recordings = t.Object({
  recordings: t.Array(state, { description: "In the order of the configuration" }),
  total: t.Integer({ description: "Complete files, on all pages" }),
  files: t.Array(file, { description: "One page of them, the newest first" }),
});

/** The desk's scripts are checked against these types. */
export type RecordingList = typeof recordings.static;

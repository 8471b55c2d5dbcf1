// The schemas of the desk's calls: answers are checked against them, and the documentation shows them.
import { t, type TSchema } from "elysia";
import { CODECS } from "../../format/frame.ts";
import { LISTING_STATES } from "../../directory/directory-listing.ts";
import { INPUT_KINDS } from "../../mount/roles.ts";
import { choice } from "../choice.ts";
import { clusterSummary } from "./cluster-schema.ts";
import { failure, failureFields } from "../failure.ts";

export { failure };

/** In a form that OpenAPI 3.0 and validators both understand. */
export function nullable<T extends TSchema>(schema: T) {
  return t.Union([schema, t.Null()]);
}

/** Answers to calls that are refused. */
export const REFUSALS = {
  401: failure,
  403: failure,
  415: failure,
  422: failure,
  429: failure,
  503: failure,
};

const changes = {
  applied: t.Array(t.String(), {
    description: 'As "block.key", "mount /path: block.key" or "mount /path"',
  }),
  at_restart: t.Array(t.String(), { description: "Keys that take effect at the next start" }),
};
export const pending = t.Object(changes);
export const reloaded = t.Object(
  {
    message: t.String({ description: "A sentence that says what was done" }),
    ...changes,
  },
  { title: "Reloaded" },
);
const problems = t.Array(
  t.Object({
    file: t.String(),
    line: t.Integer({ description: "From 1; 0 for the whole file" }),
    column: t.Integer({ description: "From 1; 0 for the whole file" }),
    message: t.String(),
    expected: t.String({ description: "What the key accepts" }),
    hint: t.Optional(t.String({ description: "What may have been meant" })),
  }),
);
export const refusedReload = t.Object(
  {
    ...failureFields,
    problems,
  },
  { title: "RefusedReload" },
);

/** An event's data. */
const configuration = t.Object({
  file: t.String(),
  ...changes,
  error: nullable(t.String()),
  problems,
});

export const done = t.Object(
  {
    message: t.String({ description: "A sentence that says what was done" }),
  },
  { title: "Done" },
);

export const session = t.Object(
  {
    enabled: t.Boolean({ description: "Somebody may sign in" }),
    signed_in: t.Boolean(),
    user: nullable(t.String({ description: "Who is signed in" })),
    role: nullable(choice(["operator", "admin"])),
    revoked: t.Boolean({ description: "This browser's session ended because its account changed" }),
  },
  { title: "Session" },
);

const lag = t.Object(
  {
    median_seconds: t.Number(),
    worst_seconds: t.Number(),
    looked_at: t.Integer({ description: "Listeners sampled; not all of them when there are many" }),
  },
  { description: "Audio not yet sent to listeners, sampled every 10 s" },
);

const loudness = t.Object(
  {
    short_term: nullable(t.Number({ description: "LUFS of the latest three seconds" })),
    integrated: nullable(t.Number({ description: "LUFS since it connected" })),
    true_peak: nullable(t.Number({ description: "dBTP, the highest so far" })),
    why: nullable(t.String({ description: "Why it is not measured" })),
  },
  { description: "Measured and never changed; null while unknown, and for silence" },
);

const held = nullable(
  t.String({ description: "Why it may not be heard, such as no audio or flapping; null: it may" }),
);

const sourceId = t.Integer({ description: "For kick-source; never reused" });

const source = t.Object(
  {
    id: sourceId,
    address: t.String(),
    user: t.String({ description: "Its account, or empty for the mount's password" }),
    user_agent: t.String(),
    sending_seconds: t.Integer({ description: "Since its first bytes" }),
    received_bytes: t.Integer(),
    bitrate: t.Integer({ description: "kbit/s, the average of what it sent" }),
    declared_bitrate: t.Integer({
      description: "kbit/s that the source declares; 0 if it declares none",
    }),
    drift_percent: nullable(
      t.Number({
        description: "How much faster its clock runs; null while it is being measured (5 min)",
      }),
    ),
    held,
    loudness,
  },
  { title: "Source" },
);

const waiting = t.Object({
  id: sourceId,
  address: t.String(),
  user: t.String({ description: "Its account, or empty for the mount's password" }),
  user_agent: t.String(),
  dj: t.String({ description: "The name it gives its show or DJ, or empty" }),
  sending_seconds: t.Integer({ description: "Since its first bytes" }),
  held,
});

const relay = t.Object({
  name: t.String(),
  url: t.String({ description: "What plays or is tried, without credentials and query" }),
  state: t.String({ description: "idle, connecting, playing or waiting (for the next attempt)" }),
  last_error: nullable(t.String({ description: "Why an address does not work; null if all do" })),
  next_try_seconds: nullable(t.Integer({ description: "null unless it waits" })),
  down_seconds: t.Integer({ description: "Since nothing has come that should; 0 while it comes" }),
  connects: t.Integer({ description: "Streams that it has begun" }),
  received_bytes: t.Integer(),
});

const format = t.Object({
  codec: choice(CODECS),
  sample_rate: t.Integer({ description: "Hz" }),
  channels: t.Integer(),
  bitrate: t.Integer({ description: "kbit/s, averaged" }),
});

const push = t.Object({
  name: t.String(),
  url: t.String({ description: "Without user and password" }),
  up: t.Boolean({ description: "The other server takes the stream" }),
  seconds: t.Integer({ description: "Since it is up or down" }),
  sent_bytes: t.Integer(),
  dropped_seconds: t.Number({ description: "Dropped because the other server was slow" }),
  connections: t.Integer({ description: "Since the start" }),
  last_error: nullable(t.String()),
});

const mount = t.Object(
  {
    mount: t.String(),
    station_name: t.String(),
    on_air: choice(INPUT_KINDS, { description: "What is on air", title: "SourceStatus" }),
    on_air_seconds: t.Integer(),
    title: t.String({ description: "The title being written; listeners hear it one burst later" }),
    artist: t.String(),
    format: nullable(format),
    listeners: t.Integer({ description: "All, at edges too" }),
    listeners_here: t.Integer(),
    relays_served: t.Integer({ description: "Servers that get the stream from here" }),
    unique_listeners: t.Integer({ description: "Different addresses" }),
    listener_peak: t.Integer(),
    max_listeners: t.Integer({ description: "0 is no limit" }),
    joined: t.Integer({ description: "Listeners since the start" }),
    slow_listeners: t.Integer({
      description: "Dropped or skipped ahead because they did not read",
    }),
    lag,
    source: nullable(source),
    relays: t.Array(relay),
    pushes: t.Array(push, { description: "Other servers that get the stream" }),
    waiting: t.Array(waiting, {
      description: "Further sources, in the order in which they follow",
    }),
    directory: t.Object(
      { state: choice(LISTING_STATES), message: t.String() },
      { description: "Its place in the directory of stations, and what that said" },
    ),
    playlist: t.Object({
      tracks: t.Integer(),
      file: nullable(t.String({ description: "The file on air" })),
    }),
  },
  { title: "DeskMount" },
);

const edge = t.Object({
  url: t.String(),
  weight: t.Integer({ description: "Its share of new listeners beside the others'" }),
  up: t.Boolean({ description: "It gets new listeners" }),
  why: nullable(t.String({ description: "Why it gets none" })),
  listeners: t.Integer(),
  lag_seconds: nullable(t.Number({ description: "Audio that it does not have yet" })),
});

export const overview = t.Object(
  {
    version: t.String(),
    uptime_seconds: t.Integer(),
    started_at: t.Integer({ description: "Unix seconds" }),
    listeners: t.Integer(),
    cluster: clusterSummary,
    edges: t.Array(edge, { description: "Servers that listeners are sent to" }),
    mounts: t.Array(mount),
  },
  { title: "Overview" },
);

export const history = t.Object(
  {
    mount: t.String(),
    step_seconds: t.Integer(),
    times: t.Array(t.Integer(), { description: "Unix seconds" }),
    listeners: t.Array(t.Integer(), { description: "Maximum within each step" }),
  },
  { title: "ListenerHistory" },
);

export const log = t.Object(
  {
    total: t.Integer({ description: "Lines since the start" }),
    lines: t.Array(
      t.Object({
        number: t.Integer(),
        time: t.String({ description: "ISO 8601" }),
        level: t.String(),
        text: t.String(),
      }),
    ),
  },
  { title: "Log" },
);

export const doctor = t.Object(
  {
    findings: t.Array(
      t.Object(
        {
          severity: choice(["trouble", "warning", "note"], { description: "The worst come first" }),
          subject: t.String({ description: 'A mount, or "station"' }),
          sentence: t.String(),
          remedy: t.String(),
        },
        { title: "Finding" },
      ),
    ),
  },
  { title: "Findings" },
);

/** The desk's scripts are checked against these types. */
export type Session = typeof session.static;
export type Overview = typeof overview.static;
export type Mount = typeof mount.static;
export type History = typeof history.static;
export type Configuration = typeof configuration.static;
export type Reloaded = typeof reloaded.static;
export type Log = typeof log.static;
export type Doctor = typeof doctor.static;

// The schemas of the desk's calls about music: the playlist, its files, and their conversion.
import { t } from "elysia";
import { nullable } from "./desk-schema.ts";

const sound = {
  duration_seconds: nullable(t.Number({ description: "null: not known yet" })),
  loudness: nullable(t.Number({ description: "LUFS of the file; null: not measured" })),
};

const level = {
  ...sound,
  gain: nullable(
    t.Number({
      description: "dB by which it is changed as it goes out; null: not at all, or not known yet",
    }),
  ),
};

const names = {
  file: t.String({ description: "From the playlist's directory" }),
  title: t.String({ description: "From its tags, or empty" }),
  artist: t.String(),
  album: t.String(),
};

export const files = t.Object({ files: t.Array(t.Object({ ...names, ...sound })) });

const jobOf = {
  kind: t.String({
    description: "analyse (measure the loudness), convert, or seam (fade two tracks)",
  }),
  file: t.String({ description: "From a playlist's directory" }),
};

const converter = t.Object({
  running: nullable(
    t.Object({ ...jobOf, seconds: t.Number({ description: "Of audio, done so far" }) }),
  ),
  waiting: t.Object(
    { analyse: t.Integer(), convert: t.Integer(), seam: t.Integer() },
    { description: "Jobs that wait, by kind" },
  ),
  speed: nullable(
    t.Number({ description: "Seconds of audio a second; null: nothing was done yet" }),
  ),
  stopped: nullable(t.String({ description: "Why nothing can be converted at present" })),
  failures: t.Array(
    t.Object({ ...jobOf, why: t.String(), time: t.String({ description: "ISO 8601" }) }),
    { description: "Of the latest, the newest first" },
  ),
});

export const library = t.Object({
  converter: nullable(converter),
  mounts: t.Array(
    t.Object({
      mount: t.String(),
      directory: t.String(),
      files: t.Integer({ description: "With an ending of playlist.extensions" }),
      measured: t.Integer({ description: "Files whose format and duration are known" }),
      seconds_left: nullable(
        t.Integer({ description: "Until all are known; null: no estimate yet, 0: all are" }),
      ),
      duration_seconds: t.Integer({ description: "Playing time of the files that play" }),
      loudness_unknown: t.Integer({
        description: "Files whose loudness is still to be measured; they play all the same",
      }),
      loudness_seconds_left: nullable(
        t.Integer({ description: "Until it is; null: no estimate, 0: it is" }),
      ),
      unconverted: t.Integer({
        description: "Files that have to be converted before they play; done ahead of their turn",
      }),
      left_out: t.Array(
        t.Object({
          why: t.String(),
          count: t.Integer(),
          files: t.Array(t.String(), { description: "The first ones by name" }),
        }),
        { description: "By reason, those with most files first" },
      ),
    }),
  ),
});

const named = t.Array(t.Object({ name: t.String(), why: t.String() }));

export const playlist = t.Object({
  mount: t.String(),
  directory: t.String(),
  shuffle: t.Boolean(),
  tracks: t.Integer(),
  playing: nullable(
    t.Object({ file: t.String(), title: t.String(), artist: t.String(), ...level }),
  ),
  upcoming: t.Array(t.String(), {
    description:
      "The next files; in a shuffled playlist, the next round behind the rest of this one",
  }),
  ahead: t.Array(t.Object({ ...names, ...level }), {
    description: "What is known about those not read ahead yet",
  }),
  skipped: named,
  unreadable: named,
});

/** The desk's scripts are checked against these types. */
export type Library = typeof library.static;
export type Files = typeof files.static;
export type Playlist = typeof playlist.static;

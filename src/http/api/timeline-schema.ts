// How the API tells where on a mount's audio its titles are.
import { t } from "elysia";

export const artworkUrl = t.Union([t.String(), t.Null()], {
  description: "Path of the picture embedded in the track; null: it has none",
});

export const dj = t.String({
  description: "Who is live, as the source calls its show (ice-name), or empty",
});

export const timeline = t.Object(
  {
    head_seconds: t.Number({ description: "Audio written to the mount so far" }),
    join_seconds: t.Number({ description: "Where on it one begins who joins now" }),
    burst_seconds: t.Number({ description: "How far that is before the head, if so much is held" }),
    chromium_join_seconds: t.Number({
      description: "join_seconds of a client whose User-Agent names Chrome or Chromium",
    }),
    chromium_burst_seconds: t.Number({
      description: "Its burst: it plays only when it has 32 KiB, so at a low bitrate it is longer",
    }),
    titles: t.Array(
      t.Object({
        from_seconds: t.Number({ description: "Where it begins; the last may not be heard yet" }),
        source_status: t.String({ description: "live, playlist or silence" }),
        dj,
        title: t.String(),
        artist: t.String(),
        artwork_url: artworkUrl,
      }),
      { description: "What was heard lately and what is about to be, in that order" },
    ),
  },
  {
    description:
      "The mount's audio counted in seconds. A player that joined at join_seconds and has played p " +
      "seconds since hears the last title whose from_seconds are at most join_seconds + p.",
  },
);

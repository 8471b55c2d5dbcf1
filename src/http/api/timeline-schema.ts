// How the API tells where on a mount's audio its titles are.
import { t } from "elysia";

export const artworkUrl = t.Union([t.String(), t.Null()], {
  description: "Path of the picture embedded in the track; null if there is none",
});

export const dj = t.String({
  description: "Name of the live show (ice-name), or empty",
});

export const timeline = t.Object(
  {
    head_seconds: t.Number({ description: "Audio written to the mount so far" }),
    join_seconds: t.Number({ description: "Position at which a client that joins now starts" }),
    burst_seconds: t.Number({
      description: "Distance from there to the head, once that much is held",
    }),
    chromium_join_seconds: t.Number({
      description: "join_seconds of a client whose User-Agent names Chrome or Chromium",
    }),
    chromium_burst_seconds: t.Number({
      description: "Its burst: longer at low bitrates, since it needs 32 KiB before it plays",
    }),
    titles: t.Array(
      t.Object({
        from_seconds: t.Number({
          description: "Its start; listeners may not hear the last one yet",
        }),
        source_status: t.String({ description: "live, playlist or silence" }),
        dj,
        title: t.String(),
        artist: t.String(),
        artwork_url: artworkUrl,
      }),
      { description: "Recent and upcoming titles, oldest first" },
    ),
  },
  {
    description:
      "The mount's audio counted in seconds. A player that joined at join_seconds and has played p " +
      "seconds since hears the last title whose from_seconds are at most join_seconds + p.",
  },
);

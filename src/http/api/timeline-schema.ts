// The API's description of where each title lies in a mount's audio.
import { t } from "elysia";
import { INPUT_KINDS } from "../../mount/roles.ts";
import { choice } from "../choice.ts";

export const artworkUrl = t.Union([t.String(), t.Null()], {
  description: "Path of the picture embedded in the track; null if there is none",
});

export const dj = t.String({
  description: "Name of the live show (ice-name), or empty",
});

export const album = t.String({ description: "From the track's tags, or empty" });

export const duration = t.Union([t.Number(), t.Null()], {
  description: "Playing time of the track in seconds; null: unknown, or without an end",
});

export const elapsed = t.Union([t.Number(), t.Null()], {
  description: "Seconds for which the title at join_seconds has been heard; null: silence",
});

export const startedAt = t.Union([t.String(), t.Null()], {
  description: "When the title began to be heard there, as ISO 8601; null: silence",
});

export const rewind = t.Number({
  description: "How far before head_seconds a listener can begin now, with ?at=; 0: not at all",
});

export const sourceStatus = choice(INPUT_KINDS, {
  description: "What is on air",
  title: "SourceStatus",
});

export const trackFields = {
  title: t.String(),
  artist: t.String(),
  album,
  duration_seconds: duration,
  artwork_url: artworkUrl,
};

const track = t.Object(trackFields, { title: "Track" });

export const next = t.Union([track, t.Null()], {
  description: "The track that follows; null: unknown, or no playlist is on air",
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
    rewind_limit_seconds: t.Number({
      description: "Largest rewind_seconds that the mount will have; 0: it cannot be rewound",
    }),
    recorded_seconds: t.Number({
      description:
        "How far back recordings reach that ?at= plays, at most a day; 0: there are none. /api/recorded/{mount} has what is there",
    }),
    titles: t.Array(
      t.Object(
        {
          from_seconds: t.Number({
            description: "Its start; listeners may not hear the last one yet",
          }),
          played_seconds: t.Optional(
            t.Number({
              description:
                "How much of it was heard before the interruption after which it goes on",
            }),
          ),
          source_status: sourceStatus,
          dj,
          ...trackFields,
        },
        { title: "TimelineTrack" },
      ),
      { description: "Recent and upcoming titles, oldest first: all that rewind_seconds reaches" },
    ),
    next: t.Union([track, t.Null()], {
      description: "The track behind the last of `titles`; null: unknown",
    }),
  },
  {
    title: "Timeline",
    description:
      "The mount's audio counted in seconds. A player that joined at join_seconds and has played p " +
      "seconds since hears the last title whose from_seconds are at most join_seconds + p.",
  },
);

// The keys of HLS: whether a mount has it, and how its audio is cut.
import { amount, amountOrZero, count, flag } from "./key.ts";

export const hlsKeys = {
  enabled: flag({
    scope: "mount",
    isOwn: true,
    default: false,
    description:
      "Offer the mount by HLS too, at its path with /hls/index.m3u8; at the top for the first mount. Not for Vorbis, Speex, MP2 and WebM.",
  }),
  segment: amount({
    scope: "mount",
    unit: "seconds",
    range: [2, 20],
    default: 6.0,
    description:
      "Length of a segment. Players begin three segments behind. A running mount keeps its length: another one counts from the next start. In a group, the length of its first mount counts.",
  }),
  part: amountOrZero({
    scope: "mount",
    unit: "seconds",
    range: [0.5, 2],
    default: 0,
    description:
      "Length of the parts that players can have before their segment is complete (LL-HLS): they begin three and a half parts behind, and ask twice for each part. 0: no parts. MP3 and the mounts of a group have none. Another length counts from the next start.",
  }),
  window: count({
    scope: "mount",
    unit: "segments",
    range: [3, 120],
    default: 10,
    description: "Segments in the playlist; as many older ones stay available.",
  }),
  sessions: flag({
    scope: "mount",
    default: true,
    description:
      "Give each HLS listener a session, by which it is counted and limited. Off: playlists are the same for all, so that a CDN can have them, and its own log counts. A mount whose listeners need a login keeps sessions.",
  }),
};

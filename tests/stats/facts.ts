// A station with two mounts as tests of the renderings know it: one is live, one is silent.
import type { MountFacts, StationFacts } from "../../src/stats/facts.ts";

export const STREAM: MountFacts = {
  path: "/stream",
  stationName: "Test Radio",
  stationDescription: "A station under test",
  stationGenre: "Various",
  stationUrl: "http://localhost:8001",
  hasSource: true,
  onAir: "live",
  artist: "A Guest",
  title: "A Song",
  dj: "A Host",
  artworkId: null,
  titleLine: "A Guest - A Song",
  contentType: "audio/mpeg",
  isUp: true,
  sinceMs: Date.UTC(2026, 7, 1, 10, 1),
  maxListeners: 0,
  format: { codec: "mp3", sampleRate: 44_100, channels: 2 },
  bitrate: 128,
  listeners: 3,
  listenerPeak: 5,
  slowListeners: 1,
  garbageBytes: 7,
  tracks: 12,
  timeline: {
    headSeconds: 100,
    joinSeconds: 95.0004,
    burstSeconds: 5,
    chromiumJoinSeconds: 92.0004,
    chromiumBurstSeconds: 8.0004,
    airings: [
      {
        fromSeconds: 60.0005,
        onAir: "live",
        dj: "A Host",
        artist: "A Guest",
        title: "A Song",
        artworkId: "c0ffee",
      },
    ],
  },
};

export const TALK: MountFacts = {
  ...STREAM,
  path: "/talk",
  hasSource: false,
  onAir: "silence",
  isUp: false,
  format: null,
};

export const STATION: StationFacts = {
  version: "1.2.3",
  uptimeSeconds: 3725.9,
  startedMs: Date.UTC(2026, 7, 1, 10),
  warnings: ["Change the password"],
  mounts: [STREAM, TALK],
};

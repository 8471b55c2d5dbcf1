// Facts of a station with two mounts, as the tests of what is rendered from them know it: one is live, one is silent.
import type {
  ListenerFacts,
  MountFacts,
  PlaylistFacts,
  SourceFacts,
  StationFacts,
} from "../../src/facts/facts.ts";

export const SOURCE: SourceFacts = {
  address: "192.0.2.1",
  userAgent: "BUTT <1>",
  receivedBytes: 1000,
  garbageBytes: 30,
  sendingSeconds: 900,
  declaredBitrate: 128,
  measuredBitrate: 128,
  drift: { ratio: 0, seconds: 600 },
};

export const PLAYLIST: PlaylistFacts = {
  directory: "/music",
  shuffle: false,
  files: {
    count: 12,
    skippedCount: 0,
    isKnown: true,
    reasons: new Map(),
    unreadable: new Map(),
    unreadableCount: 0,
    passedOver: new Map(),
    tooDeep: [],
    isCutOff: false,
    unansweredSeconds: 0,
  },
  heardFile: null,
  title: "",
  artist: "",
  upcoming: () => [],
};

export const LISTENER: ListenerFacts = {
  mount: "/stream",
  number: 7,
  id: "c0ffee",
  address: "192.0.2.7",
  userAgent: "<VLC>",
  isForwarded: false,
  connectedSeconds: 12.99,
  sentBytes: 4096,
  lagSeconds: 0.12345,
  isActive: true,
};

export const STREAM: MountFacts = {
  path: "/stream",
  stationName: "Test Radio",
  stationDescription: "A station under test",
  stationGenre: "Various",
  stationUrl: "http://localhost:8001",
  hasDefaultPassword: false,
  fallback: "/talk",
  hasSource: true,
  onAir: "live",
  sinceMs: Date.UTC(2026, 7, 1, 10, 1),
  onAirSeconds: 900,
  isUp: true,
  artist: "A Guest",
  title: "A Song",
  titleLine: "A Guest - A Song",
  dj: "A Host",
  artworkId: null,
  written: { artist: "A Guest", title: "A Song" },
  format: { codec: "mp3", sampleRate: 44_100, channels: 2 },
  contentType: "audio/mpeg",
  bitrate: 128,
  garbageBytes: 7,
  source: SOURCE,
  playlist: PLAYLIST,
  buffer: { available: 1000, space: 2000 },
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
  listeners: 3,
  listenerPeak: 5,
  maxListeners: 0,
  capacity: 100,
  joined: 9,
  unique: 2,
  averageSeconds: 61.9,
  slowListeners: 1,
  slowLately: 0,
  sentBytes: 5000,
  lag: { medianSeconds: 0, worstSeconds: 0, lookedAt: 3 },
  some: () => [],
};

export const TALK: MountFacts = {
  ...STREAM,
  path: "/talk",
  fallback: "",
  hasSource: false,
  onAir: "silence",
  isUp: false,
  format: null,
  source: null,
  buffer: { available: 0, space: 0 },
  joined: 0,
  sentBytes: 94_999,
};

export const STATION: StationFacts = {
  version: "1.2.3",
  uptimeSeconds: 3725.9,
  startedMs: Date.UTC(2026, 7, 1, 10),
  nowMs: STREAM.sinceMs + 5000,
  warnings: ["Change the password"],
  configWarnings: [],
  hasDefaultAdmin: false,
  missingPort: null,
  sources: { accepted: 2, unauthorized: 7 },
  failedLogins: 4,
  lateness: { p99Ms: 1.2345, maxMs: 7 },
  lately: { minutes: 10, failedLogins: 0, sources: {} },
  mounts: [STREAM, TALK],
  mount: (path) => [STREAM, TALK].find((mount) => mount.path === path),
  listeners: () => [LISTENER],
};

/** The same station with other mounts. */
export function stationOf(...mounts: [MountFacts, ...MountFacts[]]): StationFacts {
  return { ...STATION, mounts, mount: (path) => mounts.find((mount) => mount.path === path) };
}

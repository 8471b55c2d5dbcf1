// Configurations for tests: everything on loopback, ports free, nothing played unless a test says so.
import type { Config, MountConfig } from "../../src/config/config.ts";
import { Secret } from "../../src/lib/secret.ts";

export const PASSWORD = "spell-of-the-test";
const NONE = new Secret("");

export interface TestMount extends Partial<
  Omit<
    MountConfig,
    "playlist" | "metadata" | "buffer" | "rules" | "listeners" | "stream_auth" | "hls"
  >
> {
  hls?: Partial<MountConfig["hls"]>;
  rules?: Partial<MountConfig["rules"]>;
  listeners?: Partial<MountConfig["listeners"]>;
  streamAuth?: Partial<MountConfig["stream_auth"]>;
  burstSeconds?: number;
  bufferBytes?: number;
  rewindSeconds?: number;
  playlist?: Partial<MountConfig["playlist"]>;
  metadata?: Partial<MountConfig["metadata"]>;
}

export function testMount(given: TestMount = {}): MountConfig {
  const {
    playlist,
    metadata,
    hls,
    rules,
    listeners,
    streamAuth,
    burstSeconds = 5,
    bufferBytes = 1 << 20,
    rewindSeconds = 0,
    ...rest
  } = given;
  return {
    path: "/stream",
    sourcePassword: new Secret(PASSWORD),
    buffer: { sizeMb: bufferBytes / 2 ** 20, burstSeconds, rewindSeconds },
    maxListeners: 0,
    group: "",
    fallback: "",
    push: [],
    fallbackWhenFull: false,
    intro: "",
    introSkip: 0,
    outro: "",
    sourceTimeout: 10,
    sourceGrace: 0,
    sourceSteady: 0,
    onBusy: "refuse",
    silenceTimeout: 30,
    listenerTimeout: 30,
    onFormatChange: "reconnect",
    recording: [],
    hls: { enabled: false, segment: 6, part: 0, window: 10, sessions: true, ...hls },
    relay: [],
    directory: {
      ...{ public: false, logo: "", mainStreamUrl: "", country: "", subdivision: "" },
      ...{ languages: "", position: "", indexMetadata: false, doNotIndex: false },
    },
    ...rest,
    rules: {
      allow: [],
      deny: [],
      denyAgents: [],
      allowReferers: [],
      denyReferers: [],
      listenersPerAddress: 0,
      maxListenerDuration: 0,
      ...rules,
    },
    listeners: {
      file: "",
      url: NONE,
      timeout: 6,
      onError: "refuse",
      key: NONE,
      previousKey: NONE,
      ...listeners,
    },
    stream_auth: { url: NONE, timeout: 6, ...streamAuth },
    playlist: {
      directory: "/nowhere",
      shuffle: false,
      artistSeparation: 3,
      format: "auto",
      file: "",
      sampleRate: 0,
      channels: 0,
      bitrate: 0,
      extensions: [".mp3"],
      loudness: "off",
      trimSilence: "off",
      crossfade: 0,
      ...playlist,
    },
    metadata: {
      stationName: "Test Radio",
      stationDescription: "A station under test",
      stationGenre: "Various",
      stationUrl: "http://localhost:8001",
      enableIcy: true,
      icyMetaint: 16_000,
      ...metadata,
    },
  };
}

/** The first mount, and others; `advanced` on top of what is shipped. */
export function testConfig(
  mounts: readonly [TestMount, ...TestMount[]] = [{}],
  advanced: Partial<Config["advanced"]> = {},
): Config {
  const [first, ...others] = mounts;
  return {
    file: "test.hcl",
    server: {
      host: "127.0.0.1",
      sourcePort: 0,
      listenPort: 0,
      adminUser: "admin",
      adminPassword: new Secret(""),
      admin: null,
      stateDirectory: "",
      mountPoint: "/stream",
      publicUrl: "",
      trustedProxies: [],
      proxyProtocol: false,
    },
    tls: { certificate: "", key: "", listenPort: 0, redirect: false },
    library: { directory: "", cacheGb: 10 },
    history: { directory: "", keep: "90d", geoip: "" },
    limits: { maxBandwidth: 0, connectionsPerAddress: 0 },
    account: [],
    alert: [],
    hook: [],
    link: [],
    yp: { url: "", listenUrl: "" },
    branding: { logo: "", accent: "", accentDark: "", background: "", backgroundDark: "", css: "" },
    page: { showListeners: true, showDeveloperLinks: true, embedOn: [] },
    token: [],
    broadcaster: { chunkSize: 8192, sleepHigh: 0.001, sleepMedium: 0.005, sleepLow: 0.01 },
    relay_all: {
      url: NONE,
      user: "",
      password: NONE,
      tlsVerify: true,
      tlsCa: "",
      timeout: 10,
      onDemand: true,
      linger: 10,
      interval: 60,
      maxMounts: 32,
    },
    edge: {
      ...{ origin: [], user: "", password: NONE, tlsVerify: true, tlsCa: "" },
      ...{ timeout: 10, onDemand: true, linger: 10 },
    },
    cluster: {
      ...{ edges: [], secret: NONE, noRedirect: [] },
      ...{ nats: NONE, name: "cycast", node: "", url: "", standby: false },
    },
    log: { format: "text", level: "info", file: "" },
    metrics: { token: new Secret(""), allow: [] },
    advanced: {
      verboseLogging: false,
      accessLog: "",
      enableStats: true,
      debug: false,
      secretKey: new Secret("change-me-in-production"),
      ...advanced,
    },
    mounts: [testMount(first), ...others.map(testMount)],
    warnings: [],
  };
}

/** A relay that pulls at once and reports soon. */
export function testRelay(
  url: string,
  given: Partial<MountConfig["relay"][number]> = {},
): MountConfig["relay"][number] {
  return {
    label: "main",
    url: new Secret(url),
    urls: [],
    user: "",
    password: NONE,
    tlsVerify: true,
    tlsCa: "",
    timeout: 10,
    onDemand: false,
    linger: 0,
    priority: 75,
    ...given,
  };
}

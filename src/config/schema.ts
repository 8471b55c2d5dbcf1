// Every block and key of a configuration. Config, defaults, checks, problems and the shipped config.hcl derive from
// it.
import { alertKeys } from "./alert-keys.ts";
import { Secret } from "../lib/secret.ts";
import { accountKeys, tokenKeys } from "./account-keys.ts";
import {
  amount,
  choice,
  count,
  flag,
  host,
  mountPath,
  optionalPath,
  optionalSecret,
  secret,
  userName,
} from "./key.ts";
import { broadcasterKeys } from "./broadcaster-keys.ts";
import { clusterKeys } from "./cluster-keys.ts";
import { edgeKeys } from "./edge-keys.ts";
import { hearingKeys } from "./hearing-keys.ts";
import { historyKeys } from "./history-keys.ts";
import { hlsKeys } from "./hls-keys.ts";
import { directoryKeys, ypKeys } from "./directory-keys.ts";
import { hookKeys } from "./hook-keys.ts";
import { addressRanges } from "./list-keys.ts";
import { listenersKeys, streamAuthKeys } from "./listener-keys.ts";
import { logKeys } from "./log-keys.ts";
import { playlistKeys } from "./playlist-keys.ts";
import { recordingKeys } from "./recording-keys.ts";
import { metadataKeys } from "./metadata-keys.ts";
import { metricsKeys } from "./metrics-keys.ts";
import { brandingKeys, linkKeys, pageKeys, webAddress } from "./page-keys.ts";
import { relayAllKeys, relayKeys } from "./relay-keys.ts";
import { pushKeys } from "./push-keys.ts";
import { limitKeys, ruleKeys } from "./rule-keys.ts";
import { sourceKeys } from "./source-keys.ts";
import { type LabelledBlock, Schema } from "./tree.ts";

/** This default of `advanced.secret_key` means a random key made at each start. */
export const UNSET_SECRET_KEY = "change-me-in-production";

/** What to do if an input's codec, rate or channels differ from the mount's. */
export const FORMAT_CHANGES = ["reconnect", "refuse", "allow"] as const;
export type FormatChange = (typeof FORMAT_CHANGES)[number];

const PORT = { unit: "", range: [0, 65535] } as const;
const TIMEOUT = { unit: "seconds", range: [0.1, 3600] } as const;

export const blocks = {
  server: {
    host: host({
      isFixed: true,
      default: "0.0.0.0",
      description:
        "Address that both ports listen on; 0.0.0.0 means all IPv4 addresses of this machine.",
    }),
    source_port: count({
      isFixed: true,
      ...PORT,
      default: 8000,
      description: "Port for source clients; 0 picks any free port.",
    }),
    listen_port: count({
      isFixed: true,
      ...PORT,
      default: 8001,
      description: "Port for listeners, the status page and the API; 0 picks any free port.",
    }),
    source_password: secret({
      default: new Secret("hackme"),
      scope: "mount",
      description:
        'Password for source clients. The default, "hackme", works from this machine only: change it.',
    }),
    admin_user: userName({
      default: "admin",
      description: "User name for the admin commands.",
    }),
    admin_password: optionalSecret({
      default: new Secret(""),
      description: "Password for the admin commands; empty disables them.",
    }),
    state_directory: optionalPath({
      isFixed: true,
      default: "./state",
      description:
        "Folder for what outlasts a restart, made when there is something to keep; relative to this file. If empty, nothing is kept.",
    }),
    mount_point: mountPath({
      isFixed: true,
      default: "/stream",
      description: "Path of the first mount, for source clients and listeners.",
    }),
    public_url: webAddress({
      default: "",
      description:
        "Address of the page as the world reaches it, such as https://radio.example/live, for links and previews. If empty, each client's own.",
    }),
    trusted_proxies: addressRanges({
      default: [],
      description:
        "Proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses, or ranges like 10.0.0.0/8.",
    }),
    proxy_protocol: flag({
      default: false,
      description:
        "Take the PROXY protocol, version 1 or 2, from trusted_proxies on the source port, and nothing else from them.",
    }),
  },
  tls: {
    certificate: optionalPath({
      default: "",
      description:
        "Certificate chain in PEM, such as fullchain.pem, relative to this file; with it the source port also accepts TLS. A renewed file is used at once.",
    }),
    key: optionalPath({
      default: "",
      description: "Its private key in PEM, such as privkey.pem; relative to this file.",
    }),
    listen_port: count({
      isFixed: true,
      ...PORT,
      default: 0,
      description: "Port for HTTPS: listeners, the status page and the API; 0 is off.",
    }),
    redirect: flag({
      default: false,
      description:
        "Send browsers that open a page by HTTP to listen_port; players and sources stay.",
    }),
  },
  buffer: {
    size_mb: amount({
      isFixed: true,
      unit: "MiB",
      range: [1, 1024],
      default: 10,
      scope: "mount",
      description: "Memory per mount for its latest audio, more if rewind_seconds needs it.",
    }),
    burst_seconds: amount({
      unit: "seconds",
      range: [0, 60],
      default: 5.0,
      scope: "mount",
      description:
        "Audio sent to a new listener at once, so that playback starts immediately. Chromium gets at least 32 KiB: with less it starts late and stalls.",
    }),
    rewind_seconds: amount({
      unit: "seconds",
      range: [0, 21_600],
      default: 300,
      scope: "mount",
      description:
        "How far back listeners may go, on the page or with ?at=; 0 is off. More memory than size_mb is used if it needs more: an hour at 128 kbit/s is 60 MB.",
    }),
  },
  playlist: playlistKeys,
  listeners: listenersKeys,
  stream_auth: streamAuthKeys,
  library: {
    directory: optionalPath({
      isFixed: true,
      default: "",
      description:
        "Folder for what is known about the music and for converted tracks; relative to this file. If empty, the folder library in server.state_directory.",
    }),
    cache_gb: amount({
      isFixed: true,
      unit: "GB",
      range: [0, 100_000],
      default: 10,
      description:
        "Space for converted tracks, the least recently played go first; 0 converts nothing.",
    }),
  },
  history: historyKeys,
  hls: hlsKeys,
  broadcaster: broadcasterKeys,
  metadata: metadataKeys,
  branding: brandingKeys,
  page: pageKeys,
  relay_all: relayAllKeys,
  edge: edgeKeys,
  cluster: clusterKeys,
  directory: directoryKeys,
  yp: ypKeys,
  log: logKeys,
  metrics: metricsKeys,
  rules: ruleKeys,
  limits: limitKeys,
  advanced: {
    max_listeners: count({
      unit: "",
      range: [0, 1_000_000],
      default: 0,
      scope: "mount",
      description: "Maximum number of listeners per mount; 0 is no limit.",
    }),
    ...hearingKeys,
    ...sourceKeys,
    listener_timeout: amount({
      ...TIMEOUT,
      default: 30.0,
      scope: "mount",
      description: "A listener that accepts no data for this long is dropped.",
    }),
    on_format_change: choice({
      choices: FORMAT_CHANGES,
      default: "reconnect",
      scope: "mount",
      description:
        "When a source's codec, sample rate or channels differ from the mount's: disconnect the listeners so that their players reconnect to the new format, refuse the source, or allow the mix.",
    }),
    verbose_logging: flag({
      default: false,
      description: "Log debug details too.",
    }),
    access_log: optionalPath({
      default: "",
      description:
        "Access log in Icecast's format, one line per finished request; relative to this file. If empty, only listeners that leave are logged, in the station's log.",
    }),
    enable_stats: flag({
      default: true,
      description: "Serve /api/stats; if false it answers 403.",
    }),
    debug: flag({
      default: false,
      aliases: ["flask_debug"],
      description: "Include internal error details in failed responses; for development only.",
    }),
    secret_key: secret({
      isFixed: true,
      default: new Secret(UNSET_SECRET_KEY),
      aliases: ["flask_secret_key"],
      description:
        "Key that derives the listener ids in /api/stats; the default means a random key at each start.",
    }),
  },
} as const;

/** Labelled blocks, which may be repeated. Those of mounts belong to the first mount at the top, and in a mount block to
 * that mount. */
export const labelled = {
  account: { label: "a user name", max: 256, scope: "station", keys: accountKeys },
  alert: { label: "a name", max: 16, scope: "station", keys: alertKeys },
  hook: { label: "a name", max: 16, scope: "station", keys: hookKeys },
  link: { label: "its text", max: 16, scope: "station", keys: linkKeys },
  recording: { label: "a name", max: 8, keys: recordingKeys },
  push: { label: "a name", max: 8, keys: pushKeys },
  relay: { label: "a name", max: 8, keys: relayKeys },
  token: { label: "a name", max: 64, scope: "station", keys: tokenKeys },
} as const satisfies Readonly<Record<string, LabelledBlock>>;

export const schema = new Schema(blocks, labelled);

// Every block and key of a configuration. Config, defaults, checks, problems and the shipped config.hcl derive from it.
import { Secret } from "../lib/secret.ts";
import {
  amount,
  choice,
  count,
  extensions,
  flag,
  host,
  line,
  mountPath,
  optionalPath,
  optionalSecret,
  path,
  secret,
  text,
  userName,
} from "./key.ts";
import { type LabelledBlock, Schema } from "./tree.ts";

/** As shipped, `advanced.secret_key` stands for a random key made at each start. */
export const UNSET_SECRET_KEY = "change-me-in-production";

/** One mount, one codec: mixed bytes would stop every player. */
export const PLAYLIST_FORMATS = ["auto", "mp3", "aac", "vorbis", "opus", "flac", "speex"] as const;
export type PlaylistFormat = (typeof PLAYLIST_FORMATS)[number];

/** What happens when an input's codec, rate or channels differ from the mount's. */
export const FORMAT_CHANGES = ["reconnect", "refuse", "allow"] as const;
export type FormatChange = (typeof FORMAT_CHANGES)[number];

const PORT = { unit: "", range: [0, 65535] } as const;
const SLEEP = { unit: "seconds", range: [0, 1] } as const;
const TIMEOUT = { unit: "seconds", range: [0.1, 3600] } as const;

export const blocks = {
  server: {
    host: host({
      isFixed: true,
      default: "0.0.0.0",
      description:
        "Address that both ports listen on; 0.0.0.0 is every IPv4 address of the machine.",
    }),
    source_port: count({
      isFixed: true,
      ...PORT,
      default: 8000,
      description: "Port for source clients; 0 takes any free port.",
    }),
    listen_port: count({
      isFixed: true,
      ...PORT,
      default: 8001,
      description: "Port for listeners, the status page and the API; 0 takes any free port.",
    }),
    source_password: secret({
      default: new Secret("hackme"),
      scope: "mount",
      description:
        'Password of source clients; "hackme" is accepted from this machine only, so change it.',
    }),
    admin_user: userName({
      default: "admin",
      description: "User name of the admin commands.",
    }),
    admin_password: optionalSecret({
      default: new Secret(""),
      description: "Password of the admin commands; empty switches them off.",
    }),
    mount_point: mountPath({
      isFixed: true,
      default: "/stream",
      description: "Path of the first mount, the same for source clients and listeners.",
    }),
  },
  buffer: {
    size_mb: amount({
      isFixed: true,
      unit: "MiB",
      range: [1, 1024],
      default: 10,
      scope: "mount",
      description: "Memory that a mount keeps its latest audio in.",
    }),
    burst_seconds: amount({
      unit: "seconds",
      range: [0, 60],
      default: 5.0,
      scope: "mount",
      description:
        "Audio that a new listener gets at once, so that playing starts without waiting. With less than 32 KiB of it (2 seconds at 128 kbit/s, 4 at 64) Chromium starts late and stalls.",
    }),
  },
  playlist: {
    directory: path({
      default: "./music",
      scope: "mount",
      description: "Folder of the tracks that play while nobody is live; relative to this file.",
    }),
    shuffle: flag({
      default: true,
      scope: "mount",
      description: "Whether tracks play in random order, each once before any comes again.",
    }),
    format: choice({
      choices: PLAYLIST_FORMATS,
      default: "auto",
      scope: "mount",
      description:
        "Codec of the tracks that play, others are left out; auto plays what most of the playing time is.",
    }),
    extensions: extensions({
      default: [".mp3", ".ogg", ".oga", ".opus", ".spx", ".aac", ".flac"],
      scope: "mount",
      description: "Endings of the files in that folder that are tracks.",
    }),
  },
  broadcaster: {
    chunk_size: count({
      unit: "bytes",
      range: [256, 1_048_576],
      default: 16_384,
      description:
        "What one send to a listener aims at when listeners are many: up to four times that while sending takes more than half of the time.",
    }),
    sleep_high: amount({
      ...SLEEP,
      default: 0.001,
      description: "Pause after a tick that used more than 80 % of its send buffer.",
    }),
    sleep_medium: amount({
      ...SLEEP,
      default: 0.005,
      description: "Pause after a tick that used 50 to 80 % of its send buffer.",
    }),
    sleep_low: amount({
      ...SLEEP,
      default: 0.01,
      description: "Pause after a tick that used less than 50 % of its send buffer.",
    }),
  },
  metadata: {
    station_name: line({
      default: "Cycast Radio",
      scope: "mount",
      description: "Name of the station, in players and on the status page.",
    }),
    station_description: text({
      default: "High-performance internet radio",
      scope: "mount",
      description: "One sentence about the station.",
    }),
    station_genre: text({
      default: "Various",
      scope: "mount",
      description: "What kind of music it plays.",
    }),
    station_url: text({
      default: "http://localhost:8001",
      scope: "mount",
      description: "Home page of the station, which players may show.",
    }),
    enable_icy: flag({
      default: true,
      scope: "mount",
      description: "Whether players that ask for titles get them within the stream.",
    }),
    icy_metaint: count({
      unit: "bytes",
      range: [256, 1_048_576],
      default: 16000,
      scope: "mount",
      description: "Audio between two titles within the stream.",
    }),
  },
  advanced: {
    max_listeners: count({
      unit: "",
      range: [0, 1_000_000],
      default: 0,
      scope: "mount",
      description: "Listeners that a mount takes at a time; 0 is no limit.",
    }),
    source_timeout: amount({
      ...TIMEOUT,
      default: 10.0,
      scope: "mount",
      description: "How long a source client may send nothing before the playlist takes over.",
    }),
    listener_timeout: amount({
      ...TIMEOUT,
      default: 30.0,
      scope: "mount",
      description: "How long a listener may refuse data before it is dropped.",
    }),
    on_format_change: choice({
      choices: FORMAT_CHANGES,
      default: "reconnect",
      scope: "mount",
      description:
        "When a source's codec, sample rate or channels differ from the mount's: end the listeners so that their players come back to the new format, refuse the source, or allow the mix.",
    }),
    verbose_logging: flag({
      default: false,
      description: "Whether the log tells details too.",
    }),
    access_log: optionalPath({
      isFixed: true,
      default: "",
      description:
        "File that gets a line for each finished request, as Icecast writes it; relative to this file. Empty: none, and the log tells of listeners that leave.",
    }),
    enable_stats: flag({
      default: true,
      description: "Whether /api/stats answers; when false it says 403.",
    }),
    debug: flag({
      default: false,
      aliases: ["flask_debug"],
      description:
        "Whether answers to failed requests tell what went wrong inside; for development only.",
    }),
    secret_key: secret({
      isFixed: true,
      default: new Secret(UNSET_SECRET_KEY),
      aliases: ["flask_secret_key"],
      description:
        "Key of the listener ids in /api/stats; as shipped, a random one is made at each start.",
    }),
  },
} as const;

/** Blocks with a label, which may be repeated. At the top they belong to the first mount, in a mount block to that one. */
export const labelled = {} as const satisfies Readonly<Record<string, LabelledBlock>>;

export const schema = new Schema(blocks, labelled);

// Every key a configuration has. Types, defaults, checks, problems and the shipped config.hcl all follow this table.
import { Secret } from "../lib/secret.ts";
import { FORMAT_CHANGES, PLAYLIST_FORMATS } from "./config.ts";
import {
  amount,
  choice,
  count,
  extensions,
  flag,
  host,
  type Key,
  line,
  mountPath,
  optionalSecret,
  secret,
  text,
  userName,
} from "./key.ts";

/** As shipped, `advanced.secret_key` stands for a random key made at each start. */
export const UNSET_SECRET_KEY = "change-me-in-production";

const PORT = { unit: "", range: [0, 65535] } as const;
const SLEEP = { unit: "seconds", range: [0, 1] } as const;
const TIMEOUT = { unit: "seconds", range: [0.1, 3600] } as const;

export const schema = {
  server: {
    host: host({
      default: "0.0.0.0",
      description:
        "Address that both ports listen on; 0.0.0.0 is every IPv4 address of the machine.",
    }),
    source_port: count({
      ...PORT,
      default: 8000,
      description: "Port for source clients; 0 takes any free port.",
    }),
    listen_port: count({
      ...PORT,
      default: 8001,
      description: "Port for listeners, the status page and the API; 0 takes any free port.",
    }),
    source_password: secret({
      default: new Secret("hackme"),
      perMount: true,
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
      default: "/stream",
      description: "Path of the first mount, the same for source clients and listeners.",
    }),
  },
  buffer: {
    size_mb: amount({
      unit: "MiB",
      range: [1, 1024],
      default: 10,
      perMount: true,
      description: "Memory that a mount keeps its latest audio in.",
    }),
    burst_seconds: amount({
      unit: "seconds",
      range: [0, 60],
      default: 5.0,
      perMount: true,
      description:
        "Audio that a new listener gets at once, so that playing starts without waiting. With less than 32 KiB of it (2 seconds at 128 kbit/s, 4 at 64) Chromium starts late and stalls.",
    }),
  },
  playlist: {
    directory: line({
      default: "./music",
      perMount: true,
      description: "Folder of the tracks that play while nobody is live; relative to this file.",
    }),
    shuffle: flag({
      default: true,
      perMount: true,
      description: "Whether tracks play in random order, each once before any comes again.",
    }),
    format: choice({
      choices: PLAYLIST_FORMATS,
      default: "auto",
      perMount: true,
      description:
        "Codec of the tracks that play, others are left out; auto is that of most files.",
    }),
    extensions: extensions({
      default: [".mp3", ".ogg"],
      perMount: true,
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
      perMount: true,
      description: "Name of the station, in players and on the status page.",
    }),
    station_description: text({
      default: "High-performance internet radio",
      perMount: true,
      description: "One sentence about the station.",
    }),
    station_genre: text({
      default: "Various",
      perMount: true,
      description: "What kind of music it plays.",
    }),
    station_url: text({
      default: "http://localhost:8001",
      perMount: true,
      description: "Home page of the station, which players may show.",
    }),
    enable_icy: flag({
      default: true,
      perMount: true,
      description: "Whether players that ask for titles get them within the stream.",
    }),
    icy_metaint: count({
      unit: "bytes",
      range: [256, 1_048_576],
      default: 16000,
      perMount: true,
      description: "Audio between two titles within the stream.",
    }),
  },
  advanced: {
    max_listeners: count({
      unit: "",
      range: [0, 1_000_000],
      default: 0,
      perMount: true,
      description: "Listeners that a mount takes at a time; 0 is no limit.",
    }),
    source_timeout: amount({
      ...TIMEOUT,
      default: 10.0,
      perMount: true,
      description: "How long a source client may send nothing before the playlist takes over.",
    }),
    listener_timeout: amount({
      ...TIMEOUT,
      default: 30.0,
      perMount: true,
      description: "How long a listener may refuse data before it is dropped.",
    }),
    on_format_change: choice({
      choices: FORMAT_CHANGES,
      default: "reconnect",
      perMount: true,
      description:
        "When a source's codec, sample rate or channels differ from the mount's: end the listeners so that their players come back to the new format, refuse the source, or allow the mix.",
    }),
    verbose_logging: flag({
      default: false,
      description: "Whether the log tells details too.",
    }),
    access_log: text({
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
      default: new Secret(UNSET_SECRET_KEY),
      aliases: ["flask_secret_key"],
      description:
        "Key of the listener ids in /api/stats; as shipped, a random one is made at each start.",
    }),
  },
} as const;

export type BlockName = keyof typeof schema;

/** The keys of one block by name, aliases not among them. */
export type KeyTable = Readonly<Record<string, Key<unknown>>>;

export const blockNames: readonly string[] = Object.keys(schema);

const tables: Readonly<Record<string, KeyTable>> = schema;

export function keysOf(block: string): KeyTable {
  return Object.hasOwn(tables, block) ? (tables[block] ?? {}) : {};
}

/** The blocks that may stand within a mount block: those that concern mounts only. */
export const mountBlocks: readonly string[] = blockNames.filter((block) =>
  Object.values(keysOf(block)).every((key) => key.perMount),
);

function direct(): [string, Key<unknown>][] {
  const others = blockNames.filter((block) => !mountBlocks.includes(block));
  return others.flatMap((block) => Object.entries(keysOf(block)));
}

/** The keys that stand directly in a mount block. */
export const mountKeys: KeyTable = Object.fromEntries(direct().filter(([, key]) => key.perMount));

// Checked values to a Config: defaults where nothing is said, mounts inheriting from the top, everything frozen.
import { dirname, resolve } from "node:path";
import type { Config, MountConfig } from "./config.ts";
import type { Secret } from "../lib/secret.ts";
import type { Key } from "./key.ts";
import { schema } from "./schema.ts";
import type { SettingValues } from "./setting-values.ts";

const MIB = 1024 * 1024;

/** Gives the value of a key, whoever said it. */
type Get = <T>(key: Key<T>) => T;

export interface MountValues {
  readonly path: string;
  readonly values: SettingValues;
}

export function buildConfig(
  file: string,
  top: SettingValues,
  mounts: readonly MountValues[],
  warnings: readonly string[],
): Config {
  const get: Get = (key) => top.get(key) ?? key.default;
  const first = mountConfig(get(schema.server.mount_point), file, get);
  const others = mounts.map(({ path, values }) =>
    mountConfig(path, file, (key) => values.get(key) ?? get(key)),
  );
  const { server, broadcaster, advanced } = schema;
  return deepFreeze({
    file,
    server: {
      host: get(server.host),
      sourcePort: get(server.source_port),
      listenPort: get(server.listen_port),
      admin: adminConfig(get(server.admin_user), get(server.admin_password)),
    },
    broadcaster: {
      chunkSize: get(broadcaster.chunk_size),
      sleepHigh: get(broadcaster.sleep_high),
      sleepMedium: get(broadcaster.sleep_medium),
      sleepLow: get(broadcaster.sleep_low),
    },
    advanced: {
      verboseLogging: get(advanced.verbose_logging),
      accessLog: fileNamed(get(advanced.access_log), file),
      enableStats: get(advanced.enable_stats),
      debug: get(advanced.debug),
      secretKey: get(advanced.secret_key),
    },
    mounts: [first, ...others],
    warnings: [...warnings],
  });
}

function mountConfig(path: string, file: string, get: Get): MountConfig {
  const { server, buffer, playlist, metadata, advanced } = schema;
  return {
    path,
    sourcePassword: get(server.source_password),
    bufferBytes: Math.round(get(buffer.size_mb) * MIB),
    burstSeconds: get(buffer.burst_seconds),
    playlist: {
      directory: resolve(dirname(file), get(playlist.directory)),
      shuffle: get(playlist.shuffle),
      format: get(playlist.format),
      extensions: get(playlist.extensions),
    },
    metadata: {
      stationName: get(metadata.station_name),
      stationDescription: get(metadata.station_description),
      stationGenre: get(metadata.station_genre),
      stationUrl: get(metadata.station_url),
      enableIcy: get(metadata.enable_icy),
      icyMetaint: get(metadata.icy_metaint),
    },
    maxListeners: get(advanced.max_listeners),
    sourceTimeout: get(advanced.source_timeout),
    listenerTimeout: get(advanced.listener_timeout),
    onFormatChange: get(advanced.on_format_change),
  };
}

/** `name` is relative to the configuration's folder; "" names none. */
function fileNamed(name: string, config: string): string | null {
  return name === "" ? null : resolve(dirname(config), name);
}

function adminConfig(user: string, password: Secret): Config["server"]["admin"] {
  return password.equals("") ? null : { user, password };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null && !Object.isFrozen(inner)) deepFreeze(inner);
  }
  return Object.freeze(value);
}

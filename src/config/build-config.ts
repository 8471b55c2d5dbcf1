// Builds a Config from checked values: fills in defaults, lets mounts inherit from the top, freezes the result.
import { dirname } from "node:path";
import type { AdminAccount, Config, MountConfig, ServerConfig } from "./config.ts";
import { edgeKeys } from "./edge-keys.ts";
import type { Key } from "./key.ts";
import { playlistKeys } from "./playlist-keys.ts";
import type { SettingValues } from "./setting-values.ts";
import { camel, type KeyTable, type Schema } from "./tree.ts";

/** The values of one scope of the file: the top, or a mount block. */
export interface PlaceValues {
  readonly values: SettingValues;
  /** Its labelled blocks, in file order. */
  readonly labelled: readonly LabelledValues[];
}

export interface LabelledValues {
  readonly name: string;
  readonly label: string;
  readonly values: SettingValues;
}

export interface MountBlockValues extends PlaceValues {
  readonly path: string;
}

export interface Said {
  readonly file: string;
  readonly top: PlaceValues;
  readonly mounts: readonly MountBlockValues[];
  readonly warnings: readonly string[];
}

export function buildConfig(schema: Schema, said: Said): Config {
  return deepFreeze(withoutUnsaidPlaylists(new Builder(schema, said).config(), said));
}

/** An edge plays what its origin plays, and files only from a folder that it names. */
function withoutUnsaidPlaylists(config: Config, { top, mounts }: Said): Config {
  const { origin } = edgeKeys;
  const { directory } = playlistKeys;
  const isEdge = (top.values.get(origin) ?? origin.default).length > 0;
  if (!isEdge || top.values.get(directory) !== undefined) return config;
  const [first, ...others] = config.mounts;
  const rest = others.map((mount, at) =>
    mounts[at]?.values.get(directory) === undefined ? withoutPlaylist(mount) : mount,
  );
  return { ...config, mounts: [withoutPlaylist(first), ...rest] };
}

function withoutPlaylist(mount: MountConfig): MountConfig {
  return { ...mount, playlist: { ...mount.playlist, directory: "" } };
}

/** Looks up a key's value, set or inherited. */
type Get = (key: Key<unknown>) => unknown;

type Values = Record<string, unknown>;

class Builder {
  readonly #folder: string;
  readonly #top: Get;

  constructor(
    private readonly schema: Schema,
    private readonly said: Said,
  ) {
    this.#folder = dirname(said.file);
    this.#top = (key) => said.top.values.get(key) ?? key.default;
  }

  config(): Config {
    const { file, top, mounts, warnings } = this.said;
    const station = this.#station();
    const first = this.#mount(this.#firstPath, this.#top, top.labelled);
    const others = mounts.map(({ path, values, labelled }) =>
      this.#mount(path, (key) => values.get(key) ?? this.#inherited(key), labelled),
    );
    const rest = { file, mounts: [first, ...others], warnings: [...warnings] };
    // The walk and the type derive from the same tables.
    const config = { ...station, ...rest } as unknown as Config;
    return { ...config, server: { ...config.server, admin: adminOf(config.server) } };
  }

  #inherited(key: Key<unknown>): unknown {
    return key.isOwn ? key.default : this.#top(key);
  }

  get #firstPath(): unknown {
    const key = this.schema.keysOf("server").mount_point;
    return key === undefined ? "/" : this.#top(key);
  }

  #station(): Values {
    const { blockNames, mountBlocks } = this.schema;
    const names = blockNames.filter((name) => !mountBlocks.includes(name));
    const blocks = names.map((name) => [
      name,
      this.#block(ofScope(this.schema.keysOf(name), "station"), this.#top),
    ]);
    const repeated = this.#repeated(this.schema.stationLabelled, this.said.top.labelled);
    return { ...Object.fromEntries(blocks), ...repeated };
  }

  #mount(path: unknown, get: Get, labelled: readonly LabelledValues[]): Values {
    const { mountKeys, mountBlocks, mountLabelled } = this.schema;
    const blocks = mountBlocks.map((name) => [name, this.#block(this.schema.keysOf(name), get)]);
    const own = this.#block(mountKeys, get);
    const repeated = this.#repeated(mountLabelled, labelled);
    return { path, ...own, ...Object.fromEntries(blocks), ...repeated };
  }

  #repeated(names: readonly string[], labelled: readonly LabelledValues[]): Values {
    return Object.fromEntries(
      names.map((name) => [
        camel(name),
        labelled.filter((one) => one.name === name).map((one) => this.#labelled(one)),
      ]),
    );
  }

  #labelled({ name, label, values }: LabelledValues): Values {
    const get: Get = (key) => values.get(key) ?? key.default;
    return { label, ...this.#block(this.schema.keysOf(name), get) };
  }

  #block(keys: KeyTable, get: Get): Values {
    return Object.fromEntries(
      Object.entries(keys).map(([name, key]) => {
        const value = get(key);
        return [camel(name), key.place?.(value, this.#folder) ?? value];
      }),
    );
  }
}

function ofScope(keys: KeyTable, scope: string): KeyTable {
  return Object.fromEntries(Object.entries(keys).filter(([, key]) => key.scope === scope));
}

function adminOf({ adminUser: user, adminPassword: password }: Omit<ServerConfig, "admin">) {
  return password.equals("") ? null : ({ user, password } satisfies AdminAccount);
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null && !Object.isFrozen(inner)) deepFreeze(inner);
  }
  return Object.freeze(value);
}

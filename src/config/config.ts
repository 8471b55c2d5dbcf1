// A configuration as the program uses it: typed, checked, in the program's units, immutable.
import type { Secret } from "../lib/secret.ts";
import type { blocks, labelled } from "./schema.ts";
import type { MountValues, StationValues } from "./tree.ts";

type Station = StationValues<typeof blocks, typeof labelled>;

/** The station's blocks by name, with keys in camelCase. */
export interface Config extends Station {
  readonly server: ServerConfig;
  /** The file name as given. */
  readonly file: string;
  /** The first is `server.mount_point`, the others are the mount blocks in file order. */
  readonly mounts: readonly [MountConfig, ...MountConfig[]];
  /** One line for each deprecated or unwise setting. */
  readonly warnings: readonly string[];
}

/** A mount's keys and blocks; what its block omits is inherited from the top. */
export interface MountConfig extends MountValues<typeof blocks, typeof labelled> {
  /** Normalised, decoded: see lib/mount-path. */
  readonly path: string;
}

export type PlaylistConfig = MountConfig["playlist"];
export type MetadataConfig = MountConfig["metadata"];

export type ServerConfig = Station["server"] & {
  /** null if admin commands are off. */
  readonly admin: AdminAccount | null;
};

/** A stream that is pulled into a mount. */
export type RelayConfig = MountConfig["relay"][number];
/** Another server whose mounts are mirrored. */
export type RelayAllConfig = Config["relay_all"];

/** An account with a name of its own. */
export type NamedAccount = Config["account"][number];
/** A recording of a mount. */
export type RecordingConfig = MountConfig["recording"][number];
/** A token for the API. */
export type ApiToken = Config["token"][number];

export interface AdminAccount {
  readonly user: string;
  readonly password: Secret;
}

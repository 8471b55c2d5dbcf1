// What a configuration says once it is read: typed, checked, in the units of the program, never changing.
import type { Secret } from "../lib/secret.ts";
import type { blocks, labelled } from "./schema.ts";
import type { MountValues, StationValues } from "./tree.ts";

type Station = StationValues<typeof blocks>;

/** The blocks of the station by name, each with its keys in camelCase. */
export interface Config extends Station {
  readonly server: ServerConfig;
  /** The file as it was named. */
  readonly file: string;
  /** The first is `server.mount_point`, the others are the mount blocks in the order of the file. */
  readonly mounts: readonly [MountConfig, ...MountConfig[]];
  /** One line for each thing that works but should be written differently. */
  readonly warnings: readonly string[];
}

/** The keys and blocks of a mount; what its block leaves out is inherited from the top. */
export interface MountConfig extends MountValues<typeof blocks, typeof labelled> {
  /** Normalised, decoded: see lib/mount-path. */
  readonly path: string;
}

export type PlaylistConfig = MountConfig["playlist"];
export type MetadataConfig = MountConfig["metadata"];

export type ServerConfig = Station["server"] & {
  /** null: the admin commands are off. */
  readonly admin: AdminAccount | null;
};

export interface AdminAccount {
  readonly user: string;
  readonly password: Secret;
}

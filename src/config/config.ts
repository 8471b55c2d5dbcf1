// What a configuration says once it is read: typed, checked, in the units of the program, never changing.
import type { Secret } from "../lib/secret.ts";

export interface Config {
  /** The file as it was named. */
  readonly file: string;
  readonly server: ServerConfig;
  readonly broadcaster: BroadcasterConfig;
  readonly advanced: AdvancedConfig;
  /** The first is `server.mount_point`, the others are the mount blocks in the order of the file. */
  readonly mounts: readonly [MountConfig, ...MountConfig[]];
  /** One line for each thing that works but should be written differently. */
  readonly warnings: readonly string[];
}

export interface ServerConfig {
  readonly host: string;
  /** null: the admin commands are off. */
  readonly admin: { readonly user: string; readonly password: Secret } | null;
  /** 0 takes any free port. */
  readonly sourcePort: number;
  /** 0 takes any free port. */
  readonly listenPort: number;
}

export interface BroadcasterConfig {
  /** Bytes a send aims at when listeners are many. */
  readonly chunkSize: number;
  /** Seconds to sleep after a tick that used more than 80 % of its send buffer. */
  readonly sleepHigh: number;
  /** Seconds to sleep after a tick that used 50 to 80 %. */
  readonly sleepMedium: number;
  /** Seconds to sleep after a tick that used less than 50 %. */
  readonly sleepLow: number;
}

export interface AdvancedConfig {
  readonly verboseLogging: boolean;
  /** Absolute; null: there is none. */
  readonly accessLog: string | null;
  readonly enableStats: boolean;
  readonly debug: boolean;
  /** Key of the opaque listener ids; as shipped it stands for a random key per start. */
  readonly secretKey: Secret;
}

export interface MountConfig {
  /** Normalised, decoded: see lib/mount-path. */
  readonly path: string;
  readonly sourcePassword: Secret;
  readonly bufferBytes: number;
  readonly burstSeconds: number;
  readonly playlist: PlaylistConfig;
  readonly metadata: MetadataConfig;
  /** 0 is unlimited. */
  readonly maxListeners: number;
  /** Seconds a source may stay silent. */
  readonly sourceTimeout: number;
  /** Seconds a listener may refuse data. */
  readonly listenerTimeout: number;
  readonly onFormatChange: FormatChange;
}

/** One mount, one codec: mixed bytes would stop every player. */
export const PLAYLIST_FORMATS = ["auto", "mp3", "aac", "vorbis", "opus", "flac", "speex"] as const;
export type PlaylistFormat = (typeof PLAYLIST_FORMATS)[number];

/** What happens when an input's codec, rate or channels differ from the mount's. */
export const FORMAT_CHANGES = ["reconnect", "refuse", "allow"] as const;
export type FormatChange = (typeof FORMAT_CHANGES)[number];

export interface PlaylistConfig {
  /** Absolute. */
  readonly directory: string;
  readonly shuffle: boolean;
  readonly format: PlaylistFormat;
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
}

export interface MetadataConfig {
  readonly stationName: string;
  readonly stationDescription: string;
  readonly stationGenre: string;
  readonly stationUrl: string;
  readonly enableIcy: boolean;
  /** Audio bytes between two metadata blocks. */
  readonly icyMetaint: number;
}

// What those who show a station learn as it happens.
import type { Config } from "../config/config.ts";

export interface StationEvents {
  /** What pages show has changed, other than numbers of listeners and what grows by itself. */
  readonly status: undefined;
  /** Another configuration is in force. */
  readonly config: Config;
  /** Somebody was banned: says which addresses are. */
  readonly banned: (address: string) => boolean;
}

// This program's name and version.
import packageJson from "../../package.json" with { type: "json" };

export const VERSION = packageJson.version;

/** The name in every answer. */
export const SERVER = `Cycast/${VERSION}`;

// Which configuration a station runs on: the file it was given, the one in the working directory, or the defaults.
import { existsSync } from "node:fs";
import { shipped } from "../lib/shipped.ts";
import type { Config } from "./config.ts";
import { CONFIG_NAME, LOCAL_CONFIG_NAME } from "./first-config.ts";
import { defaultConfig, loadConfig } from "./load-config.ts";

/** The configuration in the working directory. */
export function ownConfig(): string | undefined {
  return [LOCAL_CONFIG_NAME, CONFIG_NAME].find((name) => existsSync(name));
}

/** Without a configuration the station runs on defaults; a named file must exist. `program` is how people call this
 * program. Rejects with ConfigError. */
export async function chooseConfig(file: string | undefined, program: string): Promise<Config> {
  const found = file ?? ownConfig();
  if (found !== undefined) return loadConfig(found, process.env);
  const warnings = [
    `No ${CONFIG_NAME} here: using the defaults. \`${program} --init\` writes one.`,
  ];
  if (existsSync("music")) return defaultConfig("defaults", warnings);
  warnings.push(
    "No music folder here: playing Cycast's own tracks. Put yours into music/ and restart.",
  );
  return defaultConfig("defaults", warnings, shipped("music"));
}

// Which configuration a station runs on: the file it was given, the one in the working directory, or the defaults.
import { existsSync } from "node:fs";
import { shipped } from "../lib/shipped.ts";
import type { Config } from "./config.ts";
import { CONFIG_NAME, LOCAL_CONFIG_NAME } from "./first-config.ts";
import { loadConfig, parseConfig } from "./load-config.ts";
import { schema } from "./schema.ts";
import { variableKeys, variableOf } from "./variables.ts";

const DIRECTORY = variableOf("playlist", "directory");
const MUSIC = [DIRECTORY, variableOf("playlist", "file")];

const OWN_TRACKS =
  "No music folder here: playing Cycast's own tracks. Put yours into music/ and restart.";

/** The configuration in the working directory. */
export function ownConfig(): string | undefined {
  return [LOCAL_CONFIG_NAME, CONFIG_NAME].find((name) => existsSync(name));
}

/** Without a configuration the station runs on the environment and the defaults; a named file must exist. `program` is how
 * people call this program. Rejects with ConfigError. */
export async function chooseConfig(file: string | undefined, program: string): Promise<Config> {
  const found = file ?? ownConfig();
  return found === undefined ? withoutFile(program) : loadConfig(found, process.env);
}

async function withoutFile(program: string): Promise<Config> {
  const names = [...variableKeys(schema).keys()].filter((name) => name in process.env);
  const hasMusic = existsSync("music") || names.some((name) => MUSIC.includes(name));
  const shippedMusic = hasMusic ? {} : { [DIRECTORY]: shipped("music") };
  const file = names.length > 0 ? "the environment" : "defaults";
  const config = await parseConfig(file, "", { ...process.env, ...shippedMusic });
  const warnings: string[] = [];
  if (names.length === 0)
    warnings.push(`No ${CONFIG_NAME} here: using the defaults. \`${program} --init\` writes one.`);
  if (!hasMusic) warnings.push(OWN_TRACKS);
  return Object.freeze({ ...config, warnings: Object.freeze([...warnings, ...config.warnings]) });
}

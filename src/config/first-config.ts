// The first files of a new station: the shipped configuration with random passwords, and some music.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shipped } from "../lib/shipped.ts";

/** The configuration file read by default. */
export const CONFIG_NAME = "config.hcl";

/** Read instead if it exists. A clone ignores it, so updates never conflict with it. */
export const LOCAL_CONFIG_NAME = "config.local.hcl";

const MUSIC = "music";

/** 16 random bytes cannot be guessed, and every encoder accepts these letters. */
function drawPassword(): string {
  return randomBytes(16).toString("base64url");
}

/** The shipped configuration with generated passwords, and this program's name in its comments. */
export function freshConfig(reference: string, program: string, draw = drawPassword): string {
  return reference
    .replace(/^(\s*source_password = )".*"$/m, (_, key) => `${key}"${draw()}"`)
    .replace(/^(\s*admin_password = )".*"$/m, (_, key) => `${key}"${draw()}"`)
    .replaceAll("bun run start", program);
}

/** The files could not be written; the message is one sentence. */
export class FirstConfigError extends Error {
  override readonly name = "FirstConfigError";
}

/** Writes config.hcl, readable by its owner only, and the shipped tracks if there is no music folder. Returns
 * how many tracks it wrote. Rejects with FirstConfigError and changes nothing if config.hcl exists or cannot be
 * written. */
export async function writeFirstConfig(folder: string, program: string): Promise<number> {
  const reference = await Bun.file(shipped(CONFIG_NAME)).text();
  const text = freshConfig(reference, program);
  try {
    await writeFile(join(folder, CONFIG_NAME), text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw new FirstConfigError(refusal(codeOf(error)));
  }
  return writeMusic(join(folder, MUSIC));
}

function refusal(code: string): string {
  return code === "EEXIST"
    ? `${CONFIG_NAME} exists already and was not changed.`
    : `Cannot write ${CONFIG_NAME} here (${code}).`;
}

async function writeMusic(folder: string): Promise<number> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return 0;
    throw error;
  }
  const tracks = (await readdir(shipped(MUSIC))).filter((name) => name.endsWith(".mp3"));
  for (const name of tracks) {
    await writeFile(join(folder, name), await Bun.file(join(shipped(MUSIC), name)).bytes());
  }
  return tracks.length;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

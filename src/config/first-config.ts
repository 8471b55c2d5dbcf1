// The first files of a new station: the shipped reference with passwords that nobody else has, and something to play.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shipped } from "../lib/shipped.ts";

/** What a station reads when no other file is named. */
export const CONFIG_NAME = "config.hcl";

/** Read instead where it exists: in a clone it is ignored by git, so that updates never conflict with it. */
export const LOCAL_CONFIG_NAME = "config.local.hcl";

const MUSIC = "music";

/** As drawn: nobody guesses 16 bytes, and every encoder takes their letters. */
function drawPassword(): string {
  return randomBytes(16).toString("base64url");
}

/** The reference with a password of its own behind each key that has one, and this program's name in its comments. */
export function freshConfig(reference: string, program: string, draw = drawPassword): string {
  return reference
    .replace(/^(\s*source_password = )".*"$/m, (_, key) => `${key}"${draw()}"`)
    .replace(/^(\s*admin_password = )".*"$/m, (_, key) => `${key}"${draw()}"`)
    .replaceAll("bun run start", program);
}

/** The files could not be written; the message says why in one sentence. */
export class FirstConfigError extends Error {
  override readonly name = "FirstConfigError";
}

/**
 * Writes config.hcl, which its owner alone may read, into a folder and, where there is none, a music folder with
 * the shipped tracks. Returns how many tracks it wrote. Rejects with FirstConfigError, having changed nothing, when there
 * is a config.hcl or it cannot be written.
 */
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
    ? `There is a ${CONFIG_NAME} here already; it is left as it is.`
    : `${CONFIG_NAME} cannot be written here (${code}).`;
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

// Keeps the key of session ids in a file, so that players go on with their ids after a restart.
import { join } from "node:path";
import { type StateDisk, StateFile } from "../../disk/state-file.ts";
import type { Log } from "../../lib/log.ts";
import type { SessionIds } from "./session-ids.ts";

const NAME = "hls-sessions.json";
const TERMS = { maxBytes: 4096, contents: "the ids of HLS sessions" } as const;
const FORM = /^[\w-]{43}$/;

/** Takes the key of an earlier run, or writes the present one for the next. Never rejects. */
export async function restoreKey(
  ids: SessionIds,
  folder: string,
  disk: StateDisk,
  log: Log,
): Promise<void> {
  const file = new StateFile(join(folder, NAME), TERMS, disk, log);
  const key = await file.read<Buffer | null>(keyIn, null);
  if (key !== null) ids.use(key);
  else await file.write(`${JSON.stringify({ key: ids.key.toString("base64url") })}\n`);
}

/** Throws SyntaxError. */
function keyIn(text: string): Buffer {
  const file: unknown = JSON.parse(text);
  const key: unknown = typeof file === "object" && file !== null ? Reflect.get(file, "key") : null;
  if (typeof key !== "string" || !FORM.test(key)) throw new SyntaxError("it has no key");
  return Buffer.from(key, "base64url");
}

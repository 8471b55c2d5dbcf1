// The end of a live input that an operator or the station wants.
import { numbered } from "./input-numbers.ts";
import type { Mount } from "./mount.ts";

/** The live input, or the one with a number; false if there is none. */
export function endLive(mount: Mount, why: string, nowMs: number, number?: number): boolean {
  const source = number === undefined ? mount.live : numbered(mount.lives, number);
  if (source !== null) mount.detach(source, nowMs);
  void source?.close?.(why);
  return source !== null;
}

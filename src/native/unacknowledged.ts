// How much of what was written to a connection its peer has not confirmed.
import { core } from "./core.ts";

/** In bytes; 0 where the system does not say. */
export function unacknowledgedBytes(descriptor: number): number {
  return Math.max(0, core().rc_unacknowledged(descriptor));
}

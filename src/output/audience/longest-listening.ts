// Ends listeners that have listened for the longest time allowed (rules.max_listener_duration).
import type { Audience } from "./audience.ts";
import { endThose } from "./end-those.ts";

const WHY = "it listened for max_listener_duration";

/** A setting that changes takes effect within this time. */
const MAX_LOOK_MS = 10_000;
const MIN_LOOK_MS = 100;

/** Returns the milliseconds until it has to be looked at again. */
export function endLongest(audiences: Iterable<Audience>, nowMs: number): number {
  let nextMs = MAX_LOOK_MS;
  for (const audience of audiences) {
    const limitMs = audience.mount.config.rules.maxListenerDuration * 1000;
    if (limitMs === 0 || audience.count === 0) continue;
    const isOver = ({ joinedMs }: { readonly joinedMs: number }) => {
      const leftMs = joinedMs + limitMs - nowMs;
      if (leftMs > 0) nextMs = Math.min(nextMs, leftMs);
      return leftMs <= 0;
    };
    endThose(audience, isOver, WHY);
  }
  return Math.max(MIN_LOOK_MS, nextMs);
}

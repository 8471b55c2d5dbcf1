// Ends the streams of some listeners of an audience.
import type { Audience } from "./audience.ts";
import type { Listener } from "./listener.ts";

export function endThose(
  audience: Audience,
  isMeant: (listener: Listener) => boolean,
  why: string,
): void {
  for (const listener of audience.members()) {
    if (!isMeant(listener)) continue;
    audience.counts.dropped.kicked++;
    audience.dismiss(listener, why);
  }
}

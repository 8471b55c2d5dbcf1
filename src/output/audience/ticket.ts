// What a listener is given before it joins.
import type { RingPlace } from "./ring-place.ts";

export interface Ticket {
  /** The listener's. */
  readonly number: number;
  readonly place: RingPlace;
  /** By which it can go on later; "" if it cannot. */
  readonly token: string;
  /** It goes on behind so many audio bytes of its former response; null if it does not go on. */
  readonly resumedBytes: number | null;
  /** Its first audio, on the mount's timeline. */
  readonly atSeconds: number;
  /** It begins in recordings, at this time in milliseconds since 1970. */
  readonly recordedMs?: number;
}

export function ticketHeaders({ token, resumedBytes, atSeconds }: Ticket): Record<string, string> {
  return {
    ...(token !== "" && { "cycast-resume": token }),
    "cycast-position": atSeconds.toFixed(3),
    ...(resumedBytes !== null && { "cycast-resumed": String(resumedBytes) }),
  };
}

// What a listener is given before it joins.
import { POSITION_HEADER } from "../../wire/origin-place.ts";
import type { RecordedPlace } from "../../mount/past.ts";
import type { Departure } from "./departures.ts";
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
  /** The frame with which it goes on there. */
  readonly recordedPlace?: RecordedPlace;
}

/** Why there is no place as asked. */
export interface NoPlace {
  readonly status: number;
  readonly sentence: string;
}

/** The listeners, as far as tickets need them. */
export interface Listeners {
  nextNumber(): number;
  /** Where a listener stopped, by its number; one that is still connected is ended. */
  departure(number: number): Departure | undefined;
  /** Listeners who hear recordings now. */
  inPast(): number;
  /** By which servers of a cluster sign tokens; null outside of one. */
  clusterKey?(): Buffer | null;
}

/** `aheadSeconds`: how far the timeline that listeners know is ahead of the mount's: that of the origin. */
export function ticketHeaders(
  { token, resumedBytes, atSeconds }: Ticket,
  aheadSeconds: number,
): Record<string, string> {
  return {
    ...(token !== "" && { "cycast-resume": token }),
    [POSITION_HEADER]: (atSeconds + aheadSeconds).toFixed(3),
    ...(resumedBytes !== null && { "cycast-resumed": String(resumedBytes) }),
  };
}

// Pure: the mounts that audio has come through, which our stations say to each other, so that no relay pulls itself.
import type { AnswerHead } from "./master-answer.ts";

/** Of a request by a relay: the answer may say its origins. */
export const RELAY_HEADER = "cycast-relay";

/** Of its answer. */
export const ORIGINS_HEADER = "cycast-origins";

/** Longer chains serve nobody. */
const MAX_ORIGINS = 16;
const ID = /^[\w-]{1,64}$/;

export function originsIn({ headers }: AnswerHead): string[] {
  const said = headers.get(ORIGINS_HEADER) ?? "";
  const ids = said.split(",").map((id) => id.trim());
  return ids.filter((id) => ID.test(id)).slice(0, MAX_ORIGINS);
}

export function originsValue(origins: readonly string[]): string {
  return origins.slice(0, MAX_ORIGINS).join(", ");
}

/** Why a mount must not play audio that has come through these; null if it may. */
export function loopIn(origins: readonly string[], id: string): string | null {
  return origins.includes(id)
    ? "its stream comes from this mount itself: a relay in a circle"
    : null;
}

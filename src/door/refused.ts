// A source's login that is refused.
import type { Refusal } from "../wire/answers.ts";

export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
  /** For the client. */
  readonly sentence: string;
  /** For the log; null for an ordinary step of a login protocol, which gets no line. */
  readonly logged: string | null;
  /** Seconds until the client may try again, if it has to wait. */
  readonly waitSeconds?: number;
}

export function refused(
  refusal: Refusal,
  sentence: string,
  logged: string | null = sentence,
): Refused {
  return { kind: "refused", refusal, sentence, logged };
}

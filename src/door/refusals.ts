// Refusals, each in the form that its client understands.
import { refusalAnswer } from "../wire/answers.ts";
import { type ForeignOpening, TLS_ALERT } from "../wire/foreign-opening.ts";
import { type Refused, refused } from "./refused.ts";

export function badRequest(reason: string): Refused {
  return refused("bad_request", `Bad request: ${reason}`);
}

/** The client uses another protocol. */
export function foreignProtocol({ kind, reason }: ForeignOpening): Refused {
  return refused(kind, `Bad request: ${reason}`, reason);
}

/** On the HTTPS port, or in place of the handshake that was agreed on. */
export const NOT_ENCRYPTED = badRequest("TLS only here; use https://");

/** A TLS client reads alerts only. */
export function refusalText({ refusal, sentence, waitSeconds }: Refused): string {
  return refusal === "tls" ? TLS_ALERT : refusalAnswer(refusal, sentence, waitSeconds);
}

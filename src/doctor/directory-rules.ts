// The doctor's rule about the directory of stations: why a mount is not listed.
import type { MountFacts } from "../facts/facts.ts";
import type { Finding } from "./diagnosis.ts";

const REMEDIES = {
  unfit: "Set it in the configuration.",
  refused: "Change what the directory objects to; it is asked again within two hours.",
  unreachable: "Compare yp.url with the directory's own page; it is asked again in 20 minutes.",
} as const;

export function listing({ path, listing: { state, message } }: MountFacts): Finding[] {
  if (state !== "unfit" && state !== "refused" && state !== "unreachable") return [];
  const sentence = `${path} is not in the directory: ${message}.`;
  return [{ severity: "warning", subject: path, sentence, remedy: REMEDIES[state] }];
}

// The doctor's rule about servers that a mount's stream is sent to.
import type { MountFacts } from "../facts/facts.ts";
import type { Finding } from "./diagnosis.ts";

/** A server that restarts is back sooner. */
const DOWN_SECONDS = 60;

export function pushes({ path, pushes: all }: MountFacts): Finding[] {
  const down = all.filter(({ isUp, seconds }) => !isUp && seconds >= DOWN_SECONDS);
  return down.map(({ name, url, lastError }) => ({
    severity: "warning",
    subject: path,
    sentence: `${path} has not reached ${url} (push "${name}") for a minute or more${lastError === "" ? "" : `: ${lastError}`}.`,
    remedy: "Check that server, and the address, mount and password in the push block.",
  }));
}

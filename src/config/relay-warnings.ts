// Warnings about relays whose masters are not verified.
import type { Config } from "./config.ts";

export function relayWarnings({
  mounts,
  relay_all,
  edge,
}: Pick<Config, "mounts" | "relay_all" | "edge">): string[] {
  const unverified = mounts.flatMap(({ path, relay }) =>
    relay
      .filter(({ tlsVerify }) => !tlsVerify)
      .map(({ label }) => warning(`The relay "${label}" of ${path}`)),
  );
  const isUnverified = !relay_all.tlsVerify && !relay_all.url.equals("");
  const isEdge = !edge.tlsVerify && edge.origin.length > 0;
  return [
    ...unverified,
    ...(isUnverified ? [warning("relay_all")] : []),
    ...(isEdge ? [warning("The edge")] : []),
  ];
}

function warning(what: string): string {
  const danger = "anybody on the way can replace the stream and read the password";
  return `${what} accepts any certificate (tls_verify = false): ${danger}. Name the master's authority in tls_ca instead.`;
}

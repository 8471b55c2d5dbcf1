// Warnings about proxies that are trusted too far, or in vain.
import type { Config } from "./config.ts";

export function proxyWarnings({ server }: Pick<Config, "server">): string[] {
  const { trustedProxies, proxyProtocol } = server;
  const everybody = trustedProxies.find((range) => range.endsWith("/0"));
  const warnings: string[] = [];
  if (everybody !== undefined)
    warnings.push(
      `server.trusted_proxies has ${everybody}: every client may choose its own address. Name your proxies only.`,
    );
  if (proxyProtocol && trustedProxies.length === 0)
    warnings.push("server.proxy_protocol has no effect: server.trusted_proxies names no proxy.");
  return warnings;
}

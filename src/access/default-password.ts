// The default password, which everybody knows, counts on this machine only.
import { isLocal } from "./local.ts";
import type { Reading, Visit } from "./visit.ts";

/** A request that may be proxied is refused to the admin, and to sources where the port distinguishes encoders, which
 * close their connections too, from bare proxies. */
export function isOpenToAll({ account }: Reading, visit: Visit): boolean {
  if (account === null || !account.password.isDefault) return false;
  const isSuspicious = visit.action === "source" || account.name === "admin";
  return !isLocal(visit.caller) || (isSuspicious && visit.mayBeProxied === true);
}

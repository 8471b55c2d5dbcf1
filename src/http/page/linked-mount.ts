// Pure: the mount that a link to the station is about.
import { normaliseMount } from "../../lib/mount-path.ts";
import type { BaseUrl } from "../../stats/icestats.ts";

/** Its path, "" for the main one; null if the link leads elsewhere. `bases`: the station's addresses, of which a link
 * may be a path. */
export function linkedMount(link: string, bases: readonly BaseUrl[]): string | null {
  const full = /^\/(?!\/)/.test(link) ? `${bases[0]}${link}` : link;
  if (!URL.canParse(full)) return null;
  const url = new URL(full);
  for (const base of bases) {
    const within = pathWithin(url, new URL(base));
    const path = within === null ? null : mountIn(within, url.searchParams.get("mount"));
    if (path !== null) return path;
  }
  return null;
}

/** A proxy may add TLS or take it away. */
function pathWithin({ protocol, host, pathname }: URL, base: URL): string | null {
  if (!/^https?:$/.test(protocol) || host !== base.host) return null;
  const folder = base.pathname.replace(/\/$/, "");
  return pathname === folder || pathname.startsWith(`${folder}/`)
    ? pathname.slice(folder.length)
    : null;
}

function mountIn(path: string, chosen: string | null): string | null {
  const named = chosen === null ? "" : normaliseMount(encodeURIComponent(chosen));
  // A folder that a proxy adds, and that the station does not know.
  if (/(?:^|\/)(?:index\.html|embed)?$/.test(path)) return named;
  return normaliseMount(path.replace(/^\/embed\//, "/"));
}

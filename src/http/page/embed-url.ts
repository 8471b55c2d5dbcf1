// Pure: addresses of the embedded player.
import type { PageView } from "./page-view.ts";

/** With the page's own player. */
export function embedUrl({ base, path }: Pick<PageView, "base" | "path">): string {
  return `${base}/embed${encodeURI(path)}?script=1`;
}

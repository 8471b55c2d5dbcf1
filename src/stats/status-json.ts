// /status-json.xsl: one source is an object, several are an array, none omits the key, as scrapers of Icecast expect.
import type { StationFacts } from "../facts/facts.ts";
import { type BaseUrl, inOrder, mountsUp, serverStats, sourceStats } from "./icestats.ts";

/** Icecast's own template ends objects with this. */
const DUMMY = { dummy: null };

/** The JSON document. `only`: the path of the requested mount. Titles are always strings. */
export function renderStatusJson(
  facts: StationFacts,
  base: BaseUrl,
  only?: string,
  listed = mountsUp,
): string {
  const sources = listed(facts, only).map((mount) => ({
    ...Object.fromEntries(inOrder(sourceStats(mount, base))),
    ...DUMMY,
  }));
  const server = Object.fromEntries(inOrder(serverStats(facts, base)));
  const [first] = sources;
  if (first === undefined) return JSON.stringify({ icestats: { ...server, ...DUMMY } });
  const source = sources.length === 1 ? first : sources;
  return JSON.stringify({ icestats: { ...server, source } });
}

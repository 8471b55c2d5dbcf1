// /status-json.xsl: one source is an object, several are an array, none is no key, as every scraper of Icecast expects.
import type { StationFacts } from "./facts.ts";
import { type BaseUrl, inOrder, serverStats, sourceStats } from "./icestats.ts";

/** What Icecast's own rendering leaves behind at the end of an object. */
const DUMMY = { dummy: null };

/** The text of the document. `only`: the path of the mount that was asked for. Titles are always strings. */
export function renderStatusJson(facts: StationFacts, base: BaseUrl, only?: string): string {
  const mounts = facts.mounts.filter(
    ({ path, isUp }) => isUp && (only === undefined || path === only),
  );
  const sources = mounts.map((mount) => ({
    ...Object.fromEntries(inOrder(sourceStats(mount, base))),
    ...DUMMY,
  }));
  const server = Object.fromEntries(inOrder(serverStats(facts, base)));
  const [first] = sources;
  if (first === undefined) return JSON.stringify({ icestats: { ...server, ...DUMMY } });
  const source = sources.length === 1 ? first : sources;
  return JSON.stringify({ icestats: { ...server, source } });
}

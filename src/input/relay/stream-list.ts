// Pure: what a master says about its mounts, as /status-json.xsl or as a list of paths.
import { isReservedMount, normaliseMount } from "../../lib/mount-path.ts";
import { plainText } from "../../lib/text.ts";

/** One mount of a master. */
export interface ListedMount {
  /** Normalised. */
  readonly path: string;
  /** "" where the master says nothing. */
  readonly name: string;
  readonly description: string;
  readonly genre: string;
  readonly url: string;
}

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json | null {
  // Its properties stay unknown.
  return typeof value === "object" && value !== null ? (value as Json) : null;
}

function text(json: Json, name: string): string {
  const value = json[name];
  return typeof value === "string" || typeof value === "number" ? plainText(String(value)) : "";
}

/** null if a mount here cannot have the path, or the address is none. */
function pathOf(address: string): string | null {
  const isWhole = /^https?:\/\//i.test(address);
  if (isWhole && !URL.canParse(address)) return null;
  const path = normaliseMount(isWhole ? new URL(address).pathname : address);
  return path === null || isReservedMount(path) ? null : path;
}

function mountOf(source: unknown): ListedMount[] {
  const json = object(source);
  const path = json === null ? null : pathOf(text(json, "listenurl"));
  if (json === null || path === null) return [];
  return [
    {
      path,
      name: text(json, "server_name"),
      description: text(json, "server_description"),
      genre: text(json, "genre"),
      url: text(json, "server_url"),
    },
  ];
}

/** Each path once. */
function distinct(mounts: readonly ListedMount[]): ListedMount[] {
  return [...new Map(mounts.map((mount) => [mount.path, mount])).values()];
}

/** Icecast 2.4 writes broken JSON for some titles; null for what is no status. */
export function mountsInStatus(document: string): ListedMount[] | null {
  const status = object(object(parsed(document))?.["icestats"]);
  if (status === null) return null;
  const source = status["source"] ?? [];
  return distinct((Array.isArray(source) ? source : [source]).flatMap(mountOf));
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return null;
  }
}

/** One path or address a line. */
export function mountsInList(document: string): ListedMount[] {
  const unsaid = { name: "", description: "", genre: "", url: "" };
  return distinct(
    document.split(/\r?\n/).flatMap((line) => {
      const path = line.trim() === "" ? null : pathOf(line.trim());
      return path === null ? [] : [{ path, ...unsaid }];
    }),
  );
}

// The keys of a cluster: the edges that listeners are redirected to, and the secret by which its servers know each other.
import { Secret } from "../lib/secret.ts";
import { key, optionalSecret, readLine } from "./key.ts";
import { patterns } from "./list-keys.ts";
import { natsKeys } from "./nats-keys.ts";

export const MAX_EDGES = 64;
export const MAX_WEIGHT = 1000;

export interface EdgeAddress {
  /** Without a slash at its end. */
  readonly url: string;
  /** Its share of the listeners beside the others'; 0: it gets no new ones. */
  readonly weight: number;
}

const ADDRESS = /^(\S+)(?:\s+weight=(\d{1,4}))?$/;

function readEdge(value: unknown): EdgeAddress | null {
  const [, text = "", weight = "1"] = ADDRESS.exec(readLine(value)?.trim() ?? "") ?? [];
  if (!URL.canParse(text) || Number(weight) > MAX_WEIGHT) return null;
  const { protocol, origin, pathname, search, hash, username, password } = new URL(text);
  const isBare = pathname === "/" && `${search}${hash}${username}${password}` === "";
  return /^https?:$/.test(protocol) && isBare ? { url: origin, weight: Number(weight) } : null;
}

function readEdges(value: unknown): readonly EdgeAddress[] | null {
  if (!Array.isArray(value) || value.length > MAX_EDGES) return null;
  const edges = value.flatMap((item) => readEdge(item) ?? []);
  const isDistinct = new Set(edges.map(({ url }) => url)).size === value.length;
  return isDistinct ? edges : null;
}

export const clusterKeys = {
  edges: key(
    {
      default: [] as readonly EdgeAddress[],
      description:
        'Edges that new listeners are redirected to while they are healthy: "https://edge1.example", or "https://edge1.example weight=2".',
    },
    {
      type: "list",
      expected: `a list of at most ${MAX_EDGES} different addresses like "https://edge1.example weight=2", with weights of 0 to ${MAX_WEIGHT}`,
      read: readEdges,
    },
  ),
  secret: optionalSecret({
    default: new Secret(""),
    description:
      "The same long random text on all servers of the cluster: with it they count each other's listeners, and a listener goes on at any of them where another stopped.",
  }),
  no_redirect: patterns({
    default: [],
    description:
      'User agents that are not redirected because they follow no redirects, with * and ?; so is a listener with "?redirect=no".',
  }),
  ...natsKeys,
};

// /api/cluster/node: what this server says about itself to the others of its cluster.
import { Elysia, status, t } from "elysia";
import { CLUSTER_HEADER } from "../../access/membership.ts";
import { notReady } from "../../doctor/readiness.ts";
import { NODE_PATH } from "../../edges/edge-report.ts";
import type { Mount } from "../../mount/mount.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import type { Station } from "../../station/station.ts";
import { failure } from "../failure.ts";
import { json, operation } from "../operation.ts";

const span = t.Object({
  local: t.Integer({ description: "Where it begins in its own ring" }),
  run: t.String({ description: "The ring of the origin" }),
  from: t.Integer({ description: "The oldest byte that is held, by its position there" }),
  to: t.Integer({ description: "The position behind the newest one" }),
});

const node = t.Object(
  {
    node: t.String({ description: "This run of this server" }),
    reasons: t.Array(t.String(), { description: "Why it is not ready; none if it is" }),
    full: t.Boolean({ description: "It takes no more listeners" }),
    mounts: t.Array(
      t.Object({
        mount: t.String(),
        listeners: t.Integer({ description: "Who listens here, without relays" }),
        relays: t.Integer({ description: "Servers that get the stream from here" }),
        run: t.String({ description: "Its own ring" }),
        idle: t.Boolean({ description: "Nobody listens: it begins where the next listener does" }),
        hls: t.Boolean({ description: "Its HLS addresses answer" }),
        reach: t.Integer({ description: "Seconds that listeners may go back without a gap" }),
        spans: t.Array(span, { description: "What of its origin it holds, the oldest first" }),
      }),
    ),
  },
  { title: "ClusterNode" },
);

const FOREIGN = "This is for servers of the cluster, which prove its secret.";

const NODE = operation({
  tag: "api",
  summary: "State of a server in a cluster",
  description: `For servers of the same cluster only: they prove cluster.secret in the header ${CLUSTER_HEADER}.`,
  answers: {
    200: json("What the others need to know", node),
    403: json("The request does not prove the secret", failure),
  },
});

function mountOf({ mount, audience, hls }: MountParts) {
  const { positions, ring } = mount;
  const { count, relays } = audience.counts;
  const spans = positions.held(ring.tail, ring.head);
  return {
    mount: mount.path,
    listeners: count - relays,
    relays,
    run: positions.run,
    idle: mount.pull !== null && !mount.pull.isPlaying,
    hls: hls.isOn,
    reach: Math.floor(reachOf(mount)),
    spans: spans.map(({ local, run, from, length }) => ({ local, run, from, to: from + length })),
  };
}

/** Seconds. */
function reachOf({ positions, ring, rewind }: Mount): number {
  const wholeSeconds = ring.lag(positions.wholeFrom(ring.tail));
  return Math.min(wholeSeconds, rewind.reachSeconds);
}

/** An edge has mounts of its own that its origin does not know. */
function isServed({ mount }: MountParts, { config }: Station): boolean {
  return mount.pull !== null || config.edge.origin.length === 0;
}

function nodeOf(station: Station) {
  const stopped = station.pump.isTurning ? [] : ["the pump has stopped"];
  return {
    node: station.membership.node,
    reasons: [...stopped, ...notReady(station.facts())],
    full: station.mounts.audiences.every(({ isFull }) => isFull),
    mounts: station.all.filter((parts) => isServed(parts, station)).map(mountOf),
  };
}

export function clusterRoute(station: Station) {
  return new Elysia({ name: "cluster" }).get(
    NODE_PATH,
    ({ headers, set }) => {
      set.headers["cache-control"] = "no-store";
      const isProven = station.membership.isProven(headers[CLUSTER_HEADER], NODE_PATH);
      return isProven ? nodeOf(station) : status(403, { error: FOREIGN });
    },
    { response: { 200: node, 403: failure }, ...NODE },
  );
}

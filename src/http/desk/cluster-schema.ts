// The schemas of what the desk shows of the other servers of the cluster.
import { t } from "elysia";
import { ROLES } from "../../cluster/node-report.ts";
import { choice } from "../choice.ts";

const role = choice(ROLES, {
  description:
    "leader and standby share one programme, an edge mirrors an origin, a server does neither",
});

const node = {
  node: t.String(),
  url: t.String({ description: 'Where other servers reach it, or ""' }),
  version: t.String(),
  role,
  up: t.Boolean({ description: "It reports" }),
  silent_seconds: t.Number({ description: "Since its latest report" }),
  listeners: t.Integer(),
};

const mounts = t.Array(
  t.Object({
    mount: t.String(),
    station_name: t.String(),
    up: t.Boolean(),
    on_air: t.String(),
    artist: t.String(),
    title: t.String(),
    listeners: t.Integer(),
    bitrate: t.Number({ description: "kbit/s" }),
  }),
);

const summary = {
  node: t.String({ description: "This server" }),
  role,
  leader: t.String({ description: 'The server whose programme is played, or ""' }),
  connected: t.Boolean({ description: "NATS can be used" }),
  trouble: t.Union([t.String({ description: "Why it cannot" }), t.Null()]),
  listeners: t.Integer({ description: "Of all servers that report" }),
};

/** In the overview: null without a cluster. */
export const clusterSummary = t.Union([
  t.Object({ ...summary, nodes: t.Array(t.Object(node)) }, { title: "ClusterSummary" }),
  t.Null(),
]);

export const cluster = t.Object(
  {
    cluster: t.Union([
      t.Object({ ...summary, nodes: t.Array(t.Object({ ...node, mounts })) }),
      t.Null(),
    ]),
  },
  { title: "Cluster" },
);

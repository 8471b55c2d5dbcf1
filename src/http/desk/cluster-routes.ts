// GET /api/admin/cluster: all servers of the cluster, with what plays on them.
import { Elysia } from "elysia";
import { renderCluster } from "./cluster-render.ts";
import { cluster } from "./cluster-schema.ts";
import type { Desk } from "./desk.ts";
import { question } from "./desk-docs.ts";
import { REFUSALS } from "./desk-schema.ts";
import { guard } from "./guard.ts";

export function clusterRoutes({ station, gate }: Desk) {
  return new Elysia({ name: "desk-cluster" })
    .use(guard(gate))
    .get("/api/admin/cluster", () => ({ cluster: renderCluster(station.facts()) }), {
      response: { 200: cluster, ...REFUSALS },
      ...question({
        summary: "The other servers of the cluster, and what plays on them; null without a cluster",
        answer: cluster,
      }),
    });
}

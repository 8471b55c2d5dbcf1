// What one server's desk does at another server of the cluster: it shows a page of its listeners, and disconnects.
import { fieldsOf, numberOf, textOf } from "../../cluster/parsing.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import type { Station } from "../../station/station.ts";
import type { Failure } from "../failure.ts";
import { kickListener, kickSource } from "../kick.ts";
import { mountNamed } from "../mount-choice.ts";

export const NO_SERVER: Failure = {
  error: "There is no such server in the cluster, or it does not answer.",
};

type Kick = (parts: MountParts, id: number, by: string) => boolean;

/** Lets the desks of other servers disconnect listeners and sources of this one. */
export function serveKicks(station: Station): void {
  const serve = (name: string, kick: Kick) =>
    station.cluster.serve(name, async (body) => {
      const fields = fieldsOf(body) ?? {};
      const parts = mountNamed(textOf(fields["mount"]), station);
      if (parts === undefined) return { done: false };
      return { done: kick(parts, numberOf(fields["id"]), textOf(fields["by"])) };
    });
  serve("kick-listener", (parts, id, by) => kickListener(parts, station, id, by));
  serve("kick-source", (parts, id, by) => {
    return kickSource(parts, station, by, id === 0 ? undefined : id);
  });
}

export interface KickOrder {
  readonly node: string;
  readonly mount: string;
  /** Of a listener, or of a source that waits. */
  readonly id?: number;
  readonly by: string;
}

/** Whether there was somebody to disconnect; null if that server does not answer. */
export async function kickAt(
  station: Station,
  name: "kick-listener" | "kick-source",
  { node, by, ...order }: KickOrder,
): Promise<boolean | null> {
  const body = { ...order, by: `${by} at ${station.cluster.node}` };
  const answer = fieldsOf(await station.cluster.order(node, name, body));
  return answer === null ? null : answer["done"] === true;
}

/** Of a query or a body: another server's name; null for this one. */
export function otherNode(station: Station, node: string | undefined): string | null {
  return node === undefined || node === "" || node === station.cluster.node ? null : node;
}

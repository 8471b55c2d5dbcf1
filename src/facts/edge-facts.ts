// The facts about the edges of this server.
import type { Edge } from "../edges/edge.ts";
import type { MountParts } from "../assembly/mounts.ts";

/** An edge that listeners are sent to. */
export interface EdgeFacts {
  readonly url: string;
  readonly weight: number;
  readonly isHealthy: boolean;
  /** Why it gets no listeners, a sentence without its end; null if it does. */
  readonly why: string | null;
  readonly listeners: number;
  /** How far its audio is behind ours, at the mount where that is most; null while it is not known. */
  readonly lagSeconds: number | null;
}

export function edgeFacts(
  edges: readonly Edge[],
  mounts: readonly MountParts[],
): readonly EdgeFacts[] {
  return edges.map((edge) => {
    const { url, weight, listeners, health } = edge;
    const { isHealthy, why } = health;
    return { url, weight, isHealthy, why, listeners, lagSeconds: lagOf(edge, mounts) };
  });
}

/** At what it plays, when it was asked last. */
function lagOf(edge: Edge, mounts: readonly MountParts[]): number | null {
  const lags = mounts.flatMap(({ mount }) => {
    const { positions, ring, path } = mount;
    const last = edge.mount(path)?.spans.at(-1);
    const at = last === undefined ? null : positions.local({ run: last.run, position: last.to });
    return at === null ? [] : [ring.lag(at)];
  });
  return lags.length === 0 ? null : Math.max(...lags);
}

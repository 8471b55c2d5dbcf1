// Answers to Icecast's admin commands as elements, rendered as XML for programs or HTML for people.
import type { ListenerFacts, MountFacts, StationFacts } from "../facts/facts.ts";
import {
  type BaseUrl,
  inOrder,
  mountsUp,
  serverCounters,
  serverStats,
  sourceCounters,
  sourceStats,
  type Stats,
} from "./icestats.ts";
import { branch, type Element, leaf } from "./xml.ts";

function leaves(stats: Stats): Element[] {
  return inOrder(stats).map(([name, value]) => leaf(name, value));
}

/** The answer to a command; `isDone` is its return code. */
export function commandAnswer(message: string, isDone: boolean): Element {
  return branch("iceresponse", [leaf("message", message), leaf("return", isDone ? 1 : 0)]);
}

/** /admin/stats. `only`: the path of the requested mount. */
export function adminStats(facts: StationFacts, base: BaseUrl, only?: string): Element {
  const mounts = mountsUp(facts, only);
  const sources = mounts.map((mount) => {
    const stats = { ...sourceStats(mount, base), ...sourceCounters(mount) };
    return branch("source", leaves(stats), { mount: mount.path });
  });
  const server = leaves({ ...serverStats(facts, base), ...serverCounters(facts) });
  return branch("icestats", [...server, ...sources]);
}

function connectedSeconds(mount: MountFacts, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - mount.sinceMs) / 1000));
}

/** /admin/listmounts */
export function mountList(facts: StationFacts): Element {
  const sources = mountsUp(facts).map((mount) => {
    const children = [
      leaf("fallback", mount.fallback),
      leaf("listeners", mount.listeners),
      leaf("Connected", connectedSeconds(mount, facts.nowMs)),
      leaf("content-type", mount.contentType),
    ];
    return branch("source", children, { mount: mount.path });
  });
  return branch("icestats", sources);
}

/** A listener as admin lists show it. */
export type Member = Pick<ListenerFacts, "number" | "address" | "userAgent" | "connectedSeconds">;

/** One entry of a listener list. */
export function member(facts: Member): Element {
  const { number, address, userAgent, connectedSeconds: seconds } = facts;
  return branch("listener", [
    leaf("IP", address),
    leaf("UserAgent", userAgent),
    leaf("Connected", Math.floor(seconds)),
    leaf("ID", number),
  ]);
}

/** /admin/listclients. The count appears under its name in Icecast 2.4 and in 2.5 and KH: tools look for either. */
export function memberList(path: string, members: readonly Element[]): Element {
  const count = members.length;
  const children = [leaf("Listeners", count), leaf("listeners", count), ...members];
  return branch("icestats", [branch("source", children, { mount: path })]);
}

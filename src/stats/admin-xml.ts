// Answers to Icecast's admin commands as elements, rendered as XML for programs or HTML for people.
import type {
  AdminFacts,
  AdminMountFacts,
  MemberFacts,
  MountFacts,
  StationFacts,
} from "./facts.ts";
import {
  type BaseUrl,
  inOrder,
  serverCounters,
  serverStats,
  sourceCounters,
  sourceStats,
  type Stats,
} from "./icestats.ts";
import { branch, type Element, leaf } from "./xml.ts";

const NOBODY: AdminMountFacts = {
  sourceAddress: "",
  sourceUserAgent: "",
  receivedBytes: 0,
  garbageBytes: 0,
  sentBytes: 0,
  joined: 0,
  fallback: "",
};

function adminOf(mount: MountFacts, admin: AdminFacts): AdminMountFacts {
  return admin.mounts.get(mount.path) ?? NOBODY;
}

function leaves(stats: Stats): Element[] {
  return inOrder(stats).map(([name, value]) => leaf(name, value));
}

/** The answer to a command; `isDone` is its return code. */
export function commandAnswer(message: string, isDone: boolean): Element {
  return branch("iceresponse", [leaf("message", message), leaf("return", isDone ? 1 : 0)]);
}

/** /admin/stats. `only`: the path of the requested mount. */
export function adminStats(
  facts: StationFacts,
  admin: AdminFacts,
  base: BaseUrl,
  only?: string,
): Element {
  const mounts = facts.mounts.filter(
    ({ path, isUp }) => isUp && (only === undefined || path === only),
  );
  const sources = mounts.map((mount) => {
    const stats = { ...sourceStats(mount, base), ...sourceCounters(mount, adminOf(mount, admin)) };
    return branch("source", leaves(stats), { mount: mount.path });
  });
  const server = leaves({ ...serverStats(facts, base), ...serverCounters(facts, admin) });
  return branch("icestats", [...server, ...sources]);
}

function connectedSeconds(mount: MountFacts, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - mount.sinceMs) / 1000));
}

/** /admin/listmounts; `nowMs` since 1970. */
export function mountList(facts: StationFacts, admin: AdminFacts, nowMs: number): Element {
  const sources = facts.mounts
    .filter((mount) => mount.isUp)
    .map((mount) => {
      const children = [
        leaf("fallback", adminOf(mount, admin).fallback),
        leaf("listeners", mount.listeners),
        leaf("Connected", connectedSeconds(mount, nowMs)),
        leaf("content-type", mount.contentType),
      ];
      return branch("source", children, { mount: mount.path });
    });
  return branch("icestats", sources);
}

/** One entry of a listener list. */
export function member(facts: MemberFacts): Element {
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

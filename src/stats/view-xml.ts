// admin.cgi?mode=viewxml: SHOUTcast's admin view of one stream.
import type { AiringFacts, MountFacts, TimelineFacts } from "../facts/facts.ts";
import type { Member } from "./admin-xml.ts";
import { leaves, type ServerFacts, type Statistics, statistics } from "./shoutcast-fields.ts";
import { branch, type Element, leaf } from "./xml.ts";

/** One listener. */
export function listener({ number, address, userAgent, connectedSeconds }: Member): Element {
  return branch("LISTENER", [
    leaf("HOSTNAME", address),
    leaf("USERAGENT", userAgent),
    leaf("CONNECTTIME", Math.floor(connectedSeconds)),
    leaf("UID", number),
  ]);
}

/** Newest first: SHOUTcast's history begins with the current title. */
function history(timeline: TimelineFacts, nowMs: number): Element {
  const { joinSeconds, airings } = timeline;
  const heard = airings.filter(
    ({ fromSeconds, title }) => fromSeconds <= joinSeconds && title !== "",
  );
  const song = ({ fromSeconds, artist, title }: AiringFacts): Element => {
    const playedMs = nowMs - (joinSeconds - fromSeconds) * 1000;
    const line = artist === "" ? title : `${artist} - ${title}`;
    return branch("SONG", [leaf("PLAYEDAT", Math.floor(playedMs / 1000)), leaf("TITLE", line)]);
  };
  return branch("SONGHISTORY", heard.toReversed().map(song));
}

/** Both generations of names: SHOUTcast 1 calls unique listeners "reported". */
function adminStatistics(mount: MountFacts, facts: ServerFacts): Statistics {
  return {
    ...statistics(mount, facts),
    REPORTEDLISTENERS: mount.unique,
    STREAMSOURCE: mount.source?.address ?? "",
  };
}

/** Whether a page lists the listeners, of which there may be very many. */
export function namesListeners(page: number): boolean {
  return page !== 1 && page !== 4;
}

/** `listeners`: on the pages that list them. `page`: 1 statistics, 3 listeners, 4 recent titles; any other: all. */
export function viewXml(
  mount: MountFacts,
  listeners: readonly Element[],
  facts: ServerFacts,
  page: number,
): Element {
  const parts: Readonly<Record<number, Element[]>> = {
    1: leaves(adminStatistics(mount, facts)),
    3: [branch("LISTENERS", listeners)],
    4: [history(mount.timeline, facts.nowMs)],
  };
  return branch("SHOUTCASTSERVER", parts[page] ?? Object.values(parts).flat());
}

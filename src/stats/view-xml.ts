// admin.cgi?mode=viewxml: SHOUTcast's admin view of one stream.
import type { AdminMountFacts, AiringFacts, MemberFacts, TimelineFacts } from "./facts.ts";
import { type Facts, leaves, type Statistics, statistics, type StreamFacts } from "./shoutcast.ts";
import { branch, type Element, leaf } from "./xml.ts";

/** The admin's additional facts about a stream. */
export interface StreamAdminFacts extends StreamFacts {
  readonly admin: AdminMountFacts;
  /** The listeners, on pages that list them. */
  readonly listeners: readonly Element[];
}

/** One listener. */
export function listener({ number, address, userAgent, connectedSeconds }: MemberFacts): Element {
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
function adminStatistics(stream: StreamAdminFacts, facts: Facts): Statistics {
  return {
    ...statistics(stream, facts),
    REPORTEDLISTENERS: stream.counts.unique,
    STREAMSOURCE: stream.admin.sourceAddress,
  };
}

/** Whether a page lists the listeners, of which there may be very many. */
export function namesListeners(page: number): boolean {
  return page !== 1 && page !== 4;
}

/** `page`: 1 statistics, 3 listeners, 4 recent titles; any other: all. */
export function viewXml(stream: StreamAdminFacts, facts: Facts, page: number): Element {
  const parts: Readonly<Record<number, Element[]>> = {
    1: leaves(adminStatistics(stream, facts)),
    3: [branch("LISTENERS", stream.listeners)],
    4: [history(stream.mount.timeline, facts.nowMs)],
  };
  return branch("SHOUTCASTSERVER", parts[page] ?? Object.values(parts).flat());
}

// admin.cgi?mode=viewxml: all that a SHOUTcast server tells its keeper of one stream.
import type { AdminMountFacts, AiringFacts, MemberFacts, TimelineFacts } from "./facts.ts";
import { type Facts, leaves, type Statistics, statistics, type StreamFacts } from "./shoutcast.ts";
import { branch, type Element, leaf } from "./xml.ts";

/** What only the keeper may know of one. */
export interface StreamAdminFacts extends StreamFacts {
  readonly admin: AdminMountFacts;
  /** Those that listen, where the page names them. */
  readonly listeners: readonly Element[];
}

/** One that listens. */
export function listener({ number, address, userAgent, connectedSeconds }: MemberFacts): Element {
  return branch("LISTENER", [
    leaf("HOSTNAME", address),
    leaf("USERAGENT", userAgent),
    leaf("CONNECTTIME", Math.floor(connectedSeconds)),
    leaf("UID", number),
  ]);
}

/** The newest is the one that is heard, as long as one waits who has just joined. */
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

/** Both generations: the first calls the unique listeners reported ones. */
function keeperStatistics(stream: StreamAdminFacts, facts: Facts): Statistics {
  return {
    ...statistics(stream, facts),
    REPORTEDLISTENERS: stream.crowd.unique,
    STREAMSOURCE: stream.admin.sourceAddress,
  };
}

/** Whether a page of it names those that listen: there may be very many. */
export function namesListeners(page: number): boolean {
  return page !== 1 && page !== 4;
}

/** `page`: 1 the statistics, 3 the listeners, 4 the last titles; any other: all of them. */
export function viewXml(stream: StreamAdminFacts, facts: Facts, page: number): Element {
  const parts: Readonly<Record<number, Element[]>> = {
    1: leaves(keeperStatistics(stream, facts)),
    3: [branch("LISTENERS", stream.listeners)],
    4: [history(stream.mount.timeline, facts.nowMs)],
  };
  return branch("SHOUTCASTSERVER", parts[page] ?? Object.values(parts).flat());
}

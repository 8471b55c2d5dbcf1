// SHOUTcast's stream statistics: the seven fields, and the full set as XML or JSON.
import type { AudienceCounts, MountFacts } from "./facts.ts";
import { branch, type Element, escapeXml, leaf, xmlDocument } from "./xml.ts";

/** /7.html: cur,status,peak,max,unique,bitrate,title. The title is last, so commas in it are unambiguous. */
export function renderSeven(mount: MountFacts, counts: AudienceCounts): string {
  const fields = [
    mount.listeners,
    mount.isUp ? 1 : 0,
    mount.listenerPeak,
    counts.capacity,
    counts.unique,
    mount.bitrate,
    escapeXml(mount.titleLine),
  ];
  const head = '<HTML><meta http-equiv="Pragma" content="no-cache"></head>';
  return `${head}<body>${fields.join(",")}</body></html>`;
}

/** One stream. */
export interface StreamFacts {
  readonly mount: MountFacts;
  readonly counts: AudienceCounts;
}

/** The whole station. */
export interface Facts {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Keyed by SHOUTcast's names. */
export type Statistics = Readonly<Record<string, string | number>>;

function streamStatistics({ mount, counts }: StreamFacts, { nowMs }: Facts): Statistics {
  return {
    CURRENTLISTENERS: mount.listeners,
    PEAKLISTENERS: mount.listenerPeak,
    MAXLISTENERS: counts.capacity,
    UNIQUELISTENERS: counts.unique,
    AVERAGETIME: Math.floor(counts.averageSeconds),
    SERVERGENRE: mount.stationGenre,
    SERVERURL: mount.stationUrl,
    SERVERTITLE: mount.stationName,
    SONGTITLE: mount.titleLine,
    STREAMHITS: counts.joined,
    STREAMSTATUS: mount.isUp ? 1 : 0,
    BACKUPSTATUS: 0,
    STREAMLISTED: 0,
    STREAMLISTEDERROR: 200,
    STREAMPATH: mount.path,
    STREAMUPTIME: Math.max(0, Math.floor((nowMs - mount.sinceMs) / 1000)),
    BITRATE: mount.bitrate,
    SAMPLERATE: mount.format?.sampleRate ?? 0,
    CONTENT: mount.contentType,
  };
}

/** The public statistics of one stream. */
export function statistics(stream: StreamFacts, facts: Facts): Statistics {
  return { ...streamStatistics(stream, facts), VERSION: `Cycast ${facts.version}` };
}

function sum(streams: readonly StreamFacts[], of: (stream: StreamFacts) => number): number {
  return streams.reduce((total, stream) => total + of(stream), 0);
}

/** Addresses are not matched across streams: a client on two of them counts twice. */
function totals(streams: readonly StreamFacts[], facts: Facts): Statistics {
  const listeners = sum(streams, ({ mount }) => mount.listeners);
  const seconds = sum(streams, ({ mount, counts }) => mount.listeners * counts.averageSeconds);
  return {
    TOTALSTREAMS: streams.length,
    ACTIVESTREAMS: streams.filter(({ mount }) => mount.isUp).length,
    CURRENTLISTENERS: listeners,
    PEAKLISTENERS: sum(streams, ({ mount }) => mount.listenerPeak),
    MAXLISTENERS: sum(streams, ({ counts }) => counts.capacity),
    UNIQUELISTENERS: sum(streams, ({ counts }) => counts.unique),
    AVERAGETIME: listeners === 0 ? 0 : Math.floor(seconds / listeners),
    VERSION: `Cycast ${facts.version}`,
  };
}

export function leaves(fields: Statistics): Element[] {
  return Object.entries(fields).map(([name, value]) => leaf(name, value));
}

function lowered(fields: Statistics): Statistics {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** /stats?sid=1 */
export function renderShoutcastXml(stream: StreamFacts, facts: Facts): string {
  return xmlDocument(branch("SHOUTCASTSERVER", leaves(statistics(stream, facts))));
}

/** /stats?sid=1&json=1: the same, in lower case. */
export function renderShoutcastJson(stream: StreamFacts, facts: Facts): string {
  return JSON.stringify(lowered(statistics(stream, facts)));
}

/** /statistics: the totals, then each stream under its number. */
export function renderStatisticsXml(streams: readonly StreamFacts[], facts: Facts): string {
  const each = streams.map((stream, at) =>
    branch("STREAM", leaves(streamStatistics(stream, facts)), { id: String(at + 1) }),
  );
  const all = branch("STREAMSTATS", [...leaves(totals(streams, facts)), ...each]);
  return xmlDocument(branch("SHOUTCASTSERVER", [all]));
}

/** /statistics?json=1 */
export function renderStatisticsJson(streams: readonly StreamFacts[], facts: Facts): string {
  const each = streams.map((stream, at) => ({
    id: at + 1,
    ...lowered(streamStatistics(stream, facts)),
  }));
  return JSON.stringify({ ...lowered(totals(streams, facts)), streams: each });
}

// What SHOUTcast servers tell of their streams: the seven fields, and the statistics as XML or JSON.
import type { CrowdFacts, MountFacts } from "./facts.ts";
import { branch, type Element, escapeXml, leaf, xmlDocument } from "./xml.ts";

/** /7.html: cur,status,peak,max,unique,bitrate,title; commas in the title are the reader's business. */
export function renderSeven(mount: MountFacts, crowd: CrowdFacts): string {
  const fields = [
    mount.listeners,
    mount.isUp ? 1 : 0,
    mount.listenerPeak,
    crowd.capacity,
    crowd.unique,
    mount.bitrate,
    escapeXml(mount.titleLine),
  ];
  const head = '<HTML><meta http-equiv="Pragma" content="no-cache"></head>';
  return `${head}<body>${fields.join(",")}</body></html>`;
}

/** One stream. */
export interface StreamFacts {
  readonly mount: MountFacts;
  readonly crowd: CrowdFacts;
}

/** Of the whole station. */
export interface Facts {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** By SHOUTcast's names. */
export type Statistics = Readonly<Record<string, string | number>>;

function streamStatistics({ mount, crowd }: StreamFacts, { nowMs }: Facts): Statistics {
  return {
    CURRENTLISTENERS: mount.listeners,
    PEAKLISTENERS: mount.listenerPeak,
    MAXLISTENERS: crowd.capacity,
    UNIQUELISTENERS: crowd.unique,
    AVERAGETIME: Math.floor(crowd.averageSeconds),
    SERVERGENRE: mount.stationGenre,
    SERVERURL: mount.stationUrl,
    SERVERTITLE: mount.stationName,
    SONGTITLE: mount.titleLine,
    STREAMHITS: crowd.joined,
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

/** Of one stream, as everybody may know them. */
export function statistics(stream: StreamFacts, facts: Facts): Statistics {
  return { ...streamStatistics(stream, facts), VERSION: `Cycast ${facts.version}` };
}

function sum(streams: readonly StreamFacts[], of: (stream: StreamFacts) => number): number {
  return streams.reduce((total, stream) => total + of(stream), 0);
}

/** Nobody is known across streams: who hears two of them counts twice. */
function totals(streams: readonly StreamFacts[], facts: Facts): Statistics {
  const listeners = sum(streams, ({ mount }) => mount.listeners);
  const seconds = sum(streams, ({ mount, crowd }) => mount.listeners * crowd.averageSeconds);
  return {
    TOTALSTREAMS: streams.length,
    ACTIVESTREAMS: streams.filter(({ mount }) => mount.isUp).length,
    CURRENTLISTENERS: listeners,
    PEAKLISTENERS: sum(streams, ({ mount }) => mount.listenerPeak),
    MAXLISTENERS: sum(streams, ({ crowd }) => crowd.capacity),
    UNIQUELISTENERS: sum(streams, ({ crowd }) => crowd.unique),
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

/** /statistics: the sums, then each stream under its number. */
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

// SHOUTcast's stream statistics: the seven fields, and the full set as XML or JSON.
import type { MountFacts, StationFacts } from "../facts/facts.ts";
import { branch, type Element, escapeXml, leaf, xmlDocument } from "./xml.ts";

/** /7.html: cur,status,peak,max,unique,bitrate,title. The title is last, so commas in it are unambiguous. */
export function renderSeven(mount: MountFacts): string {
  const fields = [
    mount.listeners,
    mount.isUp ? 1 : 0,
    mount.listenerPeak,
    mount.capacity,
    mount.unique,
    mount.bitrate,
    escapeXml(mount.titleLine),
  ];
  const head = '<HTML><meta http-equiv="Pragma" content="no-cache"></head>';
  return `${head}<body>${fields.join(",")}</body></html>`;
}

/** What the statistics show of the whole station. */
export type ServerFacts = Pick<StationFacts, "version" | "nowMs">;

/** Keyed by SHOUTcast's names. */
export type Statistics = Readonly<Record<string, string | number>>;

function streamStatistics(mount: MountFacts, { nowMs }: ServerFacts): Statistics {
  return {
    CURRENTLISTENERS: mount.listeners,
    PEAKLISTENERS: mount.listenerPeak,
    MAXLISTENERS: mount.capacity,
    UNIQUELISTENERS: mount.unique,
    AVERAGETIME: Math.floor(mount.averageSeconds),
    SERVERGENRE: mount.stationGenre,
    SERVERURL: mount.stationUrl,
    SERVERTITLE: mount.stationName,
    SONGTITLE: mount.titleLine,
    STREAMHITS: mount.joined,
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
export function statistics(mount: MountFacts, facts: ServerFacts): Statistics {
  return { ...streamStatistics(mount, facts), VERSION: `Cycast ${facts.version}` };
}

function sum(mounts: readonly MountFacts[], of: (mount: MountFacts) => number): number {
  return mounts.reduce((total, mount) => total + of(mount), 0);
}

/** Addresses are not matched across streams: a client on two of them counts twice. */
function totals(mounts: readonly MountFacts[], facts: ServerFacts): Statistics {
  const listeners = sum(mounts, (mount) => mount.listeners);
  const seconds = sum(mounts, (mount) => mount.listeners * mount.averageSeconds);
  return {
    TOTALSTREAMS: mounts.length,
    ACTIVESTREAMS: mounts.filter((mount) => mount.isUp).length,
    CURRENTLISTENERS: listeners,
    PEAKLISTENERS: sum(mounts, (mount) => mount.listenerPeak),
    MAXLISTENERS: sum(mounts, (mount) => mount.capacity),
    UNIQUELISTENERS: sum(mounts, (mount) => mount.unique),
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
export function renderShoutcastXml(mount: MountFacts, facts: ServerFacts): string {
  return xmlDocument(branch("SHOUTCASTSERVER", leaves(statistics(mount, facts))));
}

/** /stats?sid=1&json=1: the same, in lower case. */
export function renderShoutcastJson(mount: MountFacts, facts: ServerFacts): string {
  return JSON.stringify(lowered(statistics(mount, facts)));
}

/** /statistics: the totals, then each stream under its number. */
export function renderStatisticsXml(mounts: readonly MountFacts[], facts: ServerFacts): string {
  const each = mounts.map((mount, at) =>
    branch("STREAM", leaves(streamStatistics(mount, facts)), { id: String(at + 1) }),
  );
  const all = branch("STREAMSTATS", [...leaves(totals(mounts, facts)), ...each]);
  return xmlDocument(branch("SHOUTCASTSERVER", [all]));
}

/** /statistics?json=1 */
export function renderStatisticsJson(mounts: readonly MountFacts[], facts: ServerFacts): string {
  const each = mounts.map((mount, at) => ({
    id: at + 1,
    ...lowered(streamStatistics(mount, facts)),
  }));
  return JSON.stringify({ ...lowered(totals(mounts, facts)), streams: each });
}

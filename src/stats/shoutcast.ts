// What SHOUTcast servers tell about one stream: the seven fields, and the statistics as XML or JSON.
import type { CrowdFacts, MountFacts } from "./facts.ts";
import { branch, escapeXml, leaf, xmlDocument } from "./xml.ts";

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

type Statistics = Readonly<Record<string, string | number>>;

function statistics(mount: MountFacts, crowd: CrowdFacts, facts: Facts): Statistics {
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
    STREAMUPTIME: Math.max(0, Math.floor((facts.nowMs - mount.sinceMs) / 1000)),
    BITRATE: mount.bitrate,
    SAMPLERATE: mount.format?.sampleRate ?? 0,
    CONTENT: mount.contentType,
    VERSION: `Cycast ${facts.version}`,
  };
}

/** Of the whole station. */
export interface Facts {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** /stats?sid=1 */
export function renderShoutcastXml(mount: MountFacts, crowd: CrowdFacts, facts: Facts): string {
  const fields = Object.entries(statistics(mount, crowd, facts));
  const leaves = fields.map(([name, value]) => leaf(name, value));
  return xmlDocument(branch("SHOUTCASTSERVER", leaves));
}

/** /stats?sid=1&json=1: the same, in lower case. */
export function renderShoutcastJson(mount: MountFacts, crowd: CrowdFacts, facts: Facts): string {
  const fields = Object.entries(statistics(mount, crowd, facts));
  return JSON.stringify(
    Object.fromEntries(fields.map(([name, value]) => [name.toLowerCase(), value])),
  );
}

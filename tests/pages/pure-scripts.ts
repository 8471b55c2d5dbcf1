// The scripts of the listener's page that need no page.
import { join } from "node:path";

Object.assign(globalThis, { localStorage: { getItem: () => null, setItem: () => undefined } });

const PUBLIC = join(import.meta.dir, "..", "..", "public");

interface Titled {
  readonly kind: string;
  readonly title: string;
  readonly artist: string;
  readonly dj: string;
  readonly seconds: number | null;
}

export interface MountOfPage {
  readonly mount: string;
  readonly group: string;
}

interface PlayedScript {
  isTrack(titled: Titled, station: string): boolean;
  lineOf(titled: { artist: string; title: string }): string;
}

interface ChannelsScript {
  channelsOf<M extends MountOfPage>(mounts: readonly M[]): { key: string; mounts: M[] }[];
  currentMount<M extends MountOfPage>(status: { mounts: readonly M[] }, chosen: string): M;
  matches(query: string, texts: readonly string[]): boolean;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface RecordedScript {
  gapsBetween(stretches: readonly Stretch[], within: Stretch, heldSeconds: number): Stretch[];
}

interface TimelineOfPage {
  readonly headSeconds: number;
  readonly zeroMs: number | null;
  readonly airings: readonly [{ readonly fromSeconds: number }];
}

export interface MountWithTimeline {
  readonly mount: string;
  readonly timeline: TimelineOfPage;
}

interface EarlierRunScript {
  EarlierRuns: new () => {
    note(before: readonly MountWithTimeline[], after: readonly MountWithTimeline[]): void;
    timelineAt(mount: MountWithTimeline, date: Date | null): TimelineOfPage;
  };
}

export const { EarlierRuns } = (await import(join(PUBLIC, "earlier-run.js"))) as EarlierRunScript;
export const { gapsBetween } = (await import(join(PUBLIC, "recorded.js"))) as RecordedScript;
export const { isTrack, lineOf } = (await import(join(PUBLIC, "played.js"))) as PlayedScript;
export const { channelsOf, currentMount, matches } = (await import(
  join(PUBLIC, "channels.js")
)) as ChannelsScript;

export function titled(more: Partial<Titled>): Titled {
  return { kind: "playlist", title: "", artist: "", dj: "", seconds: null, ...more };
}

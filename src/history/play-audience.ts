// Pure: who heard a stretch of a mount's timeline, each at the own position: a listener with a long burst hears a title later
// than one at the head.

/** What one session has heard: from a position on the timeline up to, not including, another. */
export interface Heard {
  readonly from: number;
  readonly to: number;
  /** It ended at `to`; else it goes on. */
  readonly isOver: boolean;
  /** It goes on elsewhere: nobody turned it off. */
  readonly isMoved: boolean;
  /** The same for the sessions of one listener. */
  readonly uniqueId: number;
  /** "" if it is unknown. */
  readonly country: string;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** atStart + joined - left = atEnd, and atStart + joined = sessions. */
export interface PlayAudience {
  /** Sessions that heard any of it. */
  readonly sessions: number;
  /** Different listeners among them. */
  readonly listeners: number;
  /** What they heard of it, in seconds. */
  readonly seconds: number;
  /** Listening when it began, and when it was over. */
  readonly atStart: number;
  readonly atEnd: number;
  /** Began to listen during it, and ended during it or with its last sound. */
  readonly joined: number;
  readonly left: number;
  /** How many of those at its start left within TUNE_OUT_SECONDS. */
  readonly tunedOut: number;
  /** The most at one position. */
  readonly peak: number;
  /** How many of those at its start left in each LEAVING_SECONDS from its begin on. */
  readonly leaving: readonly number[];
  /** Sessions by country, as far as it is known. */
  readonly countries: Readonly<Record<string, number>>;
}

export const TUNE_OUT_SECONDS = 30;
export const LEAVING_SECONDS = 10;
const MAX_LEAVING = 60;

function heardIn(play: Stretch, heard: readonly Heard[]): Heard[] {
  return heard.filter(({ from, to }) => from < to && from < play.to && to > play.from);
}

export function audienceOf(play: Stretch, all: readonly Heard[]): PlayAudience {
  const heard = heardIn(play, all);
  const atStart = heard.filter(({ from }) => from < play.from);
  const ended = heard.filter(({ to, isOver }) => isOver && to <= play.to);
  const quit = ended.filter(({ from, isMoved }) => from < play.from && !isMoved);
  const seconds = heard.reduce((sum, { from, to }) => {
    return sum + Math.min(to, play.to) - Math.max(from, play.from);
  }, 0);
  return {
    sessions: heard.length,
    listeners: new Set(heard.map(({ uniqueId }) => uniqueId)).size,
    seconds,
    atStart: atStart.length,
    atEnd: heard.length - ended.length,
    joined: heard.length - atStart.length,
    left: ended.length,
    tunedOut: quit.filter(({ to }) => to - play.from <= TUNE_OUT_SECONDS).length,
    peak: peakOf(play, heard),
    leaving: leavingOf(play, quit),
    countries: countriesOf(heard),
  };
}

/** Who heard it, once each. */
export function uniquesOf(play: Stretch, all: readonly Heard[]): Set<number> {
  return new Set(heardIn(play, all).map(({ uniqueId }) => uniqueId));
}

/** One that ends where another begins does not overlap it. */
function peakOf(play: Stretch, heard: readonly Heard[]): number {
  const begins = heard.map(({ from }) => Math.max(from, play.from)).sort((a, b) => a - b);
  const ends = heard.map(({ to }) => Math.min(to, play.to)).sort((a, b) => a - b);
  let [count, peak, ended] = [0, 0, 0];
  for (const begin of begins) {
    count++;
    while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= begin) {
      ended++;
      count--;
    }
    peak = Math.max(peak, count);
  }
  return peak;
}

function countriesOf(heard: readonly Heard[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { country } of heard) if (country !== "") counts[country] = (counts[country] ?? 0) + 1;
  return counts;
}

function leavingOf(play: Stretch, quit: readonly Heard[]): number[] {
  const counts: number[] = [];
  for (const { to } of quit) {
    const at = Math.min(MAX_LEAVING - 1, Math.ceil((to - play.from) / LEAVING_SECONDS) - 1);
    while (counts.length <= at) counts.push(0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

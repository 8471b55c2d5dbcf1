// Pure: what is aimed at, as ratios within one run, and whether it was reached.
import type { Figures, Scenario } from "./fan-out.ts";
import { AIMED_BITRATE, isSteady } from "./scenarios.ts";

export interface Target {
  readonly what: string;
  /** null: it was not measured. */
  readonly value: number | null;
  /** null: nothing is aimed at, it is only told. */
  readonly atMost: number | null;
}

type Choice = (scenario: Scenario) => boolean;

function crowdOf(listeners: number, icy = false): Choice {
  return (scenario) =>
    isSteady(scenario) &&
    scenario.listeners === listeners &&
    scenario.icy === icy &&
    scenario.bitrate === AIMED_BITRATE;
}

/** As many as most stations have: whatever is written is sent to all of them at once. */
const FEW = [10, 100, 500] as const;
const SOME = crowdOf(1000);
const MANY = crowdOf(4000);
const MOST = crowdOf(10_000);
const isCrowd: Choice = ({ rampSeconds }) => rampSeconds === 0;
const isHalfStalled: Choice = ({ stalled }) => stalled > 0;
const isWatched: Choice = ({ asksStatus }) => asksStatus;

/** Of one crowd; null is what it should have had and has not. */
type Figure = (figures: Figures) => number | null;

/** Of one door in one scenario; null when it was not measured. */
type Find = (choice: Choice, of: Figure) => number | null;

const cost: Figure = ({ cpuSecondsPerGB }) => cpuSecondsPerGB;
const perListener: Figure = ({ cpuPercentPer1000 }) => cpuPercentPer1000;
const memory: Figure = ({ residentMB }) => residentMB;
const p50: Figure = ({ report }) => report.latency_p50_ms;
const p99: Figure = ({ report }) => report.latency_p99_ms;
const lost: Figure = ({ report }) => report.lost_bytes;
const cutOff: Figure = ({ report }) => report.closed;

/** What somebody waited for in vain took for ever. */
function finder(peer: string, all: readonly Figures[]): Find {
  return (choice, of) => {
    const found = all.find((one) => one.peer.startsWith(peer) && choice(one.scenario));
    return found === undefined ? null : (of(found) ?? Number.POSITIVE_INFINITY);
  };
}

function ratio(value: number | null, to: number | null): number | null {
  return value === null || to === null ? null : value / to;
}

function aim(what: string, value: number | null, atMost: number | null): Target {
  return { what, value, atMost };
}

function againstOthers(find: Find, all: readonly Figures[]): Target[] {
  const of = (peer: string, choice: Choice) =>
    ratio(find(choice, cost), finder(peer, all)(choice, cost));
  return [
    ...FEW.map((count) =>
      aim(`CPU per GB at ${count}, of Icecast's`, of("Icecast 2", crowdOf(count)), 0.8),
    ),
    aim("CPU per GB at 4,000, of Icecast's", of("Icecast 2", MANY), 1 / 5),
    aim("CPU per GB at 4,000, of Icecast-KH's", of("Icecast-KH", MANY), 1 / 2.5),
    aim("CPU per GB at 4,000, of the floor's", of("bare C", MANY), 1.2),
    aim("CPU per GB at 10,000, of the floor's", of("bare C", MOST), 1.2),
    aim("latency p50 at 4,000, ms", find(MANY, p50), 600),
    ...FEW.map((count) => aim(`latency p50 at ${count}, ms`, find(crowdOf(count), p50), 10)),
  ];
}

/** In one server, so that what it needs to run at all is not in it. */
function memoryGrowth(find: Find): number | null {
  const [few, many] = [find(SOME, memory), find(MOST, memory)];
  return few === null || many === null ? null : ((many - few) * 1000) / 9000;
}

function growth(find: Find, mostKB: number): Target[] {
  const perHead = ratio(find(MOST, perListener), find(SOME, perListener));
  const titles = ratio(find(crowdOf(4000, true), cost), find(MANY, cost));
  return [
    aim("CPU per listener at 10,000, of that at 1,000", perHead, 1.1),
    aim("CPU per GB with titles at 4,000, of that without", titles, 1.15),
    aim("RSS per listener between 1,000 and 10,000, KB", memoryGrowth(find), mostKB),
  ];
}

function atOnce(find: Find): Target[] {
  const turnedAway: Figure = ({ report }) => report.refused + report.failed;
  const unheard: Figure = ({ report }) => report.asked - report.heard;
  return [
    aim(
      "5,000 at once: all had audio, ms",
      find(isCrowd, ({ report }) => report.all_audio_ms),
      3000,
    ),
    aim("5,000 at once: refused", find(isCrowd, turnedAway), 0),
    aim("5,000 at once: without audio", find(isCrowd, unheard), 0),
  ];
}

function stalled(find: Find): Target[] {
  const late = ratio(find(isHalfStalled, p99), find(SOME, p99));
  const grownKB: Figure = ({ grownMB, report }) => (grownMB * 1000) / report.stalled;
  const unsentKB: Figure = ({ unsentBytes }) => (unsentBytes ?? 0) / 1000;
  return [
    aim("half of 2,000 stalled: bytes the others lost", find(isHalfStalled, lost), 0),
    aim("half of 2,000 stalled: others cut off", find(isHalfStalled, cutOff), 0),
    aim("half of 2,000 stalled: latency p99, of that of 1,000 alone", late, 1.1),
    aim("half of 2,000 stalled: RSS a stalled one, KB", find(isHalfStalled, grownKB), null),
    aim("half of 2,000 stalled: most in the kernel, KB", find(isHalfStalled, unsentKB), null),
  ];
}

function eventLoop(find: Find): Target[] {
  const status: Figure = ({ statusP99Ms }) => statusP99Ms;
  return [
    aim(
      "event loop late at 10,000, p99 ms",
      find(isWatched, ({ late }) => late?.p99 ?? null),
      5,
    ),
    aim(
      "event loop late at 10,000, max ms",
      find(isWatched, ({ late }) => late?.max ?? null),
      20,
    ),
    aim("/api/status at 10,000, p99 ms", find(isWatched, status), 15),
  ];
}

function anywhere(own: readonly Figures[]): Target[] {
  const sum = (of: Figure) =>
    own.length === 0 ? null : own.reduce((total, one) => total + (of(one) ?? 0), 0);
  return [
    aim("bytes lost by any listener anywhere", sum(lost), 0),
    aim("listeners cut off anywhere that did not stall", sum(cutOff), 0),
  ];
}

/** KB of memory that a listener may take. */
const DOORS = { "Cycast, listen port": 8, "Cycast, source port": 4 } as const;

type Door = keyof typeof DOORS;

export function targetsOf(door: Door, all: readonly Figures[]): Target[] {
  const find = finder(door, all);
  return [
    ...againstOthers(find, all),
    ...growth(find, DOORS[door]),
    ...atOnce(find),
    ...stalled(find),
    ...eventLoop(find),
    ...anywhere(all.filter(({ peer }) => peer === door)),
  ];
}

function told({ what, value, atMost }: Target): string {
  if (value === null) return `  –  ${what}: not measured`;
  if (atMost === null) return `     ${what}: ${value.toFixed(2)}`;
  const mark = value <= atMost ? "  ok " : "  NO ";
  return `${mark}${what}: ${value.toFixed(2)} (at most ${atMost.toFixed(2)})`;
}

export function targetsTable(all: readonly Figures[]): string {
  const doors = Object.keys(DOORS) as Door[];
  return doors
    .map((door) => [`${door}:`, ...targetsOf(door, all).map(told), ""].join("\n"))
    .join("");
}

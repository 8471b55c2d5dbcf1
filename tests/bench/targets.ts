// What is aimed at, as ratios within one run, and whether it was reached.
import type { Figures, Scenario } from "./fan-out.ts";

interface Target {
  readonly what: string;
  readonly value: number | null;
  readonly atMost: number;
}

type Choice = (scenario: Scenario) => boolean;

const isSteady: Choice = ({ rampSeconds, stalled, asksStatus }) =>
  rampSeconds > 0 && stalled === 0 && !asksStatus;

function crowdOf(listeners: number, icy = false): Choice {
  return (scenario) =>
    isSteady(scenario) &&
    scenario.listeners === listeners &&
    scenario.icy === icy &&
    scenario.bitrate === 128;
}

const isCrowd: Choice = ({ rampSeconds }) => rampSeconds === 0;
const isHalfStalled: Choice = ({ stalled }) => stalled > 0;
const isWatched: Choice = ({ asksStatus }) => asksStatus;

/** The figure of one server in one scenario; null when it was not measured. */
type Find = (
  peer: string,
  choice: Choice,
  of: (figures: Figures) => number | null,
) => number | null;

function finder(all: readonly Figures[]): Find {
  return (peer, choice, of) => {
    const found = all.find((one) => one.peer.startsWith(peer) && choice(one.scenario));
    return found === undefined ? null : of(found);
  };
}

function ratio(value: number | null, to: number | null): number | null {
  return value === null || to === null ? null : value / to;
}

const cost = (figures: Figures) => figures.cpuSecondsPerGB;
const perListener = (figures: Figures) => figures.cpuPercentPer1000;
const memory = (figures: Figures) => figures.residentMB;

/** In one server, so that what it needs to run at all is not in it. */
function growth(door: string, find: Find): number | null {
  const [few, many] = [find(door, crowdOf(1000), memory), find(door, crowdOf(10_000), memory)];
  return few === null || many === null ? null : ((many - few) * 1000) / 9000;
}

function lostAnywhere(door: string, all: readonly Figures[]): number {
  const own = all.filter(({ peer }) => peer === door);
  return own.reduce((sum, { report }) => sum + report.lost_bytes, 0);
}

function targetsOf(door: string, all: readonly Figures[]): Target[] {
  const find = finder(all);
  const many = crowdOf(4000);
  const own = find(door, many, cost);
  const perKB = door === "Cycast, listen port" ? 8 : 4;
  const alone = find(door, crowdOf(1000), ({ report }) => report.latency_p99_ms);
  const whileHalfStall = find(door, isHalfStalled, ({ report }) => report.latency_p99_ms);
  return [
    aim("CPU per GB at 4,000, of Icecast's", ratio(own, find("Icecast 2", many, cost)), 1 / 5),
    aim(
      "CPU per GB at 4,000, of Icecast-KH's",
      ratio(own, find("Icecast-KH", many, cost)),
      1 / 2.5,
    ),
    aim("CPU per GB at 4,000, of the floor's", ratio(own, find("bare C", many, cost)), 1.2),
    aim(
      "latency p50 at 4,000, ms",
      find(door, many, ({ report }) => report.latency_p50_ms),
      600,
    ),
    aim(
      "CPU per listener at 10,000, of that at 1,000",
      ratio(find(door, crowdOf(10_000), perListener), find(door, crowdOf(1000), perListener)),
      1.1,
    ),
    aim(
      "CPU per GB with titles at 4,000, of that without",
      ratio(find(door, crowdOf(4000, true), cost), own),
      1.15,
    ),
    aim("RSS per listener between 1,000 and 10,000, KB", growth(door, find), perKB),
    aim(
      "latency p50 at 100, ms",
      find(door, crowdOf(100), ({ report }) => report.latency_p50_ms),
      50,
    ),
    aim(
      "5,000 at once: all had audio, ms",
      find(door, isCrowd, ({ report }) => report.all_audio_ms),
      3000,
    ),
    aim(
      "5,000 at once: refused",
      find(door, isCrowd, ({ report }) => report.refused + report.failed),
      0,
    ),
    aim(
      "half of 2,000 stalled: bytes lost",
      find(door, isHalfStalled, ({ report }) => report.lost_bytes),
      0,
    ),
    aim(
      "half of 2,000 stalled: latency p99, of that of 1,000 alone",
      ratio(whileHalfStall, alone),
      1.1,
    ),
    aim("bytes lost by any listener anywhere", lostAnywhere(door, all), 0),
    aim(
      "event loop late at 10,000, p99 ms",
      find(door, isWatched, ({ late }) => late?.p99 ?? null),
      5,
    ),
    aim(
      "event loop late at 10,000, max ms",
      find(door, isWatched, ({ late }) => late?.max ?? null),
      20,
    ),
    aim(
      "/api/status at 10,000, p99 ms",
      find(door, isWatched, ({ statusP99Ms }) => statusP99Ms),
      15,
    ),
  ];
}

function aim(what: string, value: number | null, atMost: number): Target {
  return { what, value, atMost };
}

function told({ what, value, atMost }: Target): string {
  if (value === null) return `  –  ${what}: not measured`;
  const mark = value <= atMost ? "  ok " : "  NO ";
  return `${mark}${what}: ${value.toFixed(2)} (at most ${atMost.toFixed(2)})`;
}

export function tellTargets(figures: readonly Figures[]): void {
  for (const door of ["Cycast, listen port", "Cycast, source port"]) {
    console.log(`${door}:`);
    for (const target of targetsOf(door, figures)) console.log(told(target));
  }
}

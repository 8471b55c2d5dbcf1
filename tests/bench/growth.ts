// Pure: what the measured figures say about growth, as curves.
import type { Figures } from "./fan-out.ts";
import type { MountFigures } from "./mounts.ts";
import type { Curve, Panel } from "./picture.ts";

type Axis = (figures: Figures) => number;

const listeners: Axis = ({ scenario }) => scenario.listeners;
const cost: Axis = ({ cpuSecondsPerGB }) => cpuSecondsPerGB;

function curves(figures: readonly Figures[], across: Axis, up: Axis): Curve[] {
  const byName = Map.groupBy(figures, ({ peer }) => peer);
  return Array.from(byName, ([name, own]) => ({
    name,
    points: own
      .map((one) => [across(one), up(one)] as const)
      .filter(([, y]) => Number.isFinite(y))
      .toSorted(([a], [b]) => a - b),
  }));
}

/** Crowds that came one after the other and all listen. */
function isSteady({ scenario, report }: Figures): boolean {
  const isPlain = scenario.rampSeconds > 0 && scenario.stalled === 0 && !scenario.asksStatus;
  return isPlain && report.heard === report.asked;
}

export function growthPanels(all: readonly Figures[], mounts: readonly MountFigures[]): Panel[] {
  const figures = all.filter(isSteady);
  const plain = figures.filter(({ scenario }) => !scenario.icy);
  const at = (bitrate: number) => plain.filter(({ scenario }) => scenario.bitrate === bitrate);
  const latency: Axis = ({ report }) => report.latency_p50_ms ?? Number.NaN;
  return [
    costPanel("CPU seconds per GB, 128 kbit/s", at(128)),
    costPanel("CPU seconds per GB, 320 kbit/s", at(320)),
    {
      title: "latency in ms, median, 128 kbit/s",
      across: "listeners",
      curves: curves(at(128), listeners, latency),
    },
    {
      title: "CPU in % of a core, 2000 listeners",
      across: "mounts",
      curves: [{ name: "Cycast, listen port", points: mounts.map(mountPoint) }],
    },
  ];
}

function costPanel(title: string, figures: readonly Figures[]): Panel {
  const drawn = curves(figures, listeners, cost);
  return { title, across: "listeners", isSteep: true, curves: drawn };
}

function mountPoint({ mounts, cpuPercent }: MountFigures): readonly [number, number] {
  return [mounts, cpuPercent];
}

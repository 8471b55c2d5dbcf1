// Pure: what the measured figures say about growth, as curves.
import type { Figures } from "./fan-out.ts";
import type { Curve, Panel } from "./picture.ts";
import type { Measured } from "./record.ts";
import { AIMED_BITRATE, isSteady } from "./scenarios.ts";

type Axis = (figures: Figures) => number;

const listeners: Axis = ({ scenario }) => scenario.listeners;
const bitrate: Axis = ({ scenario }) => scenario.bitrate;
const cost: Axis = ({ cpuSecondsPerGB }) => cpuSecondsPerGB;
const latency: Axis = ({ report }) => report.latency_p50_ms ?? Number.NaN;

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

/** Of a crowd, for its cost to be a point of a curve. */
const NEARLY_ALL = 0.95;

function isServed({ scenario, report }: Figures): boolean {
  return isSteady(scenario) && report.heard >= NEARLY_ALL * report.asked;
}

export function growthPanels({ figures: all, mounts }: Measured): Panel[] {
  const figures = all.filter(isServed);
  const plain = figures.filter(({ scenario }) => !scenario.icy);
  const at = (kbits: number) => plain.filter((one) => bitrate(one) === kbits);
  return [
    costPanel("CPU seconds per GB, 128 kbit/s", at(128)),
    costPanel("CPU seconds per GB, 320 kbit/s", at(320)),
    bitratePanel(plain),
    titlesPanel(figures.filter((one) => bitrate(one) === AIMED_BITRATE)),
    {
      title: "latency in ms, median, 128 kbit/s",
      across: "listeners",
      curves: curves(at(AIMED_BITRATE), listeners, latency),
    },
    {
      title: "CPU in % of a core, 2000 listeners",
      across: "mounts",
      curves: [
        {
          name: "Cycast, listen port",
          points: mounts.map(({ mounts: count, cpuPercent }) => [count, cpuPercent] as const),
        },
      ],
    },
  ];
}

function costPanel(title: string, figures: readonly Figures[]): Panel {
  const drawn = curves(figures, listeners, cost);
  return { title, across: "listeners", isSteep: true, curves: drawn };
}

/** Of the crowd that was measured at the most bitrates; of one that was at two at least. */
function bitratePanel(plain: readonly Figures[]): Panel {
  const bySize = [...Map.groupBy(plain, listeners)].map(([size, own]) => {
    return { size, own, bitrates: new Set(own.map(bitrate)).size };
  });
  const widest = bySize.toSorted((a, b) => b.bitrates - a.bitrates || b.size - a.size)[0];
  const { size, own } = widest !== undefined && widest.bitrates > 1 ? widest : { size: 0, own: [] };
  return {
    title: `CPU seconds per GB, ${size.toLocaleString("en")} listeners`,
    across: "kbit/s",
    isSteep: true,
    curves: curves(own, bitrate, cost),
  };
}

/** Each crowd with titles beside the same server's without. */
function titlesPanel(figures: readonly Figures[]): Panel {
  const key = (one: Figures) => `${one.peer} ${listeners(one)}`;
  const plain = new Map(
    figures.filter(({ scenario }) => !scenario.icy).map((one) => [key(one), cost(one)]),
  );
  const more: Axis = (one) => (cost(one) / (plain.get(key(one)) ?? Number.NaN) - 1) * 100;
  return {
    title: `titles: % more CPU per GB, ${AIMED_BITRATE} kbit/s`,
    across: "listeners",
    curves: curves(
      figures.filter(({ scenario }) => scenario.icy),
      listeners,
      more,
    ),
  };
}

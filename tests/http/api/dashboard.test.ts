// Grafana's dashboard asks for metrics and labels that a station has.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { renderText } from "../../../src/stats/metrics/exposition.ts";
import { icecastFamilies } from "../../../src/stats/metrics/icecast-families.ts";
import { mountFamilies } from "../../../src/stats/metrics/mount-families.ts";
import { stationFamilies } from "../../../src/stats/metrics/station-families.ts";
import { STATION, STREAM } from "../../facts/example.ts";
import { valuesOf } from "../../support/exposition.ts";
import { requireProgram } from "../../support/programs.ts";
import { scratch } from "../../support/station.ts";

const FILE = join(import.meta.dir, "../../../packaging/grafana/cycast.json");

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly gridPos: {
      readonly x: number;
      readonly y: number;
      readonly w: number;
      readonly h: number;
    };
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly query: unknown }[] };
}

const dashboard: Dashboard = await Bun.file(FILE).json();
const queries = [
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.map(({ query }) => JSON.stringify(query)),
];

const certificate = { endMs: 1e12, trouble: null };
const series = [
  ...valuesOf(
    renderText([
      ...stationFamilies({ ...STATION, certificate }, "1", { trouble: 0, warning: 0, note: 0 }),
      ...mountFamilies([STREAM]),
      ...icecastFamilies(STATION, "http://radio.example"),
    ]),
  ).keys(),
];
const names = new Set(series.map((one) => one.replace(/\{.*/, "")));

test("every metric that it names exists", () => {
  const asked = queries.flatMap((query) => query.match(/\b(?:cycast|process|icecast)_\w+/g) ?? []);
  expect(new Set(asked).size).toBeGreaterThan(15);
  expect([...new Set(asked)].filter((name) => !names.has(name))).toEqual([]);
});

test("every label that it groups by or selects is one of that metric", () => {
  /** Prometheus adds them to each sample. */
  const added = ["job", "instance"];
  for (const { expr } of dashboard.panels.flatMap(({ targets }) => targets)) {
    const [name = ""] = /\b(?:cycast|process)_\w+/.exec(expr) ?? [];
    const known = series.filter((one) => one.replace(/\{.*/, "") === name);
    const labels = known.flatMap((one) => one.match(/\w+(?==")/g) ?? []);
    const used = [...expr.matchAll(/(\w+)=~?"/g), ...expr.matchAll(/by \((\w+)\)/g)];
    for (const [, label = ""] of used)
      expect([expr, [...labels, ...added].includes(label)]).toEqual([expr, true]);
  }
});

test("no panel covers another", () => {
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
});

test("Prometheus itself accepts every query", async () => {
  const promtool = requireProgram("promtool");
  if (promtool === null) return;
  await using folder = await scratch();
  const rules = dashboard.panels
    .flatMap(({ targets }) => targets)
    .map(({ expr }, at) => ({ record: `panel:${at}`, expr }));
  const file = join(folder.path, "rules.json");
  // JSON is YAML too.
  await Bun.write(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
  const { exitCode, stderr } = Bun.spawnSync([promtool, "check", "rules", file]);
  expect([exitCode, stderr.toString()]).toEqual([0, ""]);
});

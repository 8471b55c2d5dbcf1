// Pure: writes metrics as Prometheus reads them, in its text format 0.0.4 and in OpenMetrics 1.0.
import type { HistogramFacts } from "../../lib/histogram.ts";

export type Labels = Readonly<Record<string, string>>;

export interface Sample<Value = number> {
  readonly labels: Labels;
  readonly value: Value;
}

/** One metric. `name` has neither `_total` nor `_info`: the formats add them where they want them. */
export type Family = { readonly name: string; readonly help: string } & (
  | {
      /** unknown: it counts, but its name is not a counter's, or it may go back. */
      readonly type: "gauge" | "counter" | "info" | "unknown";
      readonly samples: readonly Sample[];
    }
  | { readonly type: "histogram"; readonly samples: readonly Sample<HistogramFacts>[] }
);

export const TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
export const OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

const SUFFIX: Readonly<Partial<Record<Family["type"], string>>> = {
  counter: "_total",
  info: "_info",
};

/** The names of types that only OpenMetrics has, in the text format. */
const TEXT_NAMES: Readonly<Partial<Record<Family["type"], string>>> = {
  info: "gauge",
  unknown: "untyped",
};

const UNIT = /_(seconds|bytes)$/;

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}

/** OpenMetrics wants floats as bounds: "1.0". */
function bound(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : number(value);
}

function escaped(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${number(value)}\n`;
}

function histogramLines(name: string, { labels, value }: Sample<HistogramFacts>): string {
  const { bounds, counts, sum } = value;
  const buckets = counts.map((count, at) => {
    const le = at < bounds.length ? bound(bounds[at] ?? 0) : "+Inf";
    return line(`${name}_bucket`, { ...labels, le }, count);
  });
  const total = line(`${name}_count`, labels, counts.at(-1) ?? 0);
  return buckets.join("") + total + line(`${name}_sum`, labels, sum);
}

function sampleLines(family: Family): string {
  const { name, type } = family;
  if (type === "histogram")
    return family.samples.map((sample) => histogramLines(name, sample)).join("");
  const full = name + (SUFFIX[type] ?? "");
  return family.samples.map(({ labels, value }) => line(full, labels, value)).join("");
}

function described(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function textFamily(family: Family): string {
  const { name, type, help } = family;
  const head = described(name + (SUFFIX[type] ?? ""), TEXT_NAMES[type] ?? type, help);
  return head + sampleLines(family);
}

function openFamily(family: Family): string {
  const { name, type, help } = family;
  const [, unit] = UNIT.exec(name) ?? [];
  const unitLine = unit === undefined ? "" : `# UNIT ${name} ${unit}\n`;
  return described(name, type, help) + unitLine + sampleLines(family);
}

/** The text format 0.0.4. */
export function renderText(families: readonly Family[]): string {
  return families.map(textFamily).join("");
}

/** OpenMetrics 1.0. */
export function renderOpenMetrics(families: readonly Family[]): string {
  return `${families.map(openFamily).join("")}# EOF\n`;
}

// Pure: curves over a logarithmic axis as one SVG, readable on light and dark pages.
import { scaleLinear, scaleLog } from "d3-scale";
import { line } from "d3-shape";

export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  /** What the horizontal axis counts; the vertical one is in the title. */
  readonly across: string;
  /** The vertical axis too is logarithmic. */
  readonly isSteep?: boolean;
  readonly curves: readonly Curve[];
}

const [WIDTH, HEIGHT, COLUMNS] = [430, 300, 2];
const EDGE = { top: 44, right: 32, bottom: 44, left: 48 };
const LEGEND = 34;

/** Told apart by those who do not see red and green too, on white and on black. */
const COLOURS = ["#e4572e", "#2e86ab", "#8e8e93", "#17a398", "#b565a7", "#c98a1b"];

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #3c3c43; }
  .title { font-weight: 600; font-size: 13px; }
  .grid { stroke: #8e8e93; stroke-opacity: 0.25; }
  .curve { fill: none; stroke-width: 2.25; stroke-linejoin: round; }
  @media (prefers-color-scheme: dark) { text { fill: #d1d1d6; } }
`;

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

function text(x: number, y: number, words: string, more = ""): string {
  return `<text x="${x}" y="${y}" ${more}>${escape(words)}</text>`;
}

function scales({ curves, isSteep }: Panel) {
  const points = curves.flatMap((curve) => curve.points);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const across = [EDGE.left, WIDTH - EDGE.right];
  const x = scaleLog([Math.min(...xs), Math.max(...xs)], across);
  const up = [HEIGHT - EDGE.bottom, EDGE.top];
  const y = isSteep
    ? scaleLog([Math.min(...ys), Math.max(...ys)], up)
    : scaleLinear([Math.min(0, ...ys), Math.max(0, ...ys)], up).nice(5);
  const rows = isSteep
    ? y.ticks().filter((value) => /^[0.]*[125]0*$/.test(`${value}`))
    : y.ticks(5);
  return { x, y, rows, at: [...new Set(xs)].toSorted((a, b) => a - b) };
}

type Scales = ReturnType<typeof scales>;

function grid({ x, y, rows: values, at }: Scales, across: string): string {
  const [left, right] = [EDGE.left, WIDTH - EDGE.right];
  const rows = values.map((value) => {
    const rule = `<path class="grid" d="M${left} ${y(value)}H${right}"/>`;
    return rule + text(left - 8, y(value) + 4, String(value), 'text-anchor="end"');
  });
  const marks = at.map((value) =>
    text(x(value), HEIGHT - EDGE.bottom + 18, value.toLocaleString("en"), 'text-anchor="middle"'),
  );
  const name = text((left + right) / 2, HEIGHT - 8, across, 'text-anchor="middle"');
  return [...rows, ...marks, name].join("");
}

function drawPanel(panel: Panel, index: number, colourOf: Colours): string {
  const { title, across, curves } = panel;
  const scale = scales(panel);
  const path = line<readonly [number, number]>(
    ([x]) => scale.x(x),
    ([, y]) => scale.y(y),
  );
  const drawn = curves.map(({ name, points }) => {
    const colour = colourOf(name);
    const dots = points.map(([x, y]) => {
      return `<circle cx="${scale.x(x)}" cy="${scale.y(y)}" r="3" fill="${colour}"/>`;
    });
    return `<path class="curve" stroke="${colour}" d="${path([...points]) ?? ""}"/>${dots.join("")}`;
  });
  const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
  const place = `translate(${column * WIDTH} ${LEGEND + row * HEIGHT})`;
  const heading = text(EDGE.left, 24, title, 'class="title"');
  return `<g transform="${place}">${heading}${grid(scale, across)}${drawn.join("")}</g>`;
}

type Colours = (name: string) => string;

function legend(names: readonly string[], colourOf: Colours): string {
  let x = EDGE.left;
  const entries = names.map((name) => {
    const mark = `<rect x="${x}" y="12" width="14" height="4" rx="2" fill="${colourOf(name)}"/>`;
    const entry = mark + text(x + 20, 19, name);
    x += 36 + name.length * 6.6;
    return entry;
  });
  return entries.join("");
}

/** Panels without points are left out. */
export function picture(panels: readonly Panel[]): string {
  const shown = panels.filter(({ curves }) => curves.some(({ points }) => points.length > 0));
  const names = [...new Set(shown.flatMap(({ curves }) => curves.map(({ name }) => name)))];
  const colourOf: Colours = (name) => COLOURS[names.indexOf(name) % COLOURS.length] ?? "gray";
  const size = [COLUMNS * WIDTH, LEGEND + Math.ceil(shown.length / COLUMNS) * HEIGHT];
  const drawn = shown.map((panel, index) => drawPanel(panel, index, colourOf));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(" ")}" width="${size[0]}">`,
    `<style>${STYLE}</style>`,
    legend(names, colourOf),
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

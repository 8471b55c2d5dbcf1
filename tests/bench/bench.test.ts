// The bench itself: it measures every server it has, loses nothing, and draws. Its figures are no test's business.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { requireProgram } from "../support/programs.ts";
import { scratch } from "../support/station.ts";
import { checkWhole } from "./fan-out.ts";
import { picture } from "./picture.ts";
import { busySeconds, mostUnsent } from "./process.ts";
import { steady } from "./scenarios.ts";
import { markdownTable } from "./table.ts";

const servers = ["Cycast, listen port", "Cycast, source port"];
if (requireProgram("icecast2") !== null) servers.push("Icecast 2");

/** It has no titles. */
const FLOOR = "bare C, same sends";

const CROWDS = ["20 of 20", "100 of 100", "100 of 100", "100 of 100"];

const PANELS = [
  "CPU seconds per GB, 128 kbit/s",
  "CPU seconds per GB, 100 listeners",
  "titles: % more CPU per GB, 128 kbit/s",
  "latency in ms, median, 128 kbit/s",
];

const TABLES = ["libraries", "conversion", "songs of different loudness, evenly loud", "pacing"];

const hasFfmpeg = requireProgram("ffmpeg") !== null;

/** `onProgress` may end it, at each piece of what it says while it measures. */
async function runBench(
  words: readonly string[],
  onProgress: (progress: string, bench: Bun.Subprocess) => void = () => undefined,
) {
  const command = [process.execPath, join(import.meta.dir, "bench.ts"), ...words];
  const bench = Bun.spawn(command, { stdio: ["ignore", "pipe", "pipe"] });
  const told = new Response(bench.stdout).text();
  let progress = "";
  for await (const bytes of bench.stderr) {
    progress += Buffer.from(bytes).toString();
    onProgress(progress, bench);
  }
  return { told: await told, progress, code: await bench.exited };
}

function panelsOf(drawn: string): string[] {
  return Array.from(drawn.matchAll(/class="title">([^<]*)</g), ([, title = ""]) => title);
}

test("the short bench measures every server with every listener and a small library, draws the curves, and draws them again of what it kept", async () => {
  await using folder = await scratch();
  const file = (name: string) => join(folder.path, name);
  const kept = ["--json", file("kept.json"), "--picture", file("first.svg")];
  const { told, progress, code } = await runBench(["--quick", ...kept]);
  expect(code, progress).toBe(0);
  expect(progress).toMatch(/^This takes about 0\.\d minutes, /m);
  const drawn = await Bun.file(file("first.svg")).text();
  for (const server of [...servers, FLOOR]) {
    const rows = told.split("\n").filter((line) => line.startsWith(`| ${server} `));
    const heard = rows.flatMap((row) => /\d+ of \d+/.exec(row)?.[0] ?? []);
    expect(heard, server).toEqual(server === FLOOR ? CROWDS.slice(0, 3) : CROWDS);
    expect(drawn).toContain(`>${server}<`);
  }
  expect(panelsOf(drawn)).toEqual(PANELS);
  for (const title of PANELS) expect(told).toContain(`\n${title}\n| `);
  if (hasFfmpeg) for (const title of TABLES) expect(`\n${told}`).toContain(`\n${title}\n| `);
  const again = await runBench(["--from", file("kept.json"), "--picture", file("again.svg")]);
  expect(again.told.split("drawn: ")[0]).toBe(told.split("drawn: ")[0] ?? "");
  expect(await Bun.file(file("again.svg")).text()).toBe(drawn);
}, 180_000);

test("a bench that is cut tells what it has measured, and nothing of the crowd it was cut in", async () => {
  const words = ["--quick", "--servers", "Cycast, source"];
  let isCut = false;
  const { told, progress, code } = await runBench(words, (said, bench) => {
    if (isCut || !said.includes("CPU s/GB")) return;
    isCut = true;
    bench.kill("SIGINT");
  });
  expect(code, progress).toBe(130);
  expect(progress).toContain("100 listeners, 128 kbit/s: it was cut");
  expect(told.match(/\d+ of \d+/g)).toEqual(["20 of 20"]);
}, 30_000);

test("a table leaves out the columns that nobody has a figure for", () => {
  const rows = [
    ["a", null, 1],
    ["b", null, null],
  ];
  expect(markdownTable(["name", "empty", "one"], rows)).toBe(
    "| name | one |\n| ---  | --- |\n| a    | 1   |\n| b    | –   |",
  );
});

test("a picture has a line and a dot a point for each curve, and no panel without any", () => {
  const curve = { name: "a <b>", points: [[1, 2] as const, [10, 4] as const] };
  const panels = [
    { title: "full", across: "listeners", curves: [curve] },
    { title: "empty", across: "mounts", curves: [{ name: "c", points: [] }] },
  ];
  const drawn = picture(panels);
  expect(drawn.match(/class="curve"/g)?.length).toBe(1);
  expect(drawn.match(/<circle/g)?.length).toBe(2);
  expect(drawn).toContain("a &lt;b>");
  expect(drawn).not.toContain("empty");
});

test("a curve that goes below nought stays in its panel", () => {
  const curve = { name: "a", points: [[1, -4] as const, [10, 8] as const] };
  const drawn = picture([{ title: "more", across: "listeners", curves: [curve] }]);
  const heights = Array.from(drawn.matchAll(/cy="([-\d.]+)"/g), ([, y]) => Number(y));
  expect(heights.length).toBe(2);
  for (const y of heights) expect(y).toBeWithin(44, 257);
});

test("a window that was cut short, or in which nobody heard anything, is no figure", () => {
  const { seconds } = steady(100, false, 128);
  const whole = { window_seconds: seconds, wire_bytes: 1 };
  const check = (report: Partial<typeof whole>) => () =>
    checkWhole({ ...whole, ...report }, steady(100, false, 128));
  expect(check({})).not.toThrow();
  expect(check({ window_seconds: seconds * 0.9 })).toThrow("it was cut");
  expect(check({ wire_bytes: 0 })).toThrow("nobody heard anything");
});

test("of a port's connections the one that most bytes wait for is found, and none of another's", () => {
  const rows = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid",
    "   0: 0100007F:1F90 00000000:0000 0A 0FFFFFFF:00000000 00:00000000 00000000     0",
    "   1: 0100007F:1F90 0200007F:D2AA 01 00000010:00000000 01:00000014 00000000     0",
    "   2: 0100007F:1F90 0200007F:D2AC 01 0001C908:00000000 01:00000014 00000000     0",
    "   3: 0100007F:01F9 0200007F:D2AE 01 0FFFFFFF:00000000 01:00000014 00000000     0",
    "   4: 0200007F:D2AC 0100007F:1F90 01 0FFFFFFF:00000000 00:00000000 00000000     0",
  ];
  expect(mostUnsent(rows.join("\n"), 8080)).toBe(117_000);
  expect(mostUnsent(rows.join("\n"), 0x1f9)).toBe(0xfffffff);
  expect(mostUnsent(rows.join("\n"), 81)).toBe(0);
});

test("a thread that ends costs nothing, and one that begins all that it ran", () => {
  const before = new Map([
    ["1", 5e9],
    ["2", 90e9],
  ]);
  const after = new Map([
    ["1", 7e9],
    ["3", 0.5e9],
  ]);
  expect(busySeconds(before, after)).toBe(2.5);
});

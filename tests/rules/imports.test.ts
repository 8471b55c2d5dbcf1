// Imports point down only, and each thing that only one part may know is known there alone.
import { describe, expect, test } from "bun:test";
import packageJson from "../../package.json" with { type: "json" };
import {
  bare,
  importsOf,
  packageOf,
  type SourceFile,
  sourceFiles,
  targetOf,
} from "./source-files.ts";

/** From the ground up: parts of one layer do not know each other. */
type Layers = readonly (readonly string[])[];

const LAYERS: Layers = [
  ["lib"],
  ["config", "format", "native", "disk", "wire", "dial", "database", "journal"],
  ["audio", "history"],
  ["library"],
  ["mount", "access", "convert", "tls", "directory", "branding"],
  ["hls", "cluster", "input", "output", "recording"],
  ["edges"],
  ["assembly", "door"],
  ["facts"],
  ["stats", "doctor"],
  ["hooks"],
  ["alerts"],
  ["station"],
  ["banner.ts", "http", "rejections.ts"],
  ["run.ts", "signals.ts"],
  ["main.ts"],
];

/** The files of a folder that its layers do not name, which may know each other. */
const OTHERS = "*";

/** The same inside of a folder that has folders. */
const INSIDE: Readonly<Record<string, Layers>> = {
  access: [["crypt"], [OTHERS]],
  config: [["hcl"], [OTHERS], ["icecast"]],
  format: [
    ["frame.ts"],
    ["parts"],
    ["frame-slice.ts", "tags"],
    ["sync", "ogg", "webm"],
    ["mpeg", "aac", "fmp4"],
    [OTHERS],
  ],
  input: [["schedule.ts"], ["silence.ts", "live", "playlist"], ["clip", "relay"]],
  output: [
    ["sinks", "at-once.ts"],
    ["audience", "push"],
    ["sessions", OTHERS],
  ],
  stats: [[OTHERS], ["metrics"]],
  http: [
    [OTHERS],
    ["hls", "stream"],
    ["api", "desk", "icecast", "page"],
    ["every-answer.ts", "health.ts", "public-files.ts", "swagger.ts"],
    ["server.ts"],
  ],
};

/** A folder, or a file that stands in no folder. */
function partOf(path: string, layers = LAYERS): string {
  const name = path.split("/")[0] ?? path;
  return name === path && !layers.flat().includes(name) ? OTHERS : name;
}

function layerOf(path: string, layers = LAYERS): number {
  return layers.findIndex((parts) => parts.includes(partOf(path, layers)));
}

/** What is in a folder, as seen from there. */
function within(path: string): string {
  return path.slice(path.indexOf("/") + 1);
}

function pointsDown(from: string, to: string, layers = LAYERS): boolean {
  const part = partOf(from, layers);
  const below = layerOf(to, layers);
  if (partOf(to, layers) !== part) return below >= 0 && below < layerOf(from, layers);
  const inside = layers === LAYERS ? INSIDE[part] : undefined;
  return inside === undefined || pointsDown(within(from), within(to), inside);
}

/** The imports of a file that do not point down, each as "from -> to". */
function upward(file: SourceFile): string[] {
  return importsOf(file)
    .filter((name) => packageOf(name) === null)
    .map((name) => targetOf(file, name))
    .filter((to) => to !== "../package.json" && !pointsDown(file.path, to))
    .map((to) => `${file.path} -> ${to}`);
}

/** A file that has no layer, or no layer in its folder. */
function unplaced({ path }: SourceFile): string[] {
  const inside = INSIDE[partOf(path)];
  const isPlaced =
    inside === undefined ? path.split("/").length <= 2 : layerOf(within(path), inside) >= 0;
  return isPlaced && layerOf(path) >= 0 ? [] : [path];
}

/** Who may import a package; those not named here are free to all. */
const KNOWN_TO: readonly [names: RegExp, files: RegExp][] = [
  [/^bun:ffi$/, /^native\//],
  [/^bun:sqlite$/, /^(database|history|library)\//],
  [/^(elysia|@elysiajs\/.*|swagger-ui-dist)$/, /^http\//],
  [/^@nats-io\//, /^cluster\/nats-(?:broker|terms)\.ts$/],
  [/^hcl2-parser$/, /^config\/hcl\/child\.ts$/],
  [/^@rgrove\/parse-xml$/, /^config\/icecast\/xml-tree\.ts$/],
  [/^node:http$/, /^http\/serve\.ts$/],
  [/^(node:net|node:https|node:dgram)$/, /^$/],
];

function outOfPlace(file: SourceFile): string[] {
  const names = importsOf(file).flatMap((name) => packageOf(name) ?? []);
  return names
    .filter((name) => KNOWN_TO.some(([known, by]) => known.test(name) && !by.test(file.path)))
    .map((name) => `${file.path} -> ${name}`);
}

/** What only the named files may say. */
const SAID_IN: readonly [words: RegExp, files: RegExp][] = [
  [/\bBun\.(listen|connect|udpSocket)\b/, /^(?:door\/|dial\/|output\/push\/push-link\.ts$)/],
  [/\bBun\.serve\b/, /^http\//],
  [/\b(performance\.now|Date\.now|Bun\.nanoseconds|process\.hrtime)\b/, /^lib\/clock\.ts$/],
  [/\bnew Date\(\)/, /^lib\/log\.ts$/],
];

function saidOutOfPlace(file: SourceFile): string[] {
  const code = bare(file.text);
  return SAID_IN.filter(([words, files]) => words.test(code) && !files.test(file.path)).map(
    ([words]) => `${file.path}: ${words.source}`,
  );
}

const ours = new Set(Object.keys(packageJson.dependencies));

/** Imports of what neither comes with Bun nor stands in package.json, and of ours without their ending. */
function unknown(file: SourceFile): string[] {
  return importsOf(file).filter((name) => {
    const from = packageOf(name);
    if (from === null) return !/\.(ts|json)$/.test(name);
    return from !== "bun" && !/^(node|bun):/.test(from) && !ours.has(from);
  });
}

/** Packages that stand in package.json and that no file imports. */
function unused(files: readonly SourceFile[]): string[] {
  const used = new Set(files.flatMap(importsOf).map(packageOf));
  return [...ours].filter((name) => !used.has(name));
}

const files = await sourceFiles();

/** The rule over the whole of src; nothing is wrong. */
function everywhere(rule: (file: SourceFile) => string[]): string[] {
  return files.flatMap(rule);
}

describe("src", () => {
  test("has no part without a layer", () => {
    expect(files.map(({ path }) => path)).toContain("main.ts");
    expect(everywhere(unplaced)).toEqual([]);
  });

  test("has no layer without a part", () => {
    const inside = Object.entries(INSIDE).flatMap(([folder, layers]) =>
      layers.flat().map((part) => (part === OTHERS ? folder : `${folder}/${part}`)),
    );
    const isThere = (part: string) =>
      files.some(({ path }) => path === part || path.startsWith(`${part}/`));
    expect([...LAYERS.flat(), ...inside].filter((part) => !isThere(part))).toEqual([]);
  });

  test("imports point down only", () => {
    expect(everywhere(upward)).toEqual([]);
  });

  test("bun:ffi is known to native, elysia to http, hcl2-parser to its child process", () => {
    expect(everywhere(outOfPlace)).toEqual([]);
  });

  test("sockets are opened in door, dial and http, and time is read in the clock", () => {
    expect(everywhere(saidOutOfPlace)).toEqual([]);
  });

  test("what talks to NATS is loaded by those in a cluster only, and by nothing at the start", () => {
    const always = files.filter(({ text }) => /from "[^"]*\/nats-broker\.ts"/.test(text));
    expect(always).toEqual([]);
    const later = files.filter(({ text }) => text.includes('import("./nats-broker.ts")'));
    expect(later.map(({ path }) => path)).toEqual(["cluster/cluster-member.ts"]);
  });

  test("what is imported is there: ours by the name of its file, others by package.json", () => {
    expect(everywhere(unknown)).toEqual([]);
  });

  test("what package.json names is imported, Elysia and its plugins for files and Swagger among it", () => {
    expect(unused(files)).toEqual([]);
    expect([...ours]).toEqual(
      expect.arrayContaining(["elysia", "@elysiajs/static", "@elysiajs/swagger"]),
    );
  });
});

describe("each rule sees what it forbids, and nothing else", () => {
  function file(path: string, text: string): SourceFile {
    return { path, text };
  }

  test.each([
    ["mount/mount.ts", 'import { Pump } from "../output/pump.ts";'],
    ["mount/mount.ts", 'import type { Pump } from "../output/pump.ts";'],
    ["mount/mount.ts", 'import {\n  Pump,\n  type Other,\n} from "../output/pump.ts";'],
    ["mount/mount.ts", 'export * from "../output/pump.ts";'],
    ["mount/mount.ts", 'import "../output/pump.ts";'],
    ["mount/mount.ts", 'const { Pump } = await import("../output/pump.ts");'],
    ["output/pump.ts", 'import { Ingest } from "../door/ingest.ts";'],
    ["native/ring.ts", 'import { FRAME_WORDS } from "../format/frame.ts";'],
    ["http/api/api.ts", 'import { banner } from "../../banner.ts";'],
    ["config/hcl/scan.ts", 'import { schema } from "../schema.ts";'],
    ["format/frame.ts", 'import { Intake } from "./parts/intake.ts";'],
    ["format/ogg/ogg.ts", 'import { Detector } from "../detect.ts";'],
    ["format/webm/webm.ts", 'import { parseOggPage } from "../ogg/ogg-page.ts";'],
    ["output/audience/audience.ts", 'import { Pump } from "../pump.ts";'],
    ["output/sinks/raw-sink.ts", 'import { Audience } from "../audience/audience.ts";'],
    ["input/schedule.ts", 'import { Silence } from "./silence.ts";'],
    ["input/playlist/feeder.ts", 'import { LiveSource } from "../live/live.ts";'],
    ["http/reply.ts", 'import { mountRoute } from "./stream/stream-route.ts";'],
    ["http/stream/stream-route.ts", 'import { api } from "../api/api.ts";'],
    ["http/desk/auth.ts", 'import { adminRoutes } from "../icecast/admin.ts";'],
    ["http/desk/desk.ts", 'import { everyAnswer } from "../every-answer.ts";'],
    ["http/swagger.ts", 'import { publicFiles } from "./public-files.ts";'],
    ["http/public-files.ts", 'import { listen } from "./server.ts";'],
    ["station.ts", 'import { Run } from "./run.ts";'],
    ["lib/log.ts", 'import { x } from "../unheard-of/x.ts";'],
    ["lib/log.ts", 'import { x } from "../../tests/x.ts";'],
  ])("%s: %j points upward", (path, text) => {
    expect(upward(file(path, text)).length).toBeGreaterThan(0);
  });

  test.each([
    ["mount/mount.ts", 'import { Ring } from "../native/ring.ts";'],
    ["mount/mount.ts", 'import { Programme } from "./programme.ts";'],
    ["config/schema.ts", 'import { key } from "./key.ts";'],
    ["config/problem.ts", 'import type { Finding } from "./hcl/finding.ts";'],
    ["input/playlist/feeder.ts", 'import { Schedule } from "../schedule.ts";'],
    ["http/mount-choice.ts", 'import { field } from "./form.ts";'],
    ["http/desk/desk-feed.ts", 'import { streamOperation } from "../stream/stream-docs.ts";'],
    ["http/desk/desk-feed.ts", 'import { renderOverview } from "./desk-render.ts";'],
    ["http/every-answer.ts", 'import { answerStream } from "./stream/stream-route.ts";'],
    ["station.ts", 'import packageJson from "../package.json" with { type: "json" };'],
    ["main.ts", 'const { Run } = await import("./run.ts");'],
    ["mount/mount.ts", '// import { Pump } from "../output/pump.ts";'],
  ])("%s: %j does not", (path, text) => {
    expect(upward(file(path, text))).toEqual([]);
  });

  test.each(["output-of/a.ts", "lib/of/log.ts", "input/tape/feeder.ts", "http/x/api.ts"])(
    "%s has no place",
    (path) => {
      expect(unplaced(file(path, "")).length).toBe(1);
    },
  );

  test("a string is no import", () => {
    expect(
      importsOf(file("a.ts", 'Buffer.from("OpusTags"); const text = "from nowhere";')),
    ).toEqual([]);
  });

  test.each([
    ["mount/mount.ts", 'import { dlopen } from "bun:ffi";'],
    ["output/audience/audience.ts", 'import { Elysia } from "elysia";'],
    ["station.ts", 'import { swagger } from "@elysiajs/swagger";'],
    ["config/hcl/scan.ts", 'import parser from "hcl2-parser/dist/index.js" with { type: "file" };'],
    ["door/ingest.ts", 'import { createServer } from "node:net";'],
    ["http/server.ts", 'import { createServer } from "node:http";'],
  ])("%s: %s is out of place", (path, text) => {
    expect(outOfPlace(file(path, text)).length).toBe(1);
  });

  test.each([
    ["http/server.ts", "Bun.listen({});"],
    ["output/pump.ts", "const now = performance.now();"],
    ["lib/log.ts", "const now = Date.now();"],
    ["input/playlist/feeder.ts", "const today = new Date();"],
    ["station.ts", "Bun.serve({});"],
  ])("%s: %s is said out of place", (path, text) => {
    expect(saidOutOfPlace(file(path, text)).length).toBe(1);
    expect(saidOutOfPlace(file(path, `// ${text}`))).toEqual([]);
  });

  test.each(['import x from "left-pad";', 'import { x } from "./x";', 'import("../mount")'])(
    "%s names nothing known",
    (text) => {
      expect(unknown(file("mount/mount.ts", text)).length).toBe(1);
    },
  );
});

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

/** From the ground up; parts of one layer do not know each other. */
const LAYERS = [
  ["lib"],
  ["config", "format", "native"],
  ["stats"],
  ["mount"],
  ["source", "listener", "output"],
  ["mount-facts.ts", "guests"],
  ["station.ts"],
  ["banner.ts", "http"],
  ["run.ts"],
  ["main.ts"],
];

/** A folder, or a file that stands in no folder. */
function partOf(path: string): string {
  return path.split("/")[0] ?? path;
}

function layerOf(path: string): number {
  return LAYERS.findIndex((parts) => parts.includes(partOf(path)));
}

/** The imports of a file that do not point down, each as "from -> to". */
function upward(file: SourceFile): string[] {
  const isFine = (to: string): boolean =>
    partOf(to) === partOf(file.path) || (layerOf(to) >= 0 && layerOf(to) < layerOf(file.path));
  return importsOf(file)
    .filter((name) => packageOf(name) === null)
    .map((name) => targetOf(file, name))
    .filter((to) => to !== "../package.json" && !isFine(to))
    .map((to) => `${file.path} -> ${to}`);
}

/** Who may import a package; those not named here are free to all. */
const KNOWN_TO: readonly [names: RegExp, files: RegExp][] = [
  [/^bun:ffi$/, /^native\//],
  [/^(elysia|@elysiajs\/.*|swagger-ui-dist)$/, /^http\//],
  [/^hcl2-parser$/, /^config\/hcl-child\.ts$/],
  [/^(node:net|node:http|node:https|node:dgram)$/, /^$/],
];

function outOfPlace(file: SourceFile): string[] {
  const names = importsOf(file).flatMap((name) => packageOf(name) ?? []);
  return names
    .filter((name) => KNOWN_TO.some(([known, by]) => known.test(name) && !by.test(file.path)))
    .map((name) => `${file.path} -> ${name}`);
}

/** What only the named files may say. */
const SAID_IN: readonly [words: RegExp, files: RegExp][] = [
  [/\bBun\.(listen|connect|udpSocket)\b/, /^source\//],
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

const files = await sourceFiles();
const parts = new Set(files.map(({ path }) => partOf(path)));

/** The rule over the whole of src; nothing is wrong. */
function everywhere(rule: (file: SourceFile) => string[]): string[] {
  return files.flatMap(rule);
}

describe("src", () => {
  test("has no part without a layer", () => {
    expect([...parts]).toContain("main.ts");
    expect([...parts].filter((part) => layerOf(part) < 0)).toEqual([]);
  });

  test("imports point down only", () => {
    expect(everywhere(upward)).toEqual([]);
  });

  test("bun:ffi is known to native, elysia to http, hcl2-parser to its child process", () => {
    expect(everywhere(outOfPlace)).toEqual([]);
  });

  test("sockets are opened in source and http, and time is read in the clock", () => {
    expect(everywhere(saidOutOfPlace)).toEqual([]);
  });

  test("what is imported is there: ours by the name of its file, others by package.json", () => {
    expect(everywhere(unknown)).toEqual([]);
  });
});

describe("each rule sees what it forbids, and nothing else", () => {
  function file(path: string, text: string): SourceFile {
    return { path, text };
  }

  test.each([
    ["mount/mount.ts", 'import { Pump } from "../listener/pump.ts";'],
    ["mount/mount.ts", 'import type { Pump } from "../listener/pump.ts";'],
    ["mount/mount.ts", 'import {\n  Pump,\n  type Other,\n} from "../listener/pump.ts";'],
    ["mount/mount.ts", 'export * from "../listener/pump.ts";'],
    ["mount/mount.ts", 'import "../listener/pump.ts";'],
    ["mount/mount.ts", 'const { Pump } = await import("../listener/pump.ts");'],
    ["listener/pump.ts", 'import { Ingest } from "../source/ingest.ts";'],
    ["native/ring.ts", 'import { FRAME_WORDS } from "../format/frame.ts";'],
    ["http/api.ts", 'import { banner } from "../banner.ts";'],
    ["station.ts", 'import { Run } from "./run.ts";'],
    ["lib/log.ts", 'import { x } from "../unheard-of/x.ts";'],
    ["lib/log.ts", 'import { x } from "../../tests/x.ts";'],
  ])("%s: %j points upward", (path, text) => {
    expect(upward(file(path, text)).length).toBeGreaterThan(0);
  });

  test.each([
    ["mount/mount.ts", 'import { Ring } from "../native/ring.ts";'],
    ["mount/mount.ts", 'import { chooseInput } from "./stack.ts";'],
    ["station.ts", 'import packageJson from "../package.json" with { type: "json" };'],
    ["main.ts", 'const { Run } = await import("./run.ts");'],
    ["mount/mount.ts", '// import { Pump } from "../listener/pump.ts";'],
  ])("%s: %j does not", (path, text) => {
    expect(upward(file(path, text))).toEqual([]);
  });

  test("a string is no import", () => {
    expect(
      importsOf(file("a.ts", 'Buffer.from("OpusTags"); const text = "from nowhere";')),
    ).toEqual([]);
  });

  test.each([
    ["mount/mount.ts", 'import { dlopen } from "bun:ffi";'],
    ["listener/audience.ts", 'import { Elysia } from "elysia";'],
    ["station.ts", 'import { swagger } from "@elysiajs/swagger";'],
    ["config/hcl.ts", 'import parser from "hcl2-parser/dist/index.js" with { type: "file" };'],
    ["source/ingest.ts", 'import { createServer } from "node:net";'],
  ])("%s: %s is out of place", (path, text) => {
    expect(outOfPlace(file(path, text)).length).toBe(1);
  });

  test.each([
    ["http/server.ts", "Bun.listen({});"],
    ["listener/pump.ts", "const now = performance.now();"],
    ["lib/log.ts", "const now = Date.now();"],
    ["source/feeder.ts", "const today = new Date();"],
    ["station.ts", "Bun.serve({});"],
  ])("%s: %s is said out of place", (path, text) => {
    expect(saidOutOfPlace(file(path, text)).length).toBe(1);
    expect(saidOutOfPlace(file(path, `// ${text}`))).toEqual([]);
  });

  test.each(['import x from "left-pad";', 'import { x } from "./x";', 'import("../mount/")'])(
    "%s names nothing known",
    (text) => {
      expect(unknown(file("mount/mount.ts", text)).length).toBe(1);
    },
  );
});

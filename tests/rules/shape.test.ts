// The shape of src and public: functions stay short, files do not import each other in a circle, and a file's name says which it is.
import { describe, expect, test } from "bun:test";
import { posix } from "node:path";
import {
  codeLines,
  importsOf,
  pageScripts,
  type SourceFile,
  sourceFiles,
  targetOf,
} from "./source-files.ts";

interface FunctionSize {
  /** The file and the number of the first line. */
  readonly place: string;
  readonly lines: number;
}

/** Lines of a function that 95 of 100 do not exceed. */
const P95_LINES = 20;

const MAX_LINES = 50;

/** Longer only because they are one chain of routes each, whose handlers are measured by themselves. */
const CHAINS_OF_ROUTES = [
  "http/desk/audience-routes.ts",
  "http/desk/commands.ts",
  "http/desk/desk-api.ts",
  "http/desk/export-routes.ts",
  "http/desk/library-routes.ts",
  "http/desk/recording-routes.ts",
  "http/desk/sign-in.ts",
];

/** Words that look like a method's name in front of a parenthesis. */
const NO_FUNCTION = /^\s*(?:if|for|while|switch|catch|do|else|return|await|throw|new|super)\b/;

const MODIFIERS = "(?:(?:export|private|protected|public|static|async|get|set|function) )*";
const HEAD = new RegExp(`^\\s*${MODIFIERS}\\*?[#\\w]+(?:<.*>)?\\(`);
const ARROW = /=> \{$/;

function indentOf(line: string): number {
  return line.search(/\S/);
}

/** The line on which the parentheses that open on line `from` are closed. */
function closingLine(lines: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < lines.length; at++) {
    for (const char of lines[at] ?? "") depth += Number(char === "(") - Number(char === ")");
    if (depth <= 0) return at;
  }
  return lines.length;
}

/** The line that opens the body of the function that begins on line `at`; null when none begins there. */
function bodyLine(lines: readonly string[], at: number): number | null {
  const line = lines[at] ?? "";
  if (ARROW.test(line)) return at;
  if (!HEAD.test(line) || NO_FUNCTION.test(line)) return null;
  const close = closingLine(lines, at);
  const isOpened = /\)(?:: .*)? \{$/.test(lines[close] ?? "");
  return isOpened ? close : null;
}

/** Lines from the head to the closing brace, both counted. The code is formatted: a body ends where a brace stands as
 * far to the left as its head. */
function functionSizes({ path, text }: SourceFile): FunctionSize[] {
  const lines = codeLines(text);
  return lines.flatMap((line, at) => {
    const body = bodyLine(lines, at);
    if (body === null) return [];
    const isEnd = (other: string, index: number) =>
      index > body && other.trimStart().startsWith("}") && indentOf(other) === indentOf(line);
    return [{ place: `${path}:${at + 1}`, lines: lines.findIndex(isEnd) - at + 1 }];
  });
}

/** The files that `path` imports, directly or through others. */
function reached(path: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const pending = [...(imports.get(path) ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    pending.push(...(imports.get(next) ?? []));
  }
  return found;
}

/** Files that import themselves through others. */
function circular(files: readonly SourceFile[]): string[] {
  const targets = (file: SourceFile) => importsOf(file).map((name) => targetOf(file, name));
  const imports = new Map(files.map((file) => [file.path, targets(file)]));
  return files.map(({ path }) => path).filter((path) => reached(path, imports).has(path));
}

/** Names that more than one file has, each with its files. */
function doubled(files: readonly SourceFile[]): [name: string, paths: string[]][] {
  const byName = Map.groupBy(files, ({ path }) => posix.basename(path));
  return [...byName]
    .filter(([, same]) => same.length > 1)
    .map(([name, same]) => [name, same.map(({ path }) => path)]);
}

const NONE: readonly string[] = [];

/** Rooms that a request passes, where one name for two types would mislead; the other rooms follow. The desk's JSON is left
 * out: pages use its types by the name of the file. */
const ON_THE_WAY =
  /^(?:access|door|wire|output|mount|http)\/(?!desk\/(?:desk|library)-schema\.ts$)/;

const EXPORTED_TYPE = /^export (?:abstract )?(?:class|interface|type) (\w+)/gm;

/** Exported types that more than one file has, each with its files. */
function doubledTypes(files: readonly SourceFile[]): [name: string, paths: string[]][] {
  const all = files.flatMap(({ path, text }) =>
    Array.from(text.matchAll(EXPORTED_TYPE), ([, name = ""]) => ({ name, path })),
  );
  return [...Map.groupBy(all, ({ name }) => name)]
    .filter(([, same]) => same.length > 1)
    .map(([name, same]) => [name, same.map(({ path }) => path)]);
}

const [src, scripts] = await Promise.all([sourceFiles(), pageScripts()]);

describe.each([
  { folder: "src", files: src, functions: 1000, chains: CHAINS_OF_ROUTES },
  { folder: "public", files: scripts, functions: 100, chains: NONE },
])("$folder", ({ files, functions, chains }) => {
  const sizes = files.flatMap(functionSizes).toSorted((a, b) => a.lines - b.lines);

  test(`has functions of at most ${P95_LINES} lines, 95 of 100`, () => {
    expect(sizes.length).toBeGreaterThan(functions);
    const p95 = sizes[Math.floor(sizes.length * 0.95)];
    expect(p95?.lines).toBeLessThanOrEqual(P95_LINES);
  });

  test(`has no function of more than ${MAX_LINES} lines`, () => {
    const long = sizes.filter(({ lines }) => lines > MAX_LINES);
    const files = [...new Set(long.map(({ place }) => place.replace(/:\d+$/, "")))];
    expect(files.toSorted()).toEqual([...chains]);
  });

  test("has no files that import each other in a circle", () => {
    expect(circular(files)).toEqual([]);
  });

  test("has no two files of one name", () => {
    expect(doubled(files)).toEqual([]);
  });

  test("has no two exported types of one name", () => {
    expect(doubledTypes(files.filter(({ path }) => ON_THE_WAY.test(path)))).toEqual([]);
  });
});

describe("each measure sees what it measures, and nothing else", () => {
  function file(path: string, text: string): SourceFile {
    return { path, text };
  }

  test.each([
    ["function a(): void {\n  b();\n}\n", [3]],
    ["export async function a(\n  b: string,\n): Promise<void> {\n  c();\n}\n", [5]],
    ["class A {\n  constructor(private readonly b: B) {\n    c();\n  }\n}\n", [3]],
    ["class A {\n  get #b(): number {\n    return 1;\n  }\n}\n", [3]],
    ["class A {\n  static *b<T>(c: T): Iterator<T> {\n    yield c;\n  }\n}\n", [3]],
    ["const a = (b: B) => {\n  c();\n};\n", [3]],
    ["d(() => {\n  a(async () => {\n    c();\n  });\n});\n", [5, 3]],
    ["function a({\n  b,\n}: B): void {\n  c();\n}\n", [5]],
    ["function a(): void {\n  const b = `\n}\n`;\n}\n", [5]],
  ])("%j has functions of %j lines", (text, lines) => {
    expect(functionSizes(file("a.ts", text)).map((size) => size.lines)).toEqual(lines);
  });

  test.each([
    "if (a) {\n  b();\n}\n",
    "  for (const a of b) {\n    c();\n  }\n",
    "interface A {\n  b(c: string): void;\n}\n",
    "a({\n  b: 1,\n});\n",
    "a(\n  b,\n);\n",
    "const a = (b: B) => c(b);\n",
    "// function a() {\n",
  ])("%j has none", (text) => {
    expect(functionSizes(file("a.ts", text))).toEqual([]);
  });

  test("a circle of three, and what only leads into it", () => {
    const links = { a: "b", b: "c", c: "a", d: "a", e: "none" };
    const all = Object.entries(links).map(([from, to]) =>
      file(`${from}.ts`, `import type { X } from "./${to}.ts";`),
    );
    expect(circular(all)).toEqual(["a.ts", "b.ts", "c.ts"]);
  });

  test("one name in two rooms", () => {
    const all = ["a/x.ts", "b/x.ts", "b/y.ts"].map((path) => file(path, ""));
    expect(doubled(all)).toEqual([["x.ts", ["a/x.ts", "b/x.ts"]]]);
  });

  test("one type in two files, of whatever kind", () => {
    const all = [
      file("a.ts", "export class A {}\nexport type B = 1;\ninterface C {}\n"),
      file("b.ts", "export interface A {}\nexport abstract class C {}\nconst b: B = 1;\n"),
    ];
    expect(doubledTypes(all)).toEqual([["A", ["a.ts", "b.ts"]]]);
  });
});

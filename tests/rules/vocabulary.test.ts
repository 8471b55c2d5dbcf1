// What no file of src and public may say, and how each begins.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { bare, pageScripts, type SourceFile, sourceFiles } from "./source-files.ts";

interface Rule {
  readonly forbids: string;
  /** Tells the places of a file that break the rule. */
  readonly find: (file: SourceFile) => string[];
  /** Texts that break it, each in its own way. */
  readonly guilty: readonly string[];
  /** Texts that look like it and do not. */
  readonly innocent: readonly string[];
}

const ROOT = join(import.meta.dir, "..", "..");

/** A rule about the code alone: comments and strings may say what they like. */
function inCode(pattern: RegExp): Rule["find"] {
  return ({ text }) => bare(text).match(pattern) ?? [];
}

/** A sentence may go on over a second line. */
const BEGINNING = /^(?:\/\/ \S.*\n)?\/\/ \S.*[.]\n/;

const RULES: readonly Rule[] = [
  {
    forbids: "the type any",
    find: inCode(/(?:\bas|:|<|,|\||&|=>|=)\s*any\b(?!\()|\bany\s*\[\]/g),
    guilty: ["x as any;", "let x: any;", "f<any>()", "Map<string, any>", "any[]", "string | any"],
    innocent: ["// as any", "Promise.any(all)", '"takes: any"', "const anyone = company;"],
  },
  {
    forbids: "the type any in JSDoc",
    find: ({ text }) => text.match(/@\w+ \{[^}\n]*\bany\b/g) ?? [],
    guilty: ["/** @type {any} */", "// @param {Map<string, any>} x", "/** @type {{ x: any }} */"],
    innocent: ["/** @param {string} text any text */", "/** In {@link any} file. */"],
  },
  {
    forbids: "to switch the type checker off",
    find: ({ text }) => text.match(/@ts-(?:ignore|expect-error|nocheck)/g) ?? [],
    guilty: ["// @ts-ignore", "/* @ts-nocheck */", "  // @ts-expect-error why"],
    innocent: ["// an error the types expect"],
  },
  {
    forbids: "an error that is caught and dropped",
    find: inCode(
      /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}|\.catch\(\s*\(\s*\w*\s*\)\s*=>\s*\{\s*\}\s*\)/g,
    ),
    guilty: [
      "try { x(); } catch {}",
      "try { x(); } catch (error) {\n}",
      "try { x(); } catch { // nobody cares\n }",
      "x().catch(() => {});",
    ],
    innocent: ["try { x(); } catch { return null; }", "x().catch(() => this.#over());"],
  },
  {
    forbids: "an assertion that something is not null",
    find: inCode(/[\w)\]]!(?=[.;,)\][?:]|\s*$)/gm),
    guilty: ["x!.y", "f(x)!;", "a[0]![1]", "f(x!)", "[x!, y]", "x!\n"],
    innocent: ["a !== b", "a != b", "!x.y", "f(!x)", '"Ready!"', "// done!", "if (!(x)) y();"],
  },
  {
    forbids: "a constant number or text whose name is not in UPPER_CASE",
    find: inCode(/^(?:export )?const [a-z]\w*(?:: \w+)? = (?:-?\d|"|`)/gm),
    guilty: ["const most = 16;", "export const floor = -1;", 'const magic = "ID3";'],
    innocent: ["const MOST = 16;", "  const most = 16;", "const made = new Map();"],
  },
  {
    forbids: "a default export, and a file that only passes on others'",
    find: ({ path, text }) =>
      path.endsWith(".d.ts") ? [] : (bare(text).match(/\bexport\s+(?:default|\*)/g) ?? []),
    guilty: ["export default class X {}", 'export * from "./x.ts";', "export * as x from './x.ts'"],
    innocent: ["export { x };", "// export default"],
  },
  {
    forbids: "to begin without a sentence that says what the file is for",
    find: ({ text }) => (BEGINNING.test(text) ? [] : [text.split("\n")[0] ?? ""]),
    guilty: ['import x from "x";\n', "//\n", "// No full stop\n", "/* Another style. */\n", ""],
    innocent: ["", "// What it is for,\n// and why.\nimport x;\n"],
  },
];

const files = [...(await sourceFiles()), ...(await pageScripts())];

describe.each(RULES)("nowhere in src and public: $forbids", ({ find, guilty, innocent }) => {
  test("in none of its files", () => {
    const found = files.flatMap((file) => find(file).map((place) => `${file.path}: ${place}`));
    expect(found).toEqual([]);
  });

  test("and the rule tells it from what only looks like it", () => {
    for (const text of guilty) {
      expect({ text, found: find({ path: "x.ts", text }).length > 0 }).toEqual({
        text,
        found: true,
      });
    }
    for (const text of innocent) {
      const whole = text.startsWith("// What") ? text : `// What it is for.\n${text}`;
      expect({ text, found: find({ path: "x.ts", text: whole }) }).toEqual({
        text,
        found: [],
      });
    }
  });
});

/** Where the words below are refused. */
const PLAIN: readonly string[] = [
  "src/**/*.ts",
  "public/**/*.{js,html,css}",
  "core-c/{,host/}*.{c,h}",
];

/** Riddles and private metaphors, in comments, names and sentences. */
const RIDDLES =
  /\b(?:who(?:so)?ever|whomever|tell|tells|told|untold|keepers?|guests?|crowds?|crowded|reception|visitors?)\b/gi;

/** A comment that begins with what it is about, as German does. */
const OF_WHAT = /^\s*(?:\/\/|\/?\*+) *Of (?:what|who|whom|whose|those|the)\b/gm;

/** Classes called after a house and its people; a buffer may have room. */
const PRIVATE_NAMES = /\b(?:Room|Seats?|Asking|Asker|Hearing)\b/g;

/** Words of Icecast, SHOUTcast or a platform's interface that must stay as they are. */
const GIVEN: readonly string[] = [];

/** The words of names too: "toldLines" and "untold_count" each have two. */
function wordsOf(text: string): string {
  return text.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/[_#]/g, " ");
}

function riddlesIn(text: string): string[] {
  const plain = GIVEN.reduce((rest, word) => rest.replaceAll(word, ""), text);
  const names = bare(plain).match(PRIVATE_NAMES) ?? [];
  return [...(wordsOf(plain).match(RIDDLES) ?? []), ...(plain.match(OF_WHAT) ?? []), ...names];
}

describe("the words of the field alone", () => {
  test("are in comments, names and sentences", async () => {
    const found: string[] = [];
    for (const path of PLAIN.flatMap((glob) => [...new Bun.Glob(glob).scanSync(ROOT)])) {
      const text = await Bun.file(join(ROOT, path)).text();
      found.push(...riddlesIn(text).map((word) => `${path}: ${word.trim()}`));
    }
    expect(found).toEqual([]);
  });

  test.each([
    "// Whoever comes later finds it closed.",
    "/** Of what a listener hears. */",
    " * Of those that wait.",
    "/* Tells the core. */",
    "#toldLines = 0;",
    "int told_count;",
    "const keeperAddress = 1;",
    '"the keeper disconnects listener 3"',
    "class Crowd {}",
    "new Room(descriptors)",
    "readonly hearing: Hearing;",
  ])("are not in %s", (text) => {
    expect(riddlesIn(text)).not.toEqual([]);
  });

  test.each([
    "// One of the listeners.",
    "// A buffer of those bytes, if there is room.",
    "const room = limit - used;",
    "// Teller machines and storytelling.",
    "// What a listener who joined now would be hearing.",
    '"Room for one more"',
    "class ListenerTable {}",
  ])("may look like %s", (text) => {
    expect(riddlesIn(text)).toEqual([]);
  });
});

test("a file is kept short enough to be read in one go", () => {
  const long = files.filter(({ text }) => text.split("\n").length > 300).map(({ path }) => path);
  expect(long).toEqual([]);
});

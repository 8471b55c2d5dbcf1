// SYMBOLS and the constants beside it, against the header they mirror and the library that was built from it.
import { expect, test } from "bun:test";
import { suffix } from "bun:ffi";
import { join } from "node:path";
import { FRAME_SYNC, FRAME_WORDS } from "../../src/format/frame.ts";
import { EVENT_WORDS, HANDLE_INDEX_MASK, STATE_WORDS } from "../../src/native/broadcaster.ts";
import { ABI, core, SYMBOLS } from "../../src/native/core.ts";
import { MAX_PREAMBLE_BYTES, MAX_TITLE_BYTES } from "../../src/native/ring.ts";
import { requireProgram } from "../support/programs.ts";

const CORE = join(import.meta.dir, "..", "..", "core-c");
const text = await Bun.file(join(CORE, "radiocore.h")).text();
const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^#.*$/gm, "");

interface Signature {
  readonly args: readonly string[];
  readonly returns: string;
}

const TYPES: Readonly<Record<string, string>> = {
  double: "f64",
  int32_t: "i32",
  uint32_t: "u32",
  void: "void",
};

/** How bun:ffi names a C type; the name of a parameter may follow. */
function ffiType(declaration: string): string {
  if (declaration.includes("*")) return "ptr";
  const type = TYPES[declaration.trim().split(/\s+/)[0] ?? ""];
  if (type === undefined) throw new Error(`the header has a type unknown here: ${declaration}`);
  return type;
}

/** Every exported function of the header. */
function signatures(): Record<string, Signature> {
  const found = code.matchAll(/\bRC_API\s+([^;()]+?)(\w+)\(([^)]*)\);/g);
  return Object.fromEntries(
    [...found].map(([, returns = "", name = "", parameters = ""]) => {
      const args = parameters.trim() === "void" ? [] : parameters.split(",").map(ffiType);
      return [name, { args, returns: ffiType(returns) }];
    }),
  );
}

/** The type of each field of a struct, in order. */
function fields(struct: string): string[] {
  const body = new RegExp(`typedef struct \\{([^}]*)\\} ${struct};`).exec(code)?.[1];
  if (body === undefined) throw new Error(`the header has no struct ${struct}`);
  return body
    .split(";")
    .filter((field) => field.trim() !== "")
    .map(ffiType);
}

function constant(name: string): number {
  const value = new RegExp(`^#define ${name}\\s+\\(?(-?\\d+)u?\\)?`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`the header has no constant ${name}`);
  return Number(value);
}

test("SYMBOLS has the header's functions with their arguments and results, and no others", () => {
  const declared = signatures();
  expect(Object.keys(declared).length).toBe(text.match(/^RC_API /gm)?.length ?? 0);
  expect(Object.keys(SYMBOLS).toSorted()).toEqual(Object.keys(declared).toSorted());
  for (const [name, { args, returns }] of Object.entries<Signature>(SYMBOLS)) {
    expect<unknown>({ name, args, returns }).toEqual({ name, ...declared[name] });
  }
});

test("the ABI is that of the header and of the library", () => {
  expect(ABI).toBe(constant("RC_ABI"));
  expect(core().rc_abi()).toBe(ABI);
});

test("structs have as many words as they are read with", () => {
  expect(fields("rc_frame")).toEqual(Array.from({ length: FRAME_WORDS }, () => "u32"));
  expect(fields("rc_event")).toEqual(Array.from({ length: EVENT_WORDS }, () => "u32"));
  expect(fields("rc_listener")).toEqual(Array.from({ length: STATE_WORDS }, () => "f64"));
});

test("constants of the header are those of its readers", () => {
  expect(FRAME_SYNC).toBe(constant("RC_SYNC"));
  expect(MAX_PREAMBLE_BYTES).toBe(constant("RC_PREAMBLE_MAX"));
  const prose = text.replace(/\s*\n \*\s*/g, " ");
  expect(prose).toContain(`the low ${Math.log2(HANDLE_INDEX_MASK + 1)} bits`);
  expect(prose).toContain(`1 to ${MAX_TITLE_BYTES} bytes`);
});

const nm = requireProgram("nm");

test.skipIf(nm === null)("the library exports exactly the functions of SYMBOLS", () => {
  const library = join(CORE, "build", `libradiocore.${suffix}`);
  const external = process.platform === "darwin" ? ["-gU"] : ["-D", "--defined-only"];
  const { stdout } = Bun.spawnSync([nm ?? "", ...external, library]);
  const lines = stdout.toString().trim().split("\n");
  const names = lines.map((line) =>
    line
      .split(" ")
      .at(-1)
      ?.replace(/^_(?=rc_)/, ""),
  );
  expect(names.toSorted()).toEqual(Object.keys(SYMBOLS).toSorted());
});

// The short-lived child process that runs hcl2-parser: HCL on stdin, JSON on stdout, exit code 65 on refusal. The
// parser takes 100 MB and changes Error.stackTraceLimit for good, so no server may load it.
import parserFile from "hcl2-parser/dist/index.js" with { type: "file" };

/** Exit code for text that hcl2-parser rejects, as opposed to a crash. */
export const REFUSED = 65;

interface Hcl2Parser {
  parseToString(text: string): [json: string, error: object | null];
}

// The parser is imported as a file: bundled, it would cost the compiled server 15 MB and 70 ms
// although it never runs there, and Bun takes twice as long to transpile its 3.8 MB as the engine
// takes to load them unchanged.
async function loadParser(): Promise<Hcl2Parser> {
  const module: { exports: Partial<Hcl2Parser> } = { exports: {} };
  const code = await Bun.file(parserFile).text();
  new Function("module", "exports", "require", code)(module, module.exports, require);
  const { parseToString } = module.exports;
  if (parseToString === undefined) throw new Error("hcl2-parser exports no parseToString");
  return { parseToString };
}

/** Parses standard input, then ends the process. */
export async function runHclChild(): Promise<never> {
  const [parser, text] = await Promise.all([loadParser(), Bun.stdin.text()]);
  const [json, error] = parser.parseToString(text);
  if (error === null) await Bun.write(Bun.stdout, json);
  process.exit(error === null ? 0 : REFUSED);
}

if (import.meta.main) await runHclChild();

// The short-lived process that hcl2-parser runs in: HCL on standard input, JSON on standard output, exit code 65 when refused.
// The parser takes 100 MB, changes Error.stackTraceLimit for everybody and never gives either back, so no server may load it.
import parserFile from "hcl2-parser/dist/index.js" with { type: "file" };

/** The exit code that says hcl2-parser does not accept the text, told apart from a crash. */
export const REFUSED = 65;

interface Hcl2Parser {
  parseToString(text: string): [json: string, error: object | null];
}

// The parser is imported as a file: bundled as code it would cost the compiled server 15 MB and 70 ms although it never
// runs there, and Bun takes twice as long to transpile its 3.8 MB as the engine to load them as they are.
async function loadParser(): Promise<Hcl2Parser> {
  const module: { exports: Partial<Hcl2Parser> } = { exports: {} };
  const code = await Bun.file(parserFile).text();
  new Function("module", "exports", "require", code)(module, module.exports, require);
  const { parseToString } = module.exports;
  if (parseToString === undefined) throw new Error("hcl2-parser exports no parseToString");
  return { parseToString };
}

/** Parses what standard input holds, and ends the process. */
export async function runHclChild(): Promise<never> {
  const [parser, text] = await Promise.all([loadParser(), Bun.stdin.text()]);
  const [json, error] = parser.parseToString(text);
  if (error === null) await Bun.write(Bun.stdout, json);
  process.exit(error === null ? 0 : REFUSED);
}

if (import.meta.main) await runHclChild();

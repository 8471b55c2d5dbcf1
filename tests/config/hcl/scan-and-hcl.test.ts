// Holds the scan to hcl2-parser: what either refuses the other refuses, or a person would be told a falsehood or nothing.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { schema } from "../../../src/config/schema.ts";
import { matchSettings } from "../../../src/config/settings.ts";
import { scan } from "../../../src/config/hcl/scan.ts";
import { SourceText } from "../../../src/config/hcl/source-text.ts";

// hcl2-parser must not enter the process that runs the tests.
const judge = `
  const { parseToString } = require("hcl2-parser");
  const texts = JSON.parse(await Bun.stdin.text());
  console.log(JSON.stringify(texts.map((text) => parseToString(text)[1] === null)));
`;

async function acceptedByHcl(texts: readonly string[]): Promise<boolean[]> {
  const child = Bun.spawn([process.execPath, "-e", judge], {
    cwd: join(import.meta.dir, "../../.."),
    stdin: Buffer.from(JSON.stringify(texts)),
  });
  return JSON.parse(await new Response(child.stdout).text()) as boolean[];
}

function acceptedByUs(text: string): boolean {
  const outline = scan(text);
  return (
    outline.issues.length === 0 &&
    matchSettings(outline, new SourceText(text), schema).findings.length === 0
  );
}

const good = `server {
  host = "a\\tb"  # c
  source_port = 8000
}
mount "/x" {
  buffer { size_mb = 1.5 }
  playlist {
    extensions = [".mp3",
      ".ogg"]
    directory = <<E
x
E
  }
} // d
`;

const signs = [
  "{",
  "}",
  "[",
  "=",
  '"',
  "\n",
  "\\",
  "${",
  "#",
  "/*",
  "'",
  ";",
  ".",
  "-",
  "<<E\n",
  "\r",
];

/** The good text with one character taken out, or one sign put in, at every third of its places. */
function variants(): string[] {
  const texts = [good];
  for (let at = 0; at < good.length; at += 3) {
    const sign = signs[at % signs.length] ?? "";
    texts.push(good.slice(0, at) + good.slice(at + 1), good.slice(0, at) + sign + good.slice(at));
  }
  return texts;
}

const vectors = [
  "", "\n", "\uFEFFserver {}", "server {\r\n  host = \"x\"\r\n}\r\n", "server { host = \"x\" }", "server {\n}",
  "buffer {\n  size_mb = 1e1\n}", "buffer {\n  size_mb = - 5\n}", "buffer {\n  size_mb = .5\n}",
  "buffer {\n  size_mb = 1.\n}", "buffer {\n  size_mb = +5\n}", "buffer {\n  size_mb = 007\n}",
  "buffer {\n  size_mb = /* a\n */ 5\n}", "buffer {\n  size_mb = 5 // a\n}", "buffer { size_mb = 5\n}",
  "playlist {\n  extensions = [\n\".a\"\n,\".b\",\n]\n}", "playlist {\n  extensions = [,]\n}",
  "server\n{\n}", "mount \"/x\"\n{\n}", "mount \"/$${x}\" {}", "mount x {}", "playlist {\n  directory = <<E\nx\nE",
  "playlist {\n  directory = <<-E\n  x\n  E\n}", "server {\n  host = \"\\U0001F600\"\n}", "server {\n  host = \"\0\"\n}",
]; // prettier-ignore

test("the scan refuses what hcl2-parser refuses, and nothing else", async () => {
  const texts = [...vectors, ...variants()];
  const hcl = await acceptedByHcl(texts);
  const silent = texts.filter((text, index) => acceptedByUs(text) && hcl[index] !== true);
  expect(silent).toEqual([]);
  const alarms = texts.filter((text, index) => scan(text).issues.length > 0 && hcl[index] === true);
  // An escaped template in a label could only be a mount path that is refused anyway.
  expect(alarms).toEqual(['mount "/$${x}" {}']);
}, 30_000);

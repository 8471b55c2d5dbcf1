// The specification of the scan: what it finds, where, and that no text can upset it.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Item, Outline } from "../../../src/config/hcl/outline.ts";
import { scan } from "../../../src/config/hcl/scan.ts";
import { SourceText } from "../../../src/config/hcl/source-text.ts";
import { workedMs } from "../../support/station.ts";

function issuesOf(text: string): string[] {
  const source = new SourceText(text);
  return scan(text).issues.map((issue) => {
    const { line, column } = source.position(issue.start);
    return `${line}:${column} ${issue.message}`;
  });
}

/** An outline in one line: blocks with their labels, attributes with the kinds of their values. */
function sketch(items: readonly Item[]): string {
  return items
    .map((item) => {
      if (item.kind === "broken") return "?";
      if (item.kind === "attribute") return `${item.name.text}=${item.value.kind}`;
      const labels = item.labels.map((label) => ` ${label.text}`).join("");
      return `${item.name.text}${labels}{${sketch(item.items)}}`;
    })
    .join(" ");
}

const everyForm = `# hash
// slashes
/* a
   block */ server {
  host = "a \\"quoted\\" \\u00e9 $\${plain}" # after
  port = 8000
  low  = -1.5e3
  yes = true
  none = null
  list = [ "a", # first
    "b",
  ]
  object = { a = 1, "b" : 2 }
  text = <<-END
    } not the end
    END
  secret = env("NAME")
  sum = 1 + (2
    * 3)
}
mount "/x" label { size = 1 }
empty {}
last = 1`;

describe("the outline", () => {
  test("has every block, label, attribute and kind of value", () => {
    const { items, issues, balanced } = scan(everyForm);
    expect(issues).toEqual([]);
    expect(balanced).toBe(true);
    expect(sketch(items)).toBe(
      "server{host=string port=number low=number yes=boolean none=null list=list object=object " +
        "text=heredoc secret=expression sum=expression} mount /x label{size=number} empty{} last=number",
    );
  });

  test("gives the source of each value without what stands around it", () => {
    const text = 'a = "x" # c\nb = [1,\n 2]\nc = env( "N" ) // c\n';
    const sources = scan(text).items.map((item) =>
      item.kind === "attribute" ? text.slice(item.value.start, item.value.end) : "",
    );
    expect(sources).toEqual(['"x"', "[1,\n 2]", 'env( "N" )']);
  });

  test("distinguishes a template from text that only looks like one", () => {
    const text =
      'a = "${x}"\nb = "$${x}"\nc = "%{if}"\nd = "$x {}"\ne = <<E\n${x}\nE\nf = <<E\n$${x}\nE\n';
    const templates = scan(text).items.map(
      (item) => item.kind === "attribute" && item.value.template,
    );
    expect(templates).toEqual([true, false, true, false, true, false]);
  });

  test("is the same with either line break, apart from the offsets", () => {
    expect(sketch(scan(everyForm.replaceAll("\n", "\r\n")).items)).toBe(
      sketch(scan(everyForm).items),
    );
  });
});

describe("a syntax error is reported where it is", () => {
  test.each([
    ["a value that is missing", "server {\n  host =\n}", ["2:8 a value is missing"]],
    ["an = that is missing", 'server {\n  host "x"\n}', ['2:8 "=" is missing']],
    ["a colon for an =", 'server {\n  host: "x"\n}', ['2:7 "=" is missing']],
    ["a string without end", 'a = "x\nb = 1', ["1:5 this string is never closed"]],
    ["single quotes", "a = 'x'", ['1:5 stray character "\'"']],
    ["a semicolon", "a = 1;", ['1:6 stray character ";"']],
    ["a backslash", 'a = "C:\\music"', ["1:8 a backslash that escapes nothing"]],
    ["two values", "a = 1 2", ["1:7 something follows the value on the same line"]],
    ["a unit", "a = 10s", ["1:7 something follows the value on the same line"]],
    ["a quoted key", '"a" = 1', ["1:1 no key or block begins like this"]],
    ["a } too many", "a {\n}\n}\nb = 1", ["3:1 this } closes nothing"]],
    ["a { on the next line", "server\n{\n}", ["1:7 a line break before {"]],
    ["two keys in one line", "a { b = 1, c = 2 }", ["1:10 this block goes on"]],
    ["a } behind a key", "a {\n  b = 1 }", ["2:9 this } follows on the same line"]],
    ["a list without end", "a {\n  b = [1,\n  c = 2\n}", ["2:7 this list is never closed"]],
    ["a list without comma", "a = [1 2]", ["1:8 a comma is missing between two elements"]],
    ["a call without end", "a = env(1\nb = 2", ["1:8 this ( is never closed"]],
    ["an object without end", "a = {\nb = 2", ["1:5 this { is never closed"]],
    ["a comment without end", "a = 1\n/* b", ["2:1 this comment is never closed"]],
    ["a heredoc without end", "a = <<E\nb", ["1:5 this heredoc is never closed"]],
    ["a number without end", `a = ${"9".repeat(41)}`, ["1:5 no key takes a number like this"]],
    [
      "blocks in blocks in blocks",
      "a {\n".repeat(17) + "}\n".repeat(17),
      ["17:1 blocks are nested too deeply"],
    ],
    [
      "lists in lists in lists",
      `a = ${"[".repeat(18)}${"]".repeat(18)}`,
      ["1:21 lists are nested too deeply"],
    ],
  ])("%s", (_, text, expected) => {
    expect(issuesOf(text)).toEqual(expected);
  });

  test("a } that is missing names the block that lacks it, and what it should stand before", () => {
    const text = 'server {\n  host = "x"\n\nbuffer {\n  size_mb = 1\n}\n';
    expect(issuesOf(text)).toEqual(['1:1 the block "server" is never closed']);
    expect(scan(text).issues[0]?.hint).toBe('It may belong before "buffer" in line 4');
    expect(scan(text).balanced).toBe(false);
  });

  test("a } that is missing within a block is seen by the indentation of the next one", () => {
    const text = 'mount "/x" {\n  buffer {\n    size_mb = 1\n}\nserver {\n}\n';
    expect(issuesOf(text)).toEqual(['2:3 the block "buffer" is never closed']);
  });

  test("errors in different lines are all reported, further ones in the same line are not", () => {
    const text = 'server {\n  host = @ @ "\n  port =\n  ok = 1\n  x y z\n}';
    expect(issuesOf(text).map((issue) => issue.split(" ")[0])).toEqual(["2:10", "3:8", "5:5"]);
  });

  test("columns count characters", () => {
    expect(issuesOf('a = "é😀" @')).toEqual(['1:10 stray character "@"']);
  });
});

/** Everything with a place in an outline. */
function spansOf({ items, issues }: Outline): { start: number; end: number }[] {
  const inner = (item: Item): { start: number; end: number }[] => {
    if (item.kind === "attribute") return [item, item.name, item.value, ...item.value.elements];
    if (item.kind === "broken") return [item];
    return [item, item.name, ...item.labels, ...item.items.flatMap(inner)];
  };
  return [...issues, ...items.flatMap(inner)];
}

function expectSound(text: string): void {
  for (const { start, end } of spansOf(scan(text))) {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(text.length);
  }
}

describe("whatever the text", () => {
  const pieces = [
    ..."{}[](),=:\"'\\#/*\n\r\t $%<-.;@é1a",
    "a = ",
    "b {\n",
    "${",
    "<<E\n",
    "E\n",
    "/*",
    "*/",
    "env(",
  ];

  test("the scan ends, throws nothing and keeps its positions inside", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), expectSound), {
      numRuns: 500,
    });
    const hclLike = fc
      .array(fc.constantFrom(...pieces), { maxLength: 40 })
      .map((parts) => parts.join(""));
    fc.assert(fc.property(hclLike, expectSound), { numRuns: 3000 });
  });

  test("every beginning and every ending of a good text is scanned soundly", () => {
    for (let at = 0; at <= everyForm.length; at += 1) {
      expectSound(everyForm.slice(0, at));
      expectSound(everyForm.slice(at));
    }
  });

  test("the time grows with the length only, even for the worst quarter of a megabyte", () => {
    for (const piece of [
      "[",
      "a = [",
      "{",
      "a {\n",
      '"${',
      "/*",
      "<<E\n",
      "@",
      "a\n",
      "a = [1,\n",
      "a = {\n",
    ]) {
      const startMs = workedMs();
      scan(piece.repeat(2 ** 18 / piece.length));
      // A quadratic scan of these takes far longer.
      expect(workedMs() - startMs).toBeLessThan(5000);
    }
  }, 30_000);
});

// Fallbacks in a configuration: whose they are, and which are refused.
import { expect, test } from "bun:test";
import { parseConfig } from "../../src/config/load-config.ts";
import { problemsOf } from "./problems-of.ts";

async function fallbacksOf(text: string): Promise<string[]> {
  const { mounts } = await parseConfig("radio.hcl", text, {});
  return mounts.map(({ path, fallback }) => `${path} ${fallback}`.trim());
}

test("a fallback at the top is the first mount's, and no other mount inherits it", async () => {
  const mounts = 'mount "/auto" { }\nmount "/jazz" { fallback = "auto" }';
  const wanted = ["/stream /auto", "/auto", "/jazz /auto"];
  expect(await fallbacksOf(`fallback = "/auto"\n${mounts}`)).toEqual(wanted);
  expect(await fallbacksOf(`advanced { fallback = "/auto" }\n${mounts}`)).toEqual(wanted);
});

test("one at the top and one in the block of the same keys are one too many", async () => {
  const problems = await problemsOf(
    'mount "/auto" { }\nfallback = "/auto"\nadvanced {\n  fallback = "/auto"\n}',
  );
  expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
    '4 "fallback" is given twice',
  ]);
});

test("a mount that is not there is refused, with those that are", async () => {
  const [problem, ...others] = await problemsOf('mount "/a" {\n  fallback = "/b"\n}');
  expect(others).toEqual([]);
  expect(problem).toMatchObject({
    line: 2,
    message: "the fallback of /a is /b, and there is no such mount",
    expected: "/stream",
  });
});

test("a mount that another server may have is accepted where its mounts are mirrored", async () => {
  const mount = 'mount "/a" {\n  fallback = "/b"\n}\n';
  const mirrors = [
    'relay_all { url = "http://m.example" }',
    'edge { origin = "http://o.example" }',
  ];
  for (const mirror of mirrors) expect(await problemsOf(mount + mirror)).toEqual([]);
  const circle = 'mount "/b" { fallback = "/a" }\n';
  expect(await problemsOf(mount + circle + (mirrors[0] ?? ""))).toHaveLength(2);
});

test("a circle is refused at each mount of it, and not where it is only entered", async () => {
  const mount = (path: string, to: string) => `mount "${path}" { fallback = "${to}" }\n`;
  const circle = mount("/a", "/b") + mount("/b", "/c") + mount("/c", "/a") + mount("/d", "/a");
  const problems = await problemsOf(circle + mount("/self", "/self"));
  expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
    "1 fallbacks go round in a circle: /a → /b → /c → /a",
    "2 fallbacks go round in a circle: /b → /c → /a → /b",
    "3 fallbacks go round in a circle: /c → /a → /b → /c",
    "5 fallbacks go round in a circle: /self → /self",
  ]);
});

test("ten in a row are accepted, eleven are not", async () => {
  const chain = (count: number) =>
    Array.from({ length: count }, (_, i) => {
      return `mount "/${i}" { fallback = "/${i + 1}" }\n`;
    }).join("") + `mount "/${count}" { }`;
  expect(await problemsOf(chain(10))).toEqual([]);
  expect((await problemsOf(chain(11))).map(({ message }) => message)).toEqual([
    "11 fallbacks in a row",
  ]);
});

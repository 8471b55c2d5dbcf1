// How the page writes numbers, times and what depends on a number, in each of its languages.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { type Language, textsOf } from "../../src/http/language.ts";

interface LanguageScript {
  t(key: string, values?: Readonly<Record<string, string>>): string;
  counted(key: string, count: number): string;
  percent(share: number): string;
  inMinutes(count: number): string;
  span(seconds: number): string;
  clockTime(unixMs: number): string;
}

const SCRIPT = join(import.meta.dir, "..", "..", "public", "language.js");

/** The script as a page of this language loads it. */
async function scriptIn(language: Language): Promise<LanguageScript> {
  const texts = JSON.stringify(await textsOf(language));
  class FakeScript {
    readonly text = texts;
  }
  const names = ["document", "HTMLScriptElement"] as const;
  const before = names.map((name) => [name, Reflect.get(globalThis, name)] as const);
  const document = {
    documentElement: { lang: language },
    querySelector: () => new FakeScript(),
  };
  Object.assign(globalThis, { document, HTMLScriptElement: FakeScript });
  const script = (await import(`${SCRIPT}?${language}`)) as LanguageScript;
  // It reads the texts on first use.
  script.t("page.skip");
  Object.assign(globalThis, Object.fromEntries(before));
  return script;
}

/** Kinds of spaces differ between versions of ICU. */
const plain = (text: string) => text.replace(/\s/gu, " ");

test.each<[Language, number, string]>([
  ["en", 0, "0 listeners"],
  ["en", 1, "1 listener"],
  ["en", 1234, "1,234 listeners"],
  ["de", 1, "1 Hörer"],
  ["de", 1234, "1.234 Hörer"],
  ["fr", 0, "0 auditeur"],
  ["fr", 2, "2 auditeurs"],
  ["fr", 1_000_000, "1 000 000 d’auditeurs"],
  ["es", 1, "1 oyente"],
  ["es", 12_345, "12.345 oyentes"],
  ["pt", 0, "0 ouvinte"],
  ["pt", 2, "2 ouvintes"],
])("in %s, %d who listen are %p", async (language, count, text) => {
  const { counted } = await scriptIn(language);
  expect(plain(counted("now.listeners", count))).toBe(text);
});

test.each<[Language, string, string, string]>([
  ["en", "80%", "15 min", "3 hr 12 min ago"],
  ["de", "80 %", "15 Min.", "vor 3 Std. 12 Min."],
  ["fr", "80 %", "15 min", "il y a 3 h 12 min"],
  ["es", "80 %", "15 min", "hace 3 h 12 min"],
  ["pt", "80%", "15 min", "há 3 h 12 min"],
])(
  "%s writes a share, minutes and a while ago in its own way",
  async (language, share, minutes, past) => {
    const { t, percent, inMinutes, span } = await scriptIn(language);
    const ago = t("rewind.ago", { time: span(3 * 3600 + 12 * 60 + 5) });
    expect([percent(0.8), inMinutes(15), ago].map(plain)).toEqual([share, minutes, past]);
  },
);

test("a value that looks like a placeholder stays as it is", async () => {
  const { t } = await scriptIn("en");
  expect(t("now.with", { name: "{name} $& {track}" })).toBe("with {name} $& {track}");
});

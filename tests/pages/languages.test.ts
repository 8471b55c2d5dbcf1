// The languages of the listener's page: which one a browser gets, and that each says everything.
import { describe, expect, test } from "bun:test";
import { type Language, languageOf, LANGUAGES, textsOf } from "../../src/http/language.ts";
import { translate } from "../../src/http/translate.ts";
import {
  isReadable,
  literalsOf,
  markupTexts,
  pageHtml,
  placeholders,
  scripts,
  usedKeys,
} from "./page-texts.ts";

const english = await textsOf("en");

describe.each(LANGUAGES)("in %s", (language) => {
  test("there is every text that the page uses, and no other", async () => {
    expect(Object.keys(await textsOf(language)).sort()).toEqual(await usedKeys());
  });

  test("no text is empty, and each has the placeholders of the English one", async () => {
    for (const [key, text] of Object.entries(await textsOf(language))) {
      expect([key, placeholders(text)]).toEqual([key, placeholders(english[key] ?? "")]);
      for (const form of typeof text === "string" ? [text] : Object.values(text))
        expect(form.trim()).not.toBe("");
    }
  });

  test("what depends on a number has the forms of its grammar", async () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const text of Object.values(await textsOf(language)))
      if (typeof text !== "string")
        expect(Object.keys(text).sort()).toEqual([...pluralCategories].sort());
  });

  test("the page is complete without its scripts", async () => {
    const texts = await textsOf(language);
    const html = translate(await pageHtml(), language, texts);
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).not.toContain("data-t");
    expect(markupTexts(html).said).toContain(String(texts["recent.heading"]));
    const [, script = ""] = /<script id="messages"[^>]*>([^<]*)<\/script>/.exec(html) ?? [];
    expect(JSON.parse(script)).toEqual(texts);
  });
});

test("a text cannot end the script that carries it", async () => {
  const texts = { ...english, "page.skip": "</script><b>" };
  const html = translate(await pageHtml(), "en", texts);
  expect(html).not.toContain("</script><b>");
  expect(html).toContain("&lt;/script&gt;&lt;b&gt;</a>");
});

test("no script of the page says anything to a reader that is not in the language files", async () => {
  for (const name of await scripts())
    expect([name, (await literalsOf(name)).filter(isReadable)]).toEqual([name, []]);
});

test("no markup of the page does either", async () => {
  expect(markupTexts(await pageHtml()).said).toEqual([]);
});

test.each<[query: string, header: string | null, language: Language]>([
  ["", null, "en"],
  ["", "", "en"],
  ["", "de", "de"],
  ["", "de-AT,en;q=0.5", "de"],
  ["", "DE-ch", "de"],
  ["", "pt-BR, pt;q=0.9, en;q=0.8", "pt"],
  ["", "en;q=0.4, fr;q=0.8", "fr"],
  ["", "ja, nl;q=0.9, es;q=0.1", "es"],
  ["", "ja, *;q=0.5", "en"],
  ["", "fr;q=0, de;q=0.1", "de"],
  ["", "fr;q=much", "en"],
  ["", `${"xx,".repeat(50)}de`, "en"],
  ["?lang=fr", "de", "fr"],
  ["?lang=es-MX&mount=/jazz", null, "es"],
  ["?lang=tlh", "de", "de"],
  ["?lang=constructor", "__proto__", "en"],
])("a request for /%s with Accept-Language %p gets %s", (query, header, language) => {
  const headers = header === null ? {} : { "accept-language": header };
  const request = new Request(`http://radio.example/${query}`, { headers });
  expect(languageOf(request)).toBe(language);
});

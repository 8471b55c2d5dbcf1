// The languages of the listener's page: which one a request gets, and its texts, from public/languages.
import { join } from "node:path";
import { shipped } from "../lib/shipped.ts";
import { field, queryOf } from "./form.ts";

export const LANGUAGES = ["en", "de", "fr", "es", "pt"] as const;
export type Language = (typeof LANGUAGES)[number];

/** For clients that ask for none of them. */
const DEFAULT: Language = "en";

/** A header may name more, which are ignored. */
const MAX_RANGES = 32;

/** One text, or its forms by the plural categories of CLDR. `{name}` is a placeholder. */
export type Message = string | Readonly<Record<string, string>>;
export type Texts = Readonly<Record<string, Message>>;

/** "de-AT" is German. */
function known(tag: string): Language | undefined {
  const [base] = tag.trim().toLowerCase().split("-");
  return LANGUAGES.find((language) => language === base);
}

interface Range {
  readonly tag: string;
  readonly weight: number;
}

function rangeOf(text: string): Range {
  const [tag = "", ...parameters] = text.split(";").map((part) => part.trim());
  const weight = parameters.find((part) => part.startsWith("q="))?.slice(2) ?? "1";
  return { tag, weight: Number(weight) || 0 };
}

function accepted(header: string): Language | undefined {
  const ranges = header.split(",", MAX_RANGES).map(rangeOf);
  const wanted = ranges.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  return wanted.map(({ tag }) => known(tag)).find((language) => language !== undefined);
}

/** By `?lang=`, then by the browser's languages. */
export function languageOf(request: Request): Language {
  const asked = known(field(queryOf(request), "lang"));
  return asked ?? accepted(request.headers.get("accept-language") ?? "") ?? DEFAULT;
}

/** Throws if the file is not there, or no JSON. */
export function textsOf(language: Language, folder = shipped("public")): Promise<Texts> {
  return Bun.file(join(folder, "languages", `${language}.json`)).json() as Promise<Texts>;
}

/** A text without forms. Throws if the language does not have it. */
export function textOf(texts: Texts, key: string): string {
  const text = texts[key];
  if (typeof text !== "string") throw new TypeError(`no text is named ${key}`);
  return text;
}

// public/index.html in each language, made on the first request for it.
import { join } from "node:path";
import { type Language, type Texts, textsOf } from "../language.ts";
import { translate } from "../translate.ts";

export interface Template {
  readonly html: string;
  readonly texts: Texts;
}

export class PageTemplates {
  readonly #made = new Map<Language, Template>();

  constructor(private readonly folder: string) {}

  async in(language: Language): Promise<Template> {
    const template = this.#made.get(language) ?? (await this.#make(language));
    this.#made.set(language, template);
    return template;
  }

  async #make(language: Language): Promise<Template> {
    const html = await Bun.file(join(this.folder, "index.html")).text();
    const texts = await textsOf(language, this.folder);
    return { html: translate(html, language, texts), texts };
  }
}

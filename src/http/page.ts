// The listener's page and the other files of public/, served by Elysia's static plugin. alwaysStatic: a route per file,
// found at the start, so that no request path is ever used as a file name.
import { staticPlugin } from "@elysiajs/static";
import { Elysia } from "elysia";
import { join } from "node:path";
import { shipped } from "../lib/shipped.ts";
import { Content } from "./content.ts";
import { type Language, languageOf, textsOf } from "./language.ts";
import { PAGE_HEADERS } from "./page-headers.ts";
import { HTML_TYPE } from "./reply.ts";
import { translate } from "./translate.ts";

const FILE_HEADERS = { ...PAGE_HEADERS, "cache-control": "public, max-age=60" };

/** Browsers revalidate the page each time. */
const INDEX_HEADERS = { ...PAGE_HEADERS, "cache-control": "no-cache" };

/** The desk serves its own page, and the listener's has a language. Strings do not work here: the plugin searches them for the file's path. */
const NOT_SERVED = [/\/(?:desk\/desk|index)\.html$/, /\/\.[^/]+$/];

const HIDDEN = { detail: { hide: true } };

interface Answered {
  readonly request: Request;
  readonly route: string;
  readonly responseValue: unknown;
}

/** A hook. The plugin neither quotes its tags nor compresses, so its answers are read once and served from memory. */
function contentOnce() {
  const contents = new Map<string, Content>();
  return async ({ request, route, responseValue }: Answered): Promise<Response> => {
    const content = contents.get(route) ?? (await contentOf(responseValue));
    contents.set(route, content);
    return content.answer(request);
  };
}

/** For a route to a value, Elysia passes hooks the function that makes the answer. */
async function contentOf(value: unknown): Promise<Content> {
  const answer: unknown = typeof value === "function" ? value() : value;
  if (!(answer instanceof Response)) throw new TypeError("the static plugin gave no answer");
  return Content.ofBlob(await answer.blob(), FILE_HEADERS);
}

/** index.html in each language, made on the first request for it. */
class ListenersPage {
  readonly #contents = new Map<Language, Content>();

  constructor(private readonly folder: string) {}

  async answer(request: Request): Promise<Response> {
    const language = languageOf(request);
    const content = this.#contents.get(language) ?? (await this.#make(language));
    this.#contents.set(language, content);
    return content.answer(request);
  }

  async #make(language: Language): Promise<Content> {
    const html = await Bun.file(join(this.folder, "index.html")).text();
    const text = translate(html, language, await textsOf(language, this.folder));
    const headers = { "content-language": language, vary: "Accept-Language" };
    return Content.ofText(text, HTML_TYPE, { ...INDEX_HEADERS, ...headers });
  }
}

/** `folder`: public/, except in tests. */
export async function page(folder = shipped("public")) {
  const files = await staticPlugin({
    assets: folder,
    prefix: "/",
    alwaysStatic: true,
    // Its route for / has an empty path, which nothing that looks at routes expects.
    indexHTML: false,
    etag: false,
    ignorePatterns: NOT_SERVED,
    ...HIDDEN,
  });
  const index = new ListenersPage(folder);
  const answer = ({ request }: { readonly request: Request }) => index.answer(request);
  // Browsers request the icon whatever the page says.
  const icon = new Response(Bun.file(join(folder, "favicon.svg")));
  const shippedFiles = new Elysia({ name: "files" })
    .onAfterHandle(contentOnce())
    .use(files)
    .get("/favicon.ico", icon, HIDDEN);
  return new Elysia({ name: "page" })
    .use(shippedFiles)
    .get("/", answer, HIDDEN)
    .get("/index.html", answer, HIDDEN);
}

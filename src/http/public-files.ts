// The files of public/ but the pages, served by Elysia's static plugin. alwaysStatic: a route per file,
// found at the start, so that no request path is ever used as a file name.
import { staticPlugin } from "@elysiajs/static";
import { Elysia } from "elysia";
import { shipped } from "../lib/shipped.ts";
import { Content } from "./content.ts";
import { PAGE_HEADERS } from "./page-headers.ts";

/** An embedded player in the frame of an app has no origin, and loads its scripts like a page of another site. */
const FILE_HEADERS = {
  ...PAGE_HEADERS,
  "cache-control": "public, max-age=60",
  "access-control-allow-origin": "*",
};

/** The desk serves its own page, and the listener's is filled first. Strings do not work here: the plugin searches them for the file's path. */
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

/** `folder`: public/, except in tests. */
export async function publicFiles(folder = shipped("public")) {
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
  return new Elysia({ name: "files" }).onAfterHandle(contentOnce()).use(files);
}

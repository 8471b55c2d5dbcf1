// The listener's page at /, filled with what the station is and plays.
import { Elysia } from "elysia";
import { shipped } from "../../lib/shipped.ts";
import { themeCss } from "../../lib/theme.ts";
import type { Station } from "../../station.ts";
import { languageOf } from "../language.ts";
import { PAGE_HEADERS } from "../page-headers.ts";
import { type PageRequest, viewFor } from "./page-request.ts";
import { fillPage } from "./fill-page.ts";
import { FilledPages } from "./filled-pages.ts";
import { lookOf } from "./look.ts";
import { PageTemplates } from "./page-template.ts";

/** Browsers revalidate the page each time. */
const HEADERS = { ...PAGE_HEADERS, "cache-control": "no-cache", vary: "Accept-Language" };

const HIDDEN = { detail: { hide: true } };

/** `folder`: public/, except in tests. */
export function stationPage(station: Station, folder = shipped("public")) {
  const [pages, templates] = [new FilledPages(station), new PageTemplates(folder)];
  const { brand } = station;
  const answer = async ({ request, server }: PageRequest): Promise<Response> => {
    const language = languageOf(request);
    const template = await templates.in(language);
    const view = viewFor({ request, server }, station);
    const key = [language, view.base, view.path, view.signed].join(" ");
    return pages.answer(request, key, { ...HEADERS, "content-language": language }, () => {
      const colours = brand.hasColours ? themeCss(brand.palettes()) : "";
      return fillPage(template, view, lookOf(brand, colours));
    });
  };
  return new Elysia({ name: "station-page" })
    .get("/", answer, HIDDEN)
    .get("/index.html", answer, HIDDEN);
}

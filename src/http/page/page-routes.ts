// The listener's page at /, filled with what the station is and plays.
import { Elysia } from "elysia";
import { shipped } from "../../lib/shipped.ts";
import { themeCss } from "../../lib/theme.ts";
import type { Station } from "../../station/station.ts";
import { languageOf } from "../language.ts";
import { queryOf } from "../form.ts";
import { PAGE_HEADERS, playingFrom } from "../page-headers.ts";
import { type PageRequest, targetOf, viewOf } from "./page-request.ts";
import { embedColours, embedLookOf, scriptHeaders } from "./embed-look.ts";
import { embedRoutes } from "./embed-routes.ts";
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
  const answer = async (asked: PageRequest): Promise<Response> => {
    const language = languageOf(asked.request);
    const template = await templates.in(language);
    const target = targetOf(asked, station);
    const key = [language, target.base, target.path, target.signed].join(" ");
    const headers = { ...playingFrom(HEADERS, station.edges.all), "content-language": language };
    return pages.answer(asked.request, key, headers, () => {
      const colours = brand.hasColours ? themeCss(brand.palettes()) : "";
      return fillPage(template, viewOf(target, station), lookOf(brand, colours));
    });
  };
  /** The page's own player, for /embed?script=1. */
  const embed = async (asked: PageRequest): Promise<Response> => {
    const language = languageOf(asked.request);
    const template = await templates.in(language);
    const target = targetOf(asked, station);
    const look = embedLookOf(queryOf(asked.request));
    const key = ["embed", language, ...Object.values(target), look.theme, look.colour];
    const { embedOn } = station.config.page;
    key.push(...embedOn);
    const own = playingFrom(scriptHeaders(embedOn), station.edges.all);
    const headers = { ...own, vary: "Accept-Language" };
    return pages.answer(asked.request, key.join(" "), headers, () => {
      const bare = { ...lookOf(brand, embedColours(brand, look)), background: "" };
      return fillPage(template, viewOf(target, station), bare, true);
    });
  };
  return new Elysia({ name: "station-page" })
    .get("/", ({ request, server }) => answer({ request, server }), HIDDEN)
    .get("/index.html", ({ request, server }) => answer({ request, server }), HIDDEN)
    .use(embedRoutes(station, embed));
}

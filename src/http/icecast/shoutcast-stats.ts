// SHOUTcast's public statistics: /7.html, /stats and /statistics.
import { Elysia } from "elysia";
import type { Station } from "../../station/station.ts";
import {
  renderSeven,
  renderShoutcastJson,
  renderShoutcastXml,
  renderStatisticsJson,
  renderStatisticsXml,
} from "../../stats/shoutcast-fields.ts";
import { field, type Form, queryOf } from "../form.ts";
import { shoutcastMount } from "../mount-choice.ts";
import { FOR_EVERYBODY, HTML_TYPE, JSON_TYPE, refusal, reply, XML_TYPE } from "../reply.ts";
import { SEVEN, STATISTICS, STATS } from "./status-docs.ts";

/** The mount that the form asks for, and the station around it. */
function asked(form: Form, station: Station) {
  const parts = shoutcastMount(form, station);
  const facts = station.facts();
  const mount = parts && facts.mount(parts.mount.path);
  return mount && { mount, facts };
}

/** In the requested one of both forms. */
function written(form: Form, json: () => string, xml: () => string): Response {
  return field(form, "json") === "1"
    ? reply(json(), JSON_TYPE, 200, FOR_EVERYBODY)
    : reply(xml(), XML_TYPE, 200, FOR_EVERYBODY);
}

function stats(form: Form, station: Station): Response {
  const found = asked(form, station);
  if (found === undefined) return refusal("No such stream", 404);
  const { mount, facts } = found;
  const json = () => renderShoutcastJson(mount, facts);
  return written(form, json, () => renderShoutcastXml(mount, facts));
}

function statistics(form: Form, station: Station): Response {
  const facts = station.facts();
  const json = () => renderStatisticsJson(facts.mounts, facts);
  return written(form, json, () => renderStatisticsXml(facts.mounts, facts));
}

function seven(form: Form, station: Station): Response {
  const found = asked(form, station);
  if (found === undefined) return refusal("No such stream", 404);
  return reply(renderSeven(found.mount), HTML_TYPE, 200, FOR_EVERYBODY);
}

export function shoutcastStats(station: Station) {
  const handle = (answer: typeof stats) => {
    return ({ request }: { request: Request }) => answer(queryOf(request), station);
  };
  return new Elysia({ name: "shoutcast stats" })
    .get("/stats", handle(stats), STATS)
    .get("/statistics", handle(statistics), STATISTICS)
    .get("/7.html", handle(seven), SEVEN);
}

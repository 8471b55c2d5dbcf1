// What programs that watch a SHOUTcast ask for without a password: /7.html, /stats and /statistics.
import { Elysia } from "elysia";
import { audienceCounts, mountFacts } from "../../mount-facts.ts";
import type { MountParts } from "../../mounts.ts";
import { type Station, VERSION } from "../../station.ts";
import {
  type Facts,
  renderSeven,
  renderShoutcastJson,
  renderShoutcastXml,
  renderStatisticsJson,
  renderStatisticsXml,
  type StreamFacts,
} from "../../stats/shoutcast.ts";
import { field, type Form, queryOf } from "../form.ts";
import { shoutcastMount } from "../mount-choice.ts";
import { FOR_EVERYBODY, HTML_TYPE, JSON_TYPE, refusal, reply, XML_TYPE } from "../reply.ts";
import { SEVEN, STATISTICS, STATS } from "./status-docs.ts";

export function streamFacts(parts: MountParts, station: Station): StreamFacts {
  const now = { nowMs: station.clock.nowMs(), wallMs: station.wall.nowMs() };
  return { mount: mountFacts(parts, now), counts: audienceCounts(parts) };
}

export function factsNow(station: Station): Facts {
  return { version: VERSION, nowMs: station.wall.nowMs() };
}

/** Both renderings of the same facts. */
function written(form: Form, json: () => string, xml: () => string): Response {
  return field(form, "json") === "1"
    ? reply(json(), JSON_TYPE, 200, FOR_EVERYBODY)
    : reply(xml(), XML_TYPE, 200, FOR_EVERYBODY);
}

function stats(form: Form, station: Station): Response {
  const parts = shoutcastMount(form, station);
  if (parts === undefined) return refusal("No such stream", 404);
  const [stream, facts] = [streamFacts(parts, station), factsNow(station)];
  const json = () => renderShoutcastJson(stream, facts);
  return written(form, json, () => renderShoutcastXml(stream, facts));
}

function statistics(form: Form, station: Station): Response {
  const facts = factsNow(station);
  const streams = station.all.map((parts) => streamFacts(parts, station));
  const json = () => renderStatisticsJson(streams, facts);
  return written(form, json, () => renderStatisticsXml(streams, facts));
}

function seven(form: Form, station: Station): Response {
  const parts = shoutcastMount(form, station);
  if (parts === undefined) return refusal("No such stream", 404);
  const { mount, counts } = streamFacts(parts, station);
  return reply(renderSeven(mount, counts), HTML_TYPE, 200, FOR_EVERYBODY);
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

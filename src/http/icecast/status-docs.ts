// The documentation of Icecast's and SHOUTcast's status pages.
import { t } from "elysia";
import type { Station } from "../../station/station.ts";
import { htmlPage } from "../../stats/html-page.ts";
import { branch, leaf, xmlDocument } from "../../stats/xml.ts";
import { CHOICE } from "../mount-choice.ts";
import { either, json, operation, query, refused, text } from "../operation.ts";

const SERVER = {
  admin: t.String(),
  host: t.String(),
  location: t.String(),
  server_id: t.String(),
  server_start: t.String(),
  server_start_iso8601: t.String(),
  dummy: t.Optional(t.Null()),
};

const count = t.Number();
const words = t.String();

const icecastSource = t.Object({
  artist: t.Optional(t.String()),
  audio_info: t.Optional(t.String()),
  bitrate: t.Optional(t.Number({ description: "kbit/s" })),
  channels: t.Optional(count),
  genre: t.String(),
  "ice-bitrate": t.Optional(count),
  "ice-channels": t.Optional(count),
  "ice-samplerate": t.Optional(count),
  listener_peak: count,
  listeners: count,
  listenurl: t.String(),
  samplerate: t.Optional(t.Number({ description: "Hz" })),
  server_description: t.String(),
  server_name: t.String(),
  server_type: t.String({ description: "Its content type" }),
  server_url: t.String(),
  stream_start: t.String(),
  stream_start_iso8601: t.String(),
  title: t.Optional(t.String()),
  dummy: t.Null(),
});

const icestats = t.Object({
  icestats: t.Object({
    ...SERVER,
    source: t.Optional(t.Union([icecastSource, t.Array(icecastSource)])),
  }),
});

const counts = {
  currentlisteners: count,
  peaklisteners: count,
  maxlisteners: count,
  uniquelisteners: t.Number({ description: "Addresses" }),
  averagetime: t.Number({ description: "Seconds" }),
};

const stream = {
  ...counts,
  servergenre: words,
  serverurl: words,
  servertitle: words,
  songtitle: words,
  streamhits: t.Number({ description: "Listeners since the start" }),
  streamstatus: t.Number({ description: "1 if something other than silence is on air" }),
  backupstatus: count,
  streamlisted: count,
  streamlistederror: count,
  streampath: words,
  streamuptime: t.Number({ description: "Seconds" }),
  bitrate: t.Number({ description: "kbit/s" }),
  samplerate: t.Number({ description: "Hz" }),
  content: words,
};

const shoutcast = t.Object({ ...stream, version: words });

const statistics = t.Object({
  totalstreams: count,
  activestreams: count,
  ...counts,
  version: words,
  streams: t.Array(t.Object({ id: t.Number({ description: "Its sid" }), ...stream })),
});

const NO_STREAM = { 404: refused("There is no such mount", "No such stream") };

const JSON_ASKED = query("json", "1: in JSON instead of XML", "1");

/** The same facts in XML. */
function asXml(...leaves: Parameters<typeof branch>[1]) {
  const root = branch("SHOUTCASTSERVER", leaves);
  return text("In XML, with the names in capitals", "text/xml", xmlDocument(root));
}

export function statusJsonOperation(station: Station) {
  return operation({
    tag: "icecast",
    summary: "Status in Icecast's format",
    description: "`source` is absent, an object or an array, as clients expect.",
    parameters: [query("mount", "Only the mount of this path", station.first.mount.path)],
    answers: { 200: json("What plays", icestats) },
  });
}

export const STATUS_PAGE = operation({
  tag: "icecast",
  summary: "Status as a page",
  answers: { 200: text("What plays", "text/html", htmlPage("Stream status", "")) },
});

export const STATS = operation({
  tag: "shoutcast",
  summary: "Statistics of one stream",
  parameters: [...CHOICE, JSON_ASKED],
  answers: {
    200: either(json("In JSON", shoutcast), asXml(leaf("CURRENTLISTENERS", 1))),
    ...NO_STREAM,
  },
});

export const STATISTICS = operation({
  tag: "shoutcast",
  summary: "Statistics of all streams, with totals",
  parameters: [JSON_ASKED],
  answers: {
    200: either(
      json("In JSON", statistics),
      asXml(branch("STREAMSTATS", [leaf("TOTALSTREAMS", 1)])),
    ),
  },
});

export const SEVEN = operation({
  tag: "shoutcast",
  summary: "Listeners, status, peak, limit, unique addresses, kbit/s and title, comma-separated",
  parameters: CHOICE,
  answers: {
    200: text(
      "The seven",
      "text/html",
      "<HTML><body>1,1,3,100,1,128,An Artist - A Title</body></html>",
    ),
    ...NO_STREAM,
  },
});
